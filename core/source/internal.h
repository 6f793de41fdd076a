/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What the files of core call of each other. */
#ifndef EBB_SOURCE_INTERNAL_H
#define EBB_SOURCE_INTERNAL_H

#include "control.h"

/* ---- alloc.c ----
 * Here and in free.c, only the public functions count what is live, when they are done: what is taken and given back in
 * between is no peak.
 */

/* A block in use of at least `size` granules from the free blocks; NULL if none was found. */
ebb_cell *ebb_take_free(struct ebb_heap *heap, size_t size);

/* A block in use of `size` granules from the bottom of top; NULL if the region cannot grow far enough. */
ebb_cell *ebb_take_top(struct ebb_heap *heap, size_t size);

/* Counts a request for `bytes`. What no heap could meet is not kept: so what is, tells which need no check. */
static inline void ebb_count_request(struct ebb_heap *heap, size_t bytes) {
    if (heap->largest_request < bytes && bytes <= EBB_LARGEST_REQUEST) {
        heap->largest_request = bytes;
    }
}

/* Counts a request that could not be met, and returns NULL. */
void *ebb_fail(struct ebb_heap *heap);

/* `size` more granules are in use. */
static inline void ebb_count_live(struct ebb_heap *heap, size_t size) {
    size_t headroom = heap->headroom;
    if (headroom < size) {
        heap->peak_live = ebb_narrow(heap->peak_live + (size - headroom));
        headroom = size;
    }
    heap->headroom = ebb_narrow(headroom - size);
}

/* `size` fewer are. */
static inline void ebb_count_freed(struct ebb_heap *heap, size_t size) {
    heap->headroom = ebb_narrow(heap->headroom + size);
}

/* ---- free.c ---- */

/*
 * Makes a block in use of `size` granules free memory: merges it with its neighbours, or with top. Parts that are split
 * off a block in use go this way too; their header says that they are in use.
 */
void ebb_release(struct ebb_heap *heap, ebb_cell *block, size_t size);

/* Keeps at least `wanted` granules of a block in use and releases the rest, if that is enough for a block. */
void ebb_release_tail(struct ebb_heap *heap, ebb_cell *block, size_t wanted);

/* ---- region.c ---- */

/* Grows the region until at least `size` granules are idle, and returns whether they are. At most four store calls. */
bool ebb_grow(struct ebb_heap *heap, size_t size);

/* Grows the region to `bytes` if the store has them, and returns whether it had. At most four store calls. */
bool ebb_reserve(struct ebb_heap *heap, size_t bytes);

/* Gives back what is idle beyond `keep` granules, or less; returns the bytes given. At most three store calls. */
size_t ebb_give_back(struct ebb_heap *heap, size_t keep);

/* Gives back what lies beyond `maximum` bytes, and returns whether the region is within them now. One store call. */
bool ebb_shrink_within(struct ebb_heap *heap, size_t maximum);

/* The region now ends `offset` bytes from its start; what exceeds the maximum goes back to the store at once. */
void ebb_set_end_within_maximum(struct ebb_heap *heap, size_t offset);

/* ---- policy.c ---- */

bool ebb_policy_is_sound(const struct ebb_policy *policy);

/* Sets all that a policy says but the reservation of EBB_FIXED. */
void ebb_adopt_policy(struct ebb_heap *heap, const struct ebb_policy *policy);

/* How many granules to grow by, to have `size` more idle, at best; adapts to what has happened since the last move. */
size_t ebb_lot_for(struct ebb_heap *heap, size_t size);

/* A free has left more idle than the policy wants to wait with. */
void ebb_return_burst(struct ebb_heap *heap);

/* Patience has run out. */
void ebb_return_idle(struct ebb_heap *heap);

/* One call more on the policy's clock. Returns whether patience has run out: once the call has done its work. */
static inline bool ebb_charge(struct ebb_heap *heap) {
    heap->patience -= (intptr_t)heap->idle;
    return heap->patience < 0;
}

#endif
