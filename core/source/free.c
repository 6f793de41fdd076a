/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Freeing: a block becomes part of the free memory around it. */
#include "fault.h"
#include "internal.h"
#include "loose.h"

/* [ free? ][block][ idle   ->  [       idle */
static EBB_COLD void join_top(struct ebb_heap *heap, ebb_cell *block) {
    if (!ebb_left_is_used(block) && ebb_left_size(block) != 0) {
        block = ebb_before(block, ebb_left_size(block));
        ebb_unbin(&heap->bins, block);
    }
    ebb_set_top(heap, block, ebb_header(block));
    if (heap->idle > heap->return_above && heap->reluctance == 0) {
        ebb_return_burst(heap);
    }
}

/* A function of its own: inline, the registers it needs would cost all other paths more than the jump does here. */
static EBB_COLD void bin(struct ebb_heap *heap, ebb_cell *block, size_t size) {
    ebb_bin(heap, block, size);
}

/* [ free left ][block]  ->  [      left      ] */
static EBB_COLD void merge_left(struct ebb_heap *heap, ebb_cell *block, size_t size, ebb_cell *right) {
    size_t left_size = ebb_left_size(block);
    if (left_size == 0) {
        /* No block, but a gap. */
        ebb_set_left_size(right, size);
        ebb_set_loose(heap, block);
        return;
    }
    ebb_cell *left = ebb_before(block, left_size);
    ebb_set_header(left, ebb_header(left) + ebb_header_of(size, 0));
    ebb_set_left_size(right, left_size + size);
    if (ebb_link_to(heap, left) != ebb_first_link(&heap->bins, EBB_LOOSE)) {
        ebb_unbin(&heap->bins, left);
        ebb_set_loose(heap, left);
    }
}

/* [block][ free right ]  ->  [       block       ], and if the left one is free as well, into that. */
static EBB_COLD void merge_right(struct ebb_heap *heap, ebb_cell *block, size_t size, ebb_cell *right) {
    size_t right_size = ebb_size(right);
    if (right_size == 0) {
        join_top(heap, block);
        return;
    }
    size_t header = ebb_header(block) + ebb_header_of(right_size, 0);
    size += right_size;
    ebb_unbin(&heap->bins, right);
    ebb_set_header(block, header);
    right = ebb_after(right, right_size);
    if (!ebb_left_used_in(header)) {
        merge_left(heap, block, size, right);
        return;
    }
    ebb_set_left_size(right, size);
    ebb_set_loose(heap, block);
}

/*
 * Makes a block in use, whose header and whose right neighbour's are as given, free memory.
 *
 * Its header says so also where it is about to be swallowed by another: a second free will find that it is not in use.
 */
static inline void release(struct ebb_heap *heap, const struct ebb_block_in_use *freed) {
    ebb_cell *block = freed->block;
    ebb_cell *right = freed->right;
    ebb_set_header(block, freed->header - EBB_USED);
    if (!ebb_used_in(freed->right_header)) {
        merge_right(heap, block, freed->size, right);
        return;
    }
    ebb_set_header(right, freed->right_header & ~(size_t)EBB_LEFT_USED);
    if (!ebb_left_used_in(freed->header)) {
        merge_left(heap, block, freed->size, right);
        return;
    }
    ebb_set_left_size(right, freed->size);
    bin(heap, block, freed->size);
}

void ebb_release(struct ebb_heap *heap, ebb_cell *block, size_t size) {
    struct ebb_block_in_use freed = {.block = block, .header = ebb_header(block), .size = size};
    freed.right = ebb_after(block, size);
    freed.right_header = ebb_header(freed.right);
    release(heap, &freed);
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
    /* Unless this block has made a burst, and all is given back already. */
    if (heap->patience < 0) {
        ebb_return_idle(heap);
    }
}

static inline void free_block(struct ebb_heap *heap, const struct ebb_block_in_use *freed) {
    ebb_count_freed(heap, freed->size);
    if (ebb_charge(heap)) {
        release_and_return_idle(heap, freed->block, freed->size);
        return;
    }
    release(heap, freed);
}

void ebb_free(struct ebb_heap *heap, void *block) {
    struct ebb_block_in_use found;
    if (!ebb_find_block(heap, block, &found)) {
        ebb_report_pointer(heap, block);
        return;
    }
    free_block(heap, &found);
}

void ebb_free_sized(struct ebb_heap *heap, void *block, size_t size) {
    struct ebb_block_in_use found;
    if (!ebb_find_block(heap, block, &found)) {
        ebb_report_pointer(heap, block);
        return;
    }
    if (size > EBB_LARGEST_REQUEST || found.size - ebb_size_for(size) >= EBB_SIZE_MIN) {
        ebb_report(heap, EBB_FAULT_SIZE, block);
        return;
    }
    free_block(heap, &found);
}
