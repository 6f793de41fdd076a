/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The memory that a replayed heap lives in: a store that gives exactly what it is asked for, and counts its moves. */
#ifndef EBB_REPLAY_ARENA_H
#define EBB_REPLAY_ARENA_H

#include <ebb/store.h>

#include <stdint.h>

/* Told of a move of the end of the region, in bytes from its start, after it has moved. */
typedef void (*arena_observer)(void *context, size_t before, size_t after);

struct arena {
    struct ebb_store store;
    unsigned char *memory; /* within what is mapped */
    size_t size;
    size_t used;

    void *mapping;
    size_t mapping_size;

    uint32_t grows;
    uint32_t shrinks;

    arena_observer observer; /* NULL: none */
    void *context;
};

/*
 * Reserves addresses for `size` bytes, the first a multiple of `alignment`; memory comes with the first touch. Ends the
 * program if that cannot be done. Moves are best at multiples of `granule`.
 */
void arena_open(struct arena *self, size_t size, size_t alignment, size_t granule);

/* As if just opened: for another heap in the same memory, which is not zero any more. */
void arena_reset(struct arena *self);

void arena_close(struct arena *self);

#endif
