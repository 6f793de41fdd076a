/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Allocation: a free block close to the size wanted, else the bottom of top. */
#include "internal.h"

/* [ free size ][next]  ->  [used size ][next] */
static ebb_cell *take_whole(struct ebb_heap *heap, ebb_cell *block, ebb_number size) {
    ebb_unbin(&heap->bins, block, size);
    block[EBB_HEADER] = block[EBB_HEADER] | EBB_USED;
    ebb_set_left_used(ebb_after(block, size));
    return block;
}

/*
 * [   free size   ][next]  ->  [ free rest ][used wanted][next]
 *
 * The upper end is cut off, not the lower one: so what is left stays at its place in its list, unless its class has
 * changed, and a later free of the upper end merges with it just as cheaply.
 */
static ebb_cell *take_upper_end(struct ebb_heap *heap, ebb_cell *block, ebb_number size, ebb_number wanted) {
    ebb_number rest = (ebb_number)(size - wanted);
    ebb_cell *taken = ebb_after(block, rest);
    ebb_rebin(&heap->bins, block, size, rest);
    ebb_set_header(block, rest, block[EBB_HEADER] & EBB_LEFT_USED);
    ebb_set_header(taken, wanted, EBB_USED);
    ebb_set_left_free(taken, rest);
    ebb_set_left_used(ebb_after(taken, wanted));
    return taken;
}

ebb_cell *ebb_take_free(struct ebb_heap *heap, ebb_number size) {
    ebb_cell *block = ebb_find_free(&heap->bins, size);
    if (block == NULL) {
        return NULL;
    }
    ebb_number found = ebb_size(block);
    if (found - size < (int)EBB_SIZE_MIN) {
        return take_whole(heap, block, found);
    }
    return take_upper_end(heap, block, found, size);
}

ebb_cell *ebb_take_top(struct ebb_heap *heap, ebb_number size) {
    ebb_cell *block = ebb_top(heap);
    ebb_set_header(block, size, (block[EBB_HEADER] & EBB_LEFT_USED) | EBB_USED);
    ebb_set_top(heap, (ebb_number)(heap->top + size), EBB_LEFT_USED);
    if (heap->fresh < heap->top) {
        heap->fresh = heap->top;
    }
    return block;
}

ebb_cell *ebb_take(struct ebb_heap *heap, ebb_number size) {
    ebb_cell *block = ebb_take_free(heap, size);
    if (block != NULL) {
        return block;
    }
    if (ebb_idle(heap) < size && !ebb_grow(heap, size)) {
        return NULL;
    }
    return ebb_take_top(heap, size);
}

void *ebb_alloc(struct ebb_heap *heap, size_t size) {
    ebb_count_request(heap, size);
    if (size > EBB_LARGEST_REQUEST) {
        return ebb_fail(heap);
    }
    ebb_cell *block = ebb_take(heap, ebb_size_for(size));
    if (block == NULL) {
        return ebb_fail(heap);
    }
    ebb_count_live(heap, ebb_size(block));
    return block;
}
