/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * At level 2, free memory holds a known byte wherever the heap needs nothing else there, so that a write after a free
 * is found out when it is handed out again: in a free block from its links to its footer, and above top as far as
 * memory was ever written to, which is up to `fresh`.
 *
 * Places are addresses of cells. As a header, poison says that the block is free: so a double free is told as that also
 * where the block was swallowed by another.
 */
#ifndef EBB_SOURCE_POISON_H
#define EBB_SOURCE_POISON_H

#include "control.h"
#include "memory.h"

enum { EBB_POISON = 0xEC };
_Static_assert((EBB_POISON & EBB_USED) == 0, "poison is no header in use");

static inline void ebb_poison(ebb_cell *from, const ebb_cell *to) {
    if (EBB_IS_SEALED != 0) {
        memset(from, EBB_POISON, (uintptr_t)to - (uintptr_t)from);
    }
}

static inline bool ebb_is_poisoned(const ebb_cell *from, const ebb_cell *to) {
    const ebb_number poison = (ebb_number)-1 / UINT8_MAX * EBB_POISON;
    while (EBB_IS_SEALED && from < to) {
        if (*from++ != poison) {
            return false;
        }
    }
    return true;
}

/* All of a block that its user had. */
static inline void ebb_poison_payload(ebb_cell *block, ebb_cell *right) {
    ebb_poison(ebb_payload(block), ebb_start_of_header(right));
}

static inline void ebb_poison_links(ebb_cell *block) {
    ebb_poison(ebb_payload(block), ebb_end_of_links(block));
}

/* Where a block has become part of the free one to its left: that one's footer, this one's header and links. */
static inline void ebb_poison_seam(ebb_cell *block) {
    ebb_poison(ebb_start_of_footer(block), ebb_end_of_links(block));
}

/* Top is about to be lower. */
static inline void ebb_poison_header_of_top(const struct ebb_heap *heap) {
    ebb_poison(ebb_start_of_header(ebb_top(heap)), ebb_payload(ebb_top(heap)));
}

/* A free block of `size` units. */
static inline bool ebb_is_poisoned_inside(ebb_cell *block, size_t size) {
    return ebb_is_poisoned(ebb_end_of_links(block), ebb_start_of_footer(ebb_after(block, size)));
}

/* What of a free block is handed out with its lower `wanted` units, and what is to be header and links of the rest. */
static inline bool ebb_is_poisoned_at_start(ebb_cell *block, size_t size, size_t wanted) {
    return ebb_stays(size - wanted, wanted)
               ? ebb_is_poisoned_inside(block, size)
               : ebb_is_poisoned(ebb_end_of_links(block), ebb_end_of_links(ebb_after(block, wanted)));
}

/*
 * The lowest `bytes` of what is idle above top, or all of that if it is less: `fresh` is not beyond it. If the sum
 * wraps, nothing is looked at, and no heap has so many bytes to hand out.
 */
static inline bool ebb_top_is_poisoned(const struct ebb_heap *heap, size_t bytes) {
    size_t end = heap->extent + bytes;
    end = end < heap->fresh ? end : heap->fresh;
    return ebb_is_poisoned(ebb_payload(ebb_top(heap)), (const ebb_cell *)heap + (EBB_FIRST + end) / sizeof(ebb_cell));
}

#endif
