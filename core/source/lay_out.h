/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What every heap begins as, whether its end moves or not. */
#ifndef EBB_SOURCE_LAY_OUT_H
#define EBB_SOURCE_LAY_OUT_H

#include "header.h"
#include "memory.h"

/* The bytes of a heap that has room for one block, of the smallest size. */
#define EBB_REGION_OF_A_BLOCK (EBB_FIRST + ebb_bytes_of(EBB_SIZE_MIN))

/* A heap on EBB_FIRST bytes, without any block, without idle memory, and with nothing known of its end. */
static inline struct ebb_heap *ebb_lay_out(void *place, const struct ebb_store *store) {
    struct ebb_heap *heap = memset(place, 0, sizeof *heap);
    heap->store = store;
    /* From addresses: there is nothing better until ebb_set_secret() is called. */
    ebb_draw_key(heap, (uint64_t)(uintptr_t)heap << 32 ^ (uintptr_t)store);
    ebb_set_header(heap, ebb_block_at(heap, 0), ebb_header_of(0, EBB_LEFT_USED));
    return heap;
}

/* How many bytes from an address the first multiple of the granule is. */
static inline size_t ebb_bytes_before_heap(uintptr_t address) {
    return (size_t)(-address % EBB_GRANULE);
}

#endif
