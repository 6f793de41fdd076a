/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Mistakes of the user: pointers that are no blocks in use of this heap. */
#ifndef EBB_SOURCE_FAULT_H
#define EBB_SOURCE_FAULT_H

#include "control.h"

void ebb_report(const struct ebb_heap *heap, enum ebb_fault fault, const void *address);

/* Reports what is wrong with a pointer that ebb_find_block() has refused; NULL is nothing wrong. */
void ebb_report_pointer(const struct ebb_heap *heap, const void *pointer);

/* Whether `number` is between the first block and top. One comparison: what is below wraps around. */
static inline bool ebb_is_below_top(const struct ebb_heap *heap, size_t number) {
    return number - EBB_FIRST < (size_t)heap->top - EBB_FIRST;
}

/* A block in use, as its own header and the next one describe it. */
struct ebb_block_in_use {
    ebb_cell *block;
    size_t header;
    size_t size;
    ebb_cell *right;
    size_t right_header;
};

/*
 * Whether `pointer` is a block in use, as far as can be told from its own header and the next one, which are kept in
 * `found`: nobody reads them twice. Reads nothing outside the region. A pointer into the middle of a block passes only
 * if the user's bytes there look like a header that leads to a header.
 */
static inline bool ebb_find_block(const struct ebb_heap *heap, void *pointer, struct ebb_block_in_use *found) {
    size_t offset = (uintptr_t)pointer - (uintptr_t)heap;
    size_t first = EBB_FIRST * EBB_GRANULE;
    size_t top = (size_t)heap->top * EBB_GRANULE;
    if ((uintptr_t)pointer % EBB_GRANULE != 0 || offset - first >= top - first) {
        return false;
    }
    found->block = pointer;
    found->header = ebb_header(found->block);
    found->size = ebb_size_in(found->header);
    /* One comparison for size 0, which wraps around, and for a size that leads beyond top. */
    if (!ebb_used_in(found->header) || found->size * EBB_GRANULE - 1 >= top - offset) {
        return false;
    }
    found->right = ebb_after(found->block, found->size);
    found->right_header = ebb_header(found->right);
    return ebb_left_used_in(found->right_header);
}

#endif
