/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Mistakes of the user: pointers that are no blocks in use of this heap. */
#ifndef EBB_SOURCE_FAULT_H
#define EBB_SOURCE_FAULT_H

#include "control.h"

void ebb_report(const struct ebb_heap *heap, enum ebb_fault fault, const void *address);

/* Reports what is wrong with a pointer that ebb_is_block() has refused. */
void ebb_report_pointer(const struct ebb_heap *heap, const void *pointer);

/* Whether `number` is between the first block and top. One comparison: what is below wraps around. */
static inline bool ebb_is_below_top(const struct ebb_heap *heap, size_t number) {
    return number - EBB_FIRST < (size_t)heap->top - EBB_FIRST;
}

/*
 * Whether `pointer` is a block in use, as far as can be told from its own header and the next one. Reads nothing
 * outside the region. A pointer into the middle of a block passes only if the user's bytes there look like a header
 * that leads to a header.
 */
static inline bool ebb_is_block(const struct ebb_heap *heap, const void *pointer) {
    size_t offset = (uintptr_t)pointer - (uintptr_t)heap;
    size_t number = offset / EBB_GRANULE;
    if (offset % EBB_GRANULE != 0 || !ebb_is_below_top(heap, number)) {
        return false;
    }
    ebb_cell *block = ebb_block_at(heap, number);
    size_t header = ebb_header(block);
    size_t size = ebb_size_in(header);
    /* One comparison for size 0, which wraps around, and for a size that leads beyond top. */
    bool fits = size - 1 < heap->top - number;
    return ebb_used_in(header) && fits && ebb_left_is_used(ebb_after(block, size));
}

#endif
