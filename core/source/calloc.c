/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Cleared allocation. */
#include "internal.h"
#include "memory.h"

#include <limits.h>

/*
 * The product; SIZE_MAX, which no request may have, if it overflows. In halves: a wider product or a division would be
 * a call into libgcc on small processors.
 */
static size_t multiply(size_t count, size_t size) {
    enum { HALF = sizeof(size_t) * CHAR_BIT / 2 };
    size_t smaller = count < size ? count : size;
    size_t larger = count < size ? size : count;
    if (smaller >> HALF != 0) {
        return SIZE_MAX;
    }
    size_t low = (larger & (SIZE_MAX >> HALF)) * smaller;
    size_t high = (larger >> HALF) * smaller + (low >> HALF);
    return high >> HALF != 0 ? SIZE_MAX : count * size;
}

/* How many of the `bytes` of a block may not be zero; `fresh` is what it was before the allocation. */
static size_t stale_bytes(const struct ebb_heap *heap, const ebb_cell *block, ebb_number fresh, size_t bytes) {
    size_t number = ebb_number_of(heap, block);
    if (!heap->store->fresh_is_zero) {
        return bytes;
    }
    size_t stale = number < fresh ? (fresh - number) * EBB_GRANULE : 0;
    return stale < bytes ? stale : bytes;
}

void *ebb_calloc(struct ebb_heap *heap, size_t count, size_t size) {
    size_t bytes = multiply(count, size);
    ebb_number fresh = heap->fresh;
    void *block = ebb_alloc(heap, bytes);
    if (block != NULL) {
        memset(block, 0, stale_bytes(heap, block, fresh, bytes));
    }
    return block;
}
