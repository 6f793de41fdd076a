/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Freeing: a block becomes part of the free memory around it. */
#include "fault.h"
#include "internal.h"

/*
 * [ free? ][block][ idle   ->  [       idle
 *
 * There is more than one free block to the left only where two did not fit into one: no more than a region has of the
 * largest blocks.
 */
static void join_top(struct ebb_heap *heap, ebb_cell *block) {
    while (!ebb_left_is_used(block) && ebb_left_size(block) != 0) {
        block = ebb_before(block, ebb_left_size(block));
        ebb_unbin(&heap->bins, block);
    }
    ebb_set_top(heap, ebb_number_of(heap, block), ebb_header(block));
    if (ebb_idle(heap) > heap->return_above && heap->reluctance == 0) {
        ebb_return_burst(heap);
    }
}

/* Whether two neighbours of these sizes fit into one block: a large region has room for more than a header can say. */
static inline bool fit_into_one(size_t left, size_t right) {
    return left + right <= EBB_SIZE_MAX;
}

void ebb_release(struct ebb_heap *heap, ebb_cell *block, size_t size) {
    ebb_cell *right = ebb_after(block, size);
    size_t header = ebb_header(block) & ~(size_t)EBB_USED;
    size_t right_header = ebb_header(right);
    /* Also where the block is about to be swallowed by another: a second free will find that it is not in use. */
    ebb_set_header(block, header);
    if (!ebb_used_in(right_header)) {
        size_t right_size = ebb_size_in(right_header);
        if (right_size == 0) {
            join_top(heap, block);
            return;
        }
        if (fit_into_one(size, right_size)) {
            /* [block][ free right ]  ->  [       block       ] */
            ebb_unbin(&heap->bins, right);
            size += right_size;
            header += ebb_header_of(right_size, 0);
            right = ebb_after(block, size);
            right_header = ebb_header(right);
        }
    }
    if (!ebb_left_used_in(header)) {
        size_t left_size = ebb_left_size(block);
        if (left_size != 0 && fit_into_one(left_size, size)) {
            /* [ free left ][block]  ->  [      block      ] */
            block = ebb_before(block, left_size);
            ebb_unbin(&heap->bins, block);
            header = ebb_header(block) + ebb_header_of(size, 0);
            size += left_size;
        }
    }
    ebb_set_header(block, header);
    ebb_set_header(right, right_header & ~(size_t)EBB_LEFT_USED);
    ebb_set_left_size(right, size);
    ebb_bin(&heap->bins, block, size);
}

void ebb_release_tail(struct ebb_heap *heap, ebb_cell *block, size_t wanted) {
    size_t rest = ebb_size(block) - wanted;
    if (ebb_is_too_small(rest)) {
        return;
    }
    ebb_cell *tail = ebb_after(block, wanted);
    ebb_resize(block, wanted);
    ebb_set_header(tail, ebb_header_of(rest, EBB_USED | EBB_LEFT_USED));
    ebb_release(heap, tail, rest);
}

static EBB_COLD void release_and_return_idle(struct ebb_heap *heap, ebb_cell *block, size_t size) {
    ebb_release(heap, block, size);
    /* Unless that has made the policy move the end already. */
    if (heap->patience < 0) {
        ebb_return_idle(heap);
    }
}

/* Idle memory costs something at each free. Once it has cost as much as giving it back would, that is what happens. */
static inline void free_block(struct ebb_heap *heap, ebb_cell *block) {
    size_t size = ebb_size(block);
    heap->live = (ebb_number)(heap->live - size);
    heap->patience -= (intptr_t)ebb_idle(heap);
    if (heap->patience < 0) {
        release_and_return_idle(heap, block, size);
        return;
    }
    ebb_release(heap, block, size);
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
    if (size > EBB_LARGEST_REQUEST || ebb_size(block) - ebb_size_for(size) >= EBB_SIZE_MIN) {
        ebb_report(heap, EBB_FAULT_SIZE, block);
        return;
    }
    free_block(heap, block);
}
