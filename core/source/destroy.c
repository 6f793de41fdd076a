/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The end of a heap. */
#include "moving_end.h"
#include "seal.h"

/* What is ours without a break, up to the end of the region. */
struct last_piece {
    const struct ebb_heap *heap;
    uintptr_t start;
};

/* It starts where the last gap ends. A header that is damaged may hide one. */
static bool note_end_of_gap(void *context, const struct ebb_block *block) {
    struct last_piece *self = context;
    if (block->kind == EBB_BLOCK_GAP) {
        self->start = (uintptr_t)block->address + block->size;
    }
    return ebb_is_sealed(self->heap, ebb_block_of(block->address));
}

size_t ebb_destroy(struct ebb_heap *heap) {
    const struct ebb_store *store = heap->store;
    uintptr_t start = (uintptr_t)heap;
    uintptr_t end = ebb_end(heap);
    struct last_piece ours = {.heap = heap, .start = start};
    if (heap->is_buried || store->shrink == NULL || !ebb_walk(heap, note_end_of_gap, &ours)) {
        return end - start;
    }
    size_t offered = end - ours.start;
    size_t taken = offered != 0 ? store->shrink(store->context, offered) : 0;
    return end - start - (taken < offered ? taken : offered);
}
