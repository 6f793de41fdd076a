/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* How the first memory from a store becomes a heap: what create.c and create_default.c have in common. */
#ifndef EBB_SOURCE_FIRST_MEMORY_H
#define EBB_SOURCE_FIRST_MEMORY_H

#include "lay_out.h"
#include "moving_end.h"

/*
 * What a heap needs at least: the control block and the header of an empty top. And the first request, which has room
 * for that wherever the first multiple of the granule is.
 */
#define EBB_LEAST_REGION EBB_FIRST
#define EBB_FIRST_REQUEST (EBB_LEAST_REGION + EBB_GRANULE - 1)

static inline bool ebb_store_is_sound(const struct ebb_store *store) {
    return store != NULL && store->grow != NULL && (store->granule & (store->granule - 1)) == 0;
}

/* A heap at the start of the memory, under no policy yet; NULL if it is too little, or a heap there would be NULL. */
static inline struct ebb_heap *ebb_begin(const struct ebb_store *store, struct ebb_span span) {
    size_t before = ebb_bytes_before_heap((uintptr_t)span.start);
    if (span.start == NULL || span.size < before + EBB_LEAST_REGION) {
        return NULL;
    }
    struct ebb_heap *heap = ebb_lay_out((char *)span.start + before, store);
    heap->grows = 1;
    return heap;
}

/* What lies above the control block becomes the heap's, too. */
static inline void ebb_take_in_rest(struct ebb_heap *heap, struct ebb_span span) {
    char *rest = (char *)heap + EBB_LEAST_REGION;
    size_t taken = (size_t)(rest - (char *)span.start);
    ebb_take_in(heap, (uintptr_t)rest, span.size - taken);
}

/* Gives back what was to be a heap. */
static inline void ebb_give_up(const struct ebb_store *store, size_t bytes) {
    if (bytes != 0 && store->shrink != NULL) {
        store->shrink(store->context, bytes);
    }
}

#endif
