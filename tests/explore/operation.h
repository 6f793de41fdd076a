/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The calls that a heap's user can make in a state, each a number of 32 bits. */
#ifndef EXPLORE_OPERATION_H
#define EXPLORE_OPERATION_H

#include "world.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum operation_kind {
    OPERATION_ALLOC,
    OPERATION_CALLOC,
    OPERATION_ALIGNED_ALLOC,
    OPERATION_REALLOC,
    OPERATION_FREE,
    OPERATION_FREE_SIZED,
    OPERATION_TRIM,
    OPERATION_SET_POLICY
};

struct operation {
    enum operation_kind kind;
    size_t index;      /* of the block, counted in granules from the first */
    size_t size;       /* wanted, in granules */
    size_t alignment;  /* in granules */
    size_t policy;     /* number of the new policy */
    bool impatient;    /* the policy's patience has run out before this call */
    bool is_vague;     /* the heap believes before this call that there may be large free blocks */
    bool is_scattered; /* it counts as scattered */
};

/* Whether it is a call that the policy's clock may count. */
bool operation_is_counted(const struct operation *operation);

uint32_t operation_encode(const struct operation *operation);
struct operation operation_decode(uint32_t code);

/* The bytes to ask for, so that a block of `size` granules is needed. */
size_t operation_bytes(const struct world *world, const struct operation *operation);

/* Says it as a line of C. */
void operation_print(const struct world *world, const struct operation *operation);

/* All operations that make sense in the state of `world`; returns how many. */
enum { MOST_OPERATIONS = 4096 };
size_t operations_in(const struct world *world, size_t policies, struct operation *operations);

#endif
