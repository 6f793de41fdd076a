/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Cleared allocation. */
#include "control.h"
#include "memory.h"

#include <limits.h>

enum { HALF_OF_BITS = sizeof(size_t) * CHAR_BIT / 2 };

/*
 * The product; SIZE_MAX, which no request may have, if it overflows. In halves: a wider product or a division would be
 * a call into libgcc on small processors.
 */
static size_t multiply(size_t count, size_t size) {
    size_t smaller = count < size ? count : size;
    size_t larger = count < size ? size : count;
    if (smaller >> HALF_OF_BITS != 0) {
        return SIZE_MAX;
    }
    size_t low = (larger & (SIZE_MAX >> HALF_OF_BITS)) * smaller;
    size_t high = (larger >> HALF_OF_BITS) * smaller + (low >> HALF_OF_BITS);
    return high >> HALF_OF_BITS != 0 ? SIZE_MAX : count * size;
}

/* How many of the first `bytes` of a block may not be zero; `fresh` is what it was before the allocation. */
static inline size_t stale_bytes(const struct ebb_heap *heap, const void *block, size_t fresh, size_t bytes) {
    size_t offset = ebb_offset_of(heap, block);
    if (!heap->store->fresh_is_zero || fresh >= offset + bytes) {
        return bytes;
    }
    return fresh > offset ? fresh - offset : 0;
}

static inline void *alloc_cleared(struct ebb_heap *heap, size_t bytes) {
    size_t fresh = heap->fresh > heap->extent ? heap->fresh : heap->extent;
    void *block = ebb_alloc(heap, bytes);
    return block != NULL ? memset(block, 0, stale_bytes(heap, block, fresh, bytes)) : NULL;
}

static EBB_COLD void *calloc_any(struct ebb_heap *heap, size_t count, size_t size) {
    return alloc_cleared(heap, multiply(count, size));
}

void *ebb_calloc(struct ebb_heap *heap, size_t count, size_t size) {
    if (EBB_HAS_SHORTCUTS && (count | size) >> HALF_OF_BITS == 0) {
        return alloc_cleared(heap, count * size);
    }
    return calloc_any(heap, count, size);
}
