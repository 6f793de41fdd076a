/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Pointers that a program had, and must not use any more: a few of the latest, and of earlier ones at random. */
#ifndef UNIT_OLD_POINTERS_H
#define UNIT_OLD_POINTERS_H

#include "random.h"

#include <ebb/heap.h>

enum { OLD_POINTERS = 32 };

struct old_pointers {
    unsigned char *addresses[OLD_POINTERS];
    uint32_t count;
    uint32_t latest; /* its index */
    struct random random;
};

void old_pointers_init(struct old_pointers *self, uint32_t seed);

/* Remembers one, and forgets another where there are too many. */
void old_pointers_add(struct old_pointers *self, unsigned char *address);

enum { OLD_POINTERS_SOME = 4 };

/* Puts the latest one, and others at random, into `found`; returns how many: none only if there are none. */
size_t old_pointers_some(struct old_pointers *self, unsigned char *found[OLD_POINTERS_SOME]);

/* Puts all that lie from `from` up to `to` into `found`; returns how many. */
size_t old_pointers_between(const struct old_pointers *self, const unsigned char *from, const unsigned char *to,
                            unsigned char *found[OLD_POINTERS]);

enum { WRONG_USES = 4 };

/* Frees `block`, plain or sized, resizes it, or asks for its size. Returns whether the call says that it failed. */
bool old_pointers_use(struct ebb_heap *heap, unsigned char *block, uint32_t use);

#endif
