/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Freeing: a block becomes part of the free memory around it. */
#include "fault.h"
#include "internal.h"

/* Whether two neighbours of these sizes fit into one block: the end of a large region can hold more than a header. */
static bool fit_into_one(ebb_number left, ebb_number right) {
    return (size_t)left + right <= EBB_SIZE_MAX;
}

/*
 * [ free? ][block][ idle   ->  [       idle
 *
 * There is more than one free block to the left only where two did not fit into one: no more than a region has of the
 * largest blocks.
 */
static void join_top(struct ebb_heap *heap, ebb_cell *block) {
    while (!ebb_left_is_used(block) && ebb_left_size(block) != 0) {
        ebb_number left_size = ebb_left_size(block);
        block = ebb_before(block, left_size);
        ebb_unbin(&heap->bins, block, left_size);
    }
    ebb_set_top(heap, ebb_number_of(heap, block), block[EBB_HEADER]);
    if (!heap->adaptive && heap->reluctance == 0 && ebb_idle(heap) > heap->tolerance) {
        ebb_return_idle(heap);
    }
}

/* [left free][block][next]  ->  [    free    ][next] */
static bool join_left(struct ebb_heap *heap, ebb_cell *block, ebb_number size) {
    ebb_number left_size = ebb_left_size(block);
    if (left_size == 0 || !fit_into_one(left_size, size)) {
        return false;
    }
    ebb_cell *left = ebb_before(block, left_size);
    ebb_number merged = (ebb_number)(left_size + size);
    ebb_rebin(&heap->bins, left, left_size, merged);
    ebb_set_header(left, merged, left[EBB_HEADER] & EBB_LEFT_USED);
    ebb_set_left_free(ebb_after(left, merged), merged);
    return true;
}

void ebb_release(struct ebb_heap *heap, ebb_cell *block, ebb_number size) {
    ebb_number flags = block[EBB_HEADER] & EBB_LEFT_USED;
    ebb_cell *right = ebb_after(block, size);
    /* Also where the block is about to be swallowed by another: a second free will find that it is not in use. */
    ebb_set_header(block, size, flags);
    if (!ebb_is_used(right)) {
        ebb_number right_size = ebb_size(right);
        if (right_size == 0) {
            join_top(heap, block);
            return;
        }
        if (fit_into_one(size, right_size)) {
            ebb_unbin(&heap->bins, right, right_size);
            size = (ebb_number)(size + right_size);
        }
    }
    if (flags == 0 && join_left(heap, block, size)) {
        return;
    }
    ebb_set_header(block, size, flags);
    ebb_set_left_free(ebb_after(block, size), size);
    ebb_bin(&heap->bins, block, size);
}

void ebb_release_tail(struct ebb_heap *heap, ebb_cell *block, ebb_number wanted) {
    ebb_number size = ebb_size(block);
    ebb_number rest = (ebb_number)(size - wanted);
    if (rest < EBB_SIZE_MIN) {
        return;
    }
    ebb_cell *tail = ebb_after(block, wanted);
    ebb_set_header(block, wanted, block[EBB_HEADER] & EBB_FLAGS);
    ebb_set_header(tail, rest, EBB_USED | EBB_LEFT_USED);
    ebb_release(heap, tail, rest);
}

/* Idle memory costs something at each free. Once it has cost as much as giving it back, that is what happens. */
static void wait_with_idle(struct ebb_heap *heap) {
    heap->patience -= (intptr_t)ebb_idle(heap);
    if (heap->patience < 0) {
        ebb_return_idle(heap);
    }
}

static void free_block(struct ebb_heap *heap, ebb_cell *block) {
    ebb_number size = ebb_size(block);
    heap->live = (ebb_number)(heap->live - size);
    ebb_release(heap, block, size);
    wait_with_idle(heap);
}

void ebb_free(struct ebb_heap *heap, void *block) {
    if (block == NULL) {
        return;
    }
    if (!ebb_is_block(heap, block)) {
        ebb_report_pointer(heap, block);
        return;
    }
    free_block(heap, block);
}

void ebb_free_sized(struct ebb_heap *heap, void *block, size_t size) {
    if (block == NULL) {
        return;
    }
    if (!ebb_is_block(heap, block)) {
        ebb_report_pointer(heap, block);
        return;
    }
    if (size > EBB_LARGEST_REQUEST || ebb_size(block) - (size_t)ebb_size_for(size) >= EBB_SIZE_MIN) {
        ebb_report(heap, EBB_FAULT_SIZE, block);
        return;
    }
    free_block(heap, block);
}
