/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What most tests need: an arena, a store on it, and means to see whether a heap changed. */
#ifndef UNIT_HEAP_FIXTURE_H
#define UNIT_HEAP_FIXTURE_H

#include "fault_log.h"
#include "scripted_store.h"
#include "survey.h"

#include <ebb/heap.h>

/* Bytes of the arena: what a board has to spare, and a 64 KiB buffer still fits. */
#ifndef UNIT_ARENA_SIZE
#define UNIT_ARENA_SIZE (80 * 1024)
#endif

/* Aligned to 4096 bytes. There is only one. */
unsigned char *fixture_arena(void);

/* An honest store on the first `size` bytes of the arena, or on all of it if `size` is 0. */
void fixture_store(struct scripted_store *store, size_t size);

/* A heap on a store that is there already, and `faults` listening. Asserts that it is created. */
struct ebb_heap *fixture_heap_on(struct scripted_store *store, const struct ebb_policy *policy,
                                 struct fault_log *faults);

/* The same on a store that fixture_store() makes. */
struct ebb_heap *fixture_heap(struct scripted_store *store, size_t size, const struct ebb_policy *policy,
                              struct fault_log *faults);

/* A heap that has all of `size` bytes from the start, and never moves its end. */
struct ebb_heap *fixture_fixed_heap(struct scripted_store *store, size_t size, struct fault_log *faults);

/* Ends a heap that is sound and has told no fault; all that it had goes back. */
void fixture_end(struct ebb_heap *heap, const struct scripted_store *store, const struct fault_log *faults);

/* Bytes of the smallest region: the control block, and the header of an empty top. */
size_t fixture_least_region(void);

/* More than what is lost of the memory above a gap: two headers, and what aligns the next block to a granule. */
size_t fixture_lost_above_gap(void);

/* Bytes that are idle at the end of the region. */
size_t fixture_idle(const struct ebb_heap *heap);

/* Allocates and asserts that it worked. */
unsigned char *fixture_alloc(struct ebb_heap *heap, size_t size);

/* Allocates blocks of `size` bytes until there are no more; returns how many. The first `count` go into `blocks`. */
size_t fixture_fill(struct ebb_heap *heap, size_t size, unsigned char **blocks, size_t count);

/*
 * Blocks of its own class that a request looks at, where not each of them may do: more with best fit, which a core has
 * that does not take the first one that will do.
 */
size_t fixture_looks(struct scripted_store *store, struct fault_log *faults);

/* Asserts that the heap is sound, and the store untouched where it has to be. */
void fixture_assert_sound(const struct ebb_heap *heap, const struct scripted_store *store);

enum { SNAPSHOT_BYTES = 8192 };

/* All bytes of a region without gaps, up to SNAPSHOT_BYTES. */
struct snapshot {
    size_t size;
    unsigned char bytes[SNAPSHOT_BYTES];
};

void snapshot_take(struct snapshot *self, const struct ebb_heap *heap);

/* Gives the heap the bytes that it had; its region is where it was. */
void snapshot_restore(const struct snapshot *self, struct ebb_heap *heap);

/* Asserts that no byte of the heap is another one now. */
void snapshot_assert_same(const struct snapshot *self, const struct ebb_heap *heap);

/* The same, but the control block may differ: it counts failures. */
void snapshot_assert_same_blocks(const struct snapshot *self, const struct ebb_heap *heap);

struct ebb_statistics fixture_statistics(const struct ebb_heap *heap);

#endif
