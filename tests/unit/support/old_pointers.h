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

/* The latest one for `turn` 0, and any one for each turn more. There has to be one. */
unsigned char *old_pointers_pick(struct old_pointers *self, uint32_t turn);

enum { WRONG_USES = 4 };

/* Frees `block`, frees it with a size, resizes it, or asks for its size. Returns whether the call says that it failed. */
bool old_pointers_use(struct ebb_heap *heap, unsigned char *block, uint32_t use);

#endif
