/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Mistakes of the user: pointers that are no blocks in use of this heap. */
#ifndef EBB_SOURCE_FAULT_H
#define EBB_SOURCE_FAULT_H

#include "seal.h"

void ebb_report(const struct ebb_heap *heap, enum ebb_fault fault, const void *address);

/* Reports what is wrong with a pointer that ebb_find_block() has refused; NULL is nothing wrong. */
void ebb_report_pointer(const struct ebb_heap *heap, const void *pointer);

/* A block in use, as its own header and the next one describe it. */
struct ebb_block_in_use {
    ebb_cell *block;
    size_t header;
    ebb_cell *right;
    size_t right_header;
};

/* Takes the caller's word for it, at level 0: `pointer` is NULL or the payload of a block in use. */
static inline bool ebb_believe_block(const void *pointer, struct ebb_block_in_use *found) {
    if (pointer == NULL) {
        return false;
    }
    found->block = ebb_block_of(pointer);
    found->header = ebb_header(found->block);
    found->right = ebb_after(found->block, ebb_size_in(found->header));
    found->right_header = ebb_header(found->right);
    return true;
}

/*
 * Whether `pointer` is the payload of a block in use, as far as can be told from its own header and the next one, which
 * are kept in `found`: nobody reads them twice. Reads nothing outside the region. A pointer into the middle of a block
 * passes only if the user's bytes there look like a header that leads to a header, with its seal if there are seals.
 */
static inline bool ebb_find_block(const struct ebb_heap *heap, const void *pointer, struct ebb_block_in_use *found) {
    if (EBB_HARDENING == 0) {
        return ebb_believe_block(pointer, found);
    }
    size_t offset = ebb_offset_of(heap, pointer);
    if (offset % EBB_GRANULE != 0 || offset >= heap->extent) {
        return false;
    }
    found->block = ebb_block_of(pointer);
    found->header = ebb_header(found->block);
    size_t size = ebb_size_in(found->header);
    /* One comparison for size 0, which wraps around, and for a size that leads beyond top. */
    if (!ebb_used_in(found->header) || ebb_bytes_of(size) - 1 >= heap->extent - offset) {
        return false;
    }
    found->right = ebb_after(found->block, size);
    found->right_header = ebb_header(found->right);
    if (!ebb_is_sealed(heap, found->block) || !ebb_is_sealed(heap, found->right)) {
        return false;
    }
    return ebb_left_used_in(found->right_header);
}

#endif
