/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* How a header is written: never without its seal. */
#ifndef EBB_SOURCE_HEADER_H
#define EBB_SOURCE_HEADER_H

#include "seal.h"

static inline void ebb_set_header(const struct ebb_heap *heap, ebb_cell *block, size_t header) {
    block[EBB_HEADER] = (ebb_number)header;
    ebb_seal(heap, block, header);
}

/* Makes a block, free or not, one in use of `size` units. What it says of the block to its left stays. */
static inline void ebb_use_as(const struct ebb_heap *heap, ebb_cell *block, size_t size) {
    ebb_set_header(heap, block, ebb_header_of(size, (ebb_header(block) & EBB_LEFT_USED) | EBB_USED));
}

/* [   used   ]  ->  [ used size ][ used rest ]; returns the rest. */
static inline ebb_cell *ebb_split_used(const struct ebb_heap *heap, ebb_cell *block, size_t size) {
    ebb_cell *rest = ebb_after(block, size);
    size_t rest_size = ebb_size(block) - size;
    ebb_set_header(heap, block, ebb_header(block) - ebb_header_of(rest_size, 0));
    ebb_set_header(heap, rest, ebb_header_of(rest_size, EBB_USED | EBB_LEFT_USED));
    return rest;
}

static inline void ebb_set_left_used(const struct ebb_heap *heap, ebb_cell *block) {
    ebb_set_header(heap, block, ebb_header(block) | EBB_LEFT_USED);
}

/*
 * Moves top, and not the end, to `block`; the block to its left is in use unless `flags` lack EBB_LEFT_USED.
 *
 * What was ever in blocks is noted here, and not where blocks are taken from top, which happens more often: until top
 * goes down, `extent` says the same.
 */
EBB_INLINE_UNLESS_SMALL void ebb_set_top(struct ebb_heap *heap, ebb_cell *block, size_t flags);
EBB_INLINE_UNLESS_SMALL void ebb_set_top(struct ebb_heap *heap, ebb_cell *block, size_t flags) {
    size_t offset = ebb_offset_of(heap, ebb_payload(block));
    if (heap->fresh < heap->extent) {
        heap->fresh = heap->extent;
    }
    heap->idle += heap->extent - offset;
    heap->extent = offset;
    ebb_set_header(heap, block, ebb_header_of(0, flags & EBB_LEFT_USED));
}

#endif
