/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * What is counted of requests and of blocks in use. Only the public functions count what is live, when they are done:
 * what is taken and given back in between is no peak. It is kept as what it lacks of the peak, so that an allocation
 * which sets no peak reads and writes one number.
 */
#ifndef EBB_SOURCE_COUNTS_H
#define EBB_SOURCE_COUNTS_H

#include "control.h"

/* Notes a request that is the largest so far, and returns whether any heap could meet it: most need one comparison. */
static inline bool ebb_admit(struct ebb_heap *heap, size_t bytes) {
    if (bytes > heap->largest_request) {
        if (bytes > EBB_LARGEST_REQUEST) {
            return false;
        }
        heap->largest_request = bytes;
    }
    return true;
}

/* Counts `size` units more as in use, those of `block`, and returns its payload. In line, for who calls more after. */
static EBB_INLINE void *ebb_hand_out_in_line(struct ebb_heap *heap, size_t size, ebb_cell *block) {
    size_t headroom = heap->headroom;
    if (headroom < size) {
        heap->peak_live = ebb_narrow(heap->peak_live + (size - headroom));
        headroom = size;
    }
    heap->headroom = ebb_narrow(headroom - size);
    return ebb_payload(ebb_opaque_pointer(block));
}

/* The same. */
EBB_INLINE_UNLESS_SMALL void *ebb_hand_out(struct ebb_heap *heap, size_t size, ebb_cell *block);
EBB_INLINE_UNLESS_SMALL void *ebb_hand_out(struct ebb_heap *heap, size_t size, ebb_cell *block) {
    return ebb_hand_out_in_line(heap, size, block);
}

/* Counts `size` units fewer. */
static inline void ebb_count_freed(struct ebb_heap *heap, size_t size) {
    heap->headroom = ebb_narrow(heap->headroom + size);
}

#endif
