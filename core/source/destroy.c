/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The end of a heap. */
#include "moving_end.h"

/* Remembers where the last gap ends; what is ours without a break starts there. */
static bool note_end_of_gap(void *context, const struct ebb_block *block) {
    if (block->kind == EBB_BLOCK_GAP) {
        *(uintptr_t *)context = (uintptr_t)block->address + block->size;
    }
    return true;
}

size_t ebb_destroy(struct ebb_heap *heap) {
    const struct ebb_store *store = heap->store;
    uintptr_t start = (uintptr_t)heap;
    uintptr_t end = ebb_end(heap);
    uintptr_t ours = start;
    if (heap->is_buried || store->shrink == NULL || !ebb_walk(heap, note_end_of_gap, &ours)) {
        return end - start;
    }
    size_t offered = end - ours;
    size_t taken = offered != 0 ? store->shrink(store->context, offered) : 0;
    return end - start - (taken < offered ? taken : offered);
}
