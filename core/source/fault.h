/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Whether a pointer is that of a block in use; and whom to tell if not. */
#ifndef EBB_SOURCE_FAULT_H
#define EBB_SOURCE_FAULT_H

#include "header.h"

void ebb_report(const struct ebb_heap *heap, enum ebb_fault fault, const void *address);

/* Reports what is wrong with a pointer that is no payload of a block in use; NULL is nothing wrong. */
void ebb_report_pointer(const struct ebb_heap *heap, const void *pointer);

/* A block in use, as its own header and the next one describe it. */
struct ebb_block_in_use {
    ebb_cell *block;
    size_t header;
    ebb_cell *right;
    size_t right_header;
};

static inline struct ebb_block_in_use ebb_describe(ebb_cell *block) {
    size_t header = ebb_header(block);
    ebb_cell *right = ebb_after(block, ebb_size_in(header));
    return (struct ebb_block_in_use){block, header, right, ebb_header(right)};
}

/*
 * Whether `block`, which may be any address, is that of a block in use, as far as can be told from its own header and
 * the next one. Reads nothing outside the region. The middle of a block passes only if the user's bytes there look like
 * a header that leads to a header, with its seal if there are seals. Level 0 takes the caller's word for it.
 */
static EBB_INLINE bool ebb_is_in_use(const struct ebb_heap *heap, const ebb_cell *block) {
    if (EBB_HARDENING == 0) {
        return ebb_any_payload(block) != NULL;
    }
    size_t offset = ebb_opaque(ebb_offset_of_block(heap, block));
    if (offset % EBB_GRANULE != 0 || offset >= heap->extent) {
        return false;
    }
    size_t header = ebb_header(block);
    size_t size = ebb_size_in(header);
    /* One comparison for size 0, which wraps around, and for a size that leads beyond top. */
    if (!ebb_used_in(header) || ebb_bytes_of(size) - 1 >= heap->extent - offset) {
        return false;
    }
    const ebb_cell *right = ebb_after(block, size);
    return ebb_is_sealed(heap, block) && ebb_is_sealed(heap, right) && ebb_left_is_used(right);
}

/*
 * The block in use whose payload `pointer` is; NULL if there is none, which is reported unless `pointer` is NULL.
 *
 * All is reckoned from the block's address, as only that lives on: from both would take one register more.
 */
static EBB_INLINE ebb_cell *ebb_find_block_in_line(const struct ebb_heap *heap, const void *pointer) {
    ebb_cell *block = ebb_opaque_pointer(ebb_any_block_of(pointer));
    if (ebb_is_in_use(heap, block)) {
        return block;
    }
    ebb_report_pointer(heap, ebb_any_payload(block));
    return NULL;
}

/* The same, for calls that are less frequent than frees. */
EBB_INLINE_UNLESS_SMALL ebb_cell *ebb_find_block(const struct ebb_heap *heap, const void *pointer);
EBB_INLINE_UNLESS_SMALL ebb_cell *ebb_find_block(const struct ebb_heap *heap, const void *pointer) {
    return ebb_find_block_in_line(heap, pointer);
}

#endif
