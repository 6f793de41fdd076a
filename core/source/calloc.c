/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Cleared allocation. */
#include "alloc.h"
#include "control.h"
#include "memory.h"
#include "product.h"

/* How many of the first `bytes` of a block that was just allocated may hold something else than zeroes. */
static inline size_t stale_bytes(const struct ebb_heap *heap, const void *payload, size_t bytes) {
    size_t offset = ebb_offset_of(heap, payload);
    if (heap->fresh >= offset + bytes) {
        return bytes;
    }
    /* Free memory that borders on top is part of it: so a block that does was taken from there. */
    bool is_from_top = offset + ebb_bytes_of(ebb_size(ebb_block_of(payload))) == heap->extent;
    if (!is_from_top) {
        return bytes;
    }
    return heap->fresh > offset ? heap->fresh - offset : 0;
}

void *ebb_calloc(struct ebb_heap *heap, size_t count, size_t size) {
    if (ebb_product_overflows(count, size)) {
        return ebb_fail(heap);
    }
    size_t bytes = count * size;
    void *block = ebb_opaque_pointer(ebb_alloc(heap, bytes));
    if (block == NULL) {
        return NULL;
    }
    return memset(block, 0, heap->store->fresh_is_zero ? stale_bytes(heap, block, bytes) : bytes);
}
