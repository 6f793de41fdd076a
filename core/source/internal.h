/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What the files of core call of each other. */
#ifndef EBB_SOURCE_INTERNAL_H
#define EBB_SOURCE_INTERNAL_H

#include "header.h"

/* ---- alloc.c ----
 * Here and in free.c, only the public functions count what is live, when they are done: what is taken and given back in
 * between is no peak.
 */

/* A block in use of `size` units from the bottom of top, which has them. */
ebb_cell *ebb_take_top(struct ebb_heap *heap, size_t size);

/* Whether any heap could meet a request. If so, it is counted: the next one needs one look only. */
static inline bool ebb_admit(struct ebb_heap *heap, size_t bytes) {
    if (bytes > heap->largest_request) {
        if (bytes > EBB_LARGEST_REQUEST) {
            return false;
        }
        heap->largest_request = bytes;
    }
    return true;
}

/* Counts a request that could not be met, and returns NULL. */
void *ebb_fail(struct ebb_heap *heap);

/* Counts `size` units more as in use, those of `block`, and returns its payload. */
EBB_INLINE_UNLESS_SMALL void *ebb_hand_out(struct ebb_heap *heap, ebb_cell *block, size_t size);
EBB_INLINE_UNLESS_SMALL void *ebb_hand_out(struct ebb_heap *heap, ebb_cell *block, size_t size) {
    size_t headroom = heap->headroom;
    if (headroom < size) {
        heap->peak_live = ebb_narrow(heap->peak_live + (size - headroom));
        headroom = size;
    }
    heap->headroom = ebb_narrow(headroom - size);
    return ebb_payload(block);
}

/* Counts `size` units fewer. */
static inline void ebb_count_freed(struct ebb_heap *heap, size_t size) {
    heap->headroom = ebb_narrow(heap->headroom + size);
}

/* ---- free.c ---- */

/* What ebb_free() does with a block in use. */
void ebb_free_block(struct ebb_heap *heap, ebb_cell *block);

/*
 * Makes a block in use free memory: merges it with its neighbours, or with top. Parts that are split off a block in use
 * go this way too; their header says that they are in use.
 */
void ebb_release(struct ebb_heap *heap, ebb_cell *block);

/* Keeps at least `wanted` units of a block in use and releases the rest, if that is enough for a block. */
void ebb_release_tail(struct ebb_heap *heap, ebb_cell *block, size_t wanted);

/* ---- The end of the region ----
 * All that blocks ask of it. In region.c and policy.c, or in fixed_end.c, where it never moves.
 */

/* Grows the region, if it has to, until `size` bytes are idle; returns whether they are. At most four store calls. */
bool ebb_grow(struct ebb_heap *heap, size_t size);

/* After a free: gives back what is idle if that is more than the policy wants to wait with. */
void ebb_return_burst(struct ebb_heap *heap);

/* Gives back what is idle, or some of it, if patience has run out. */
void ebb_return_idle(struct ebb_heap *heap);

/*
 * One call more on the policy's clock. Returns whether patience has run out: for ebb_return_idle(), once the call has
 * done its work. Stored on each branch, as a compiler then finds the sign where the subtraction has left it.
 */
static inline bool ebb_charge(struct ebb_heap *heap) {
    intptr_t left = heap->patience - (intptr_t)heap->idle;
    if (left < 0) {
        heap->patience = left;
        return true;
    }
    heap->patience = left;
    return false;
}

#endif
