/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Reallocation: in place if at all possible, then to the left, then elsewhere. */
#include "fault.h"
#include "internal.h"
#include "memory.h"

/* The granules of the free block to the right; 0 if it is in use, or top. */
static ebb_number free_to_the_right(const ebb_cell *right) {
    return ebb_is_used(right) ? 0 : ebb_size(right);
}

static bool is_top(const struct ebb_heap *heap, const ebb_cell *block) {
    return block == ebb_top(heap);
}

/* [block][ free right ][next]  ->  [   block   ][ free ][next] */
static void absorb_right(struct ebb_heap *heap, ebb_cell *block, ebb_number size, ebb_number wanted) {
    ebb_cell *right = ebb_after(block, size);
    ebb_number right_size = ebb_size(right);
    ebb_cell *next = ebb_after(right, right_size);
    ebb_number rest = (ebb_number)(size + right_size - wanted);
    ebb_unbin(&heap->bins, right, right_size);
    if (rest < EBB_SIZE_MIN) {
        ebb_set_left_used(next);
        wanted = (ebb_number)(wanted + rest);
    } else {
        ebb_cell *tail = ebb_after(block, wanted);
        ebb_set_header(tail, rest, EBB_LEFT_USED);
        ebb_set_left_free(next, rest);
        ebb_bin(&heap->bins, tail, rest);
    }
    ebb_set_header(block, wanted, block[EBB_HEADER] & EBB_FLAGS);
}

/* [block][ idle   ->  [   block   ][ idle */
static void absorb_idle(struct ebb_heap *heap, ebb_cell *block, ebb_number size, ebb_number more) {
    ebb_take_top(heap, more);
    ebb_set_header(block, (ebb_number)(size + more), block[EBB_HEADER] & EBB_FLAGS);
}

static bool widen(struct ebb_heap *heap, ebb_cell *block, ebb_number size, ebb_number wanted) {
    ebb_cell *right = ebb_after(block, size);
    ebb_number more = (ebb_number)(wanted - size);
    if (is_top(heap, right)) {
        bool suffices = ebb_idle(heap) >= more || ebb_grow(heap, more);
        /* Growth over a gap has made top somebody else's neighbour. */
        if (suffices && is_top(heap, right)) {
            absorb_idle(heap, block, size, more);
            return true;
        }
    }
    if (free_to_the_right(right) < more) {
        return false;
    }
    absorb_right(heap, block, size, wanted);
    return true;
}

/*
 * [ free left ][block][ free right or idle ]  ->  [        block         ]
 *
 * Returns the block's new place; NULL, and nothing has changed, if all that is not enough.
 */
static ebb_cell *move_left(struct ebb_heap *heap, ebb_cell *block, ebb_number size, ebb_number wanted) {
    ebb_number left_size = ebb_left_is_used(block) ? 0 : ebb_left_size(block);
    if (left_size == 0) {
        return NULL;
    }
    ebb_cell *right = ebb_after(block, size);
    size_t idle = is_top(heap, right) ? ebb_idle(heap) : 0;
    ebb_number right_size = free_to_the_right(right);
    size_t all = (size_t)left_size + size + right_size;
    if (all + idle < wanted || all > EBB_SIZE_MAX) {
        return NULL;
    }
    if (right_size != 0) {
        ebb_unbin(&heap->bins, right, right_size);
    }
    ebb_cell *left = ebb_before(block, left_size);
    ebb_unbin(&heap->bins, left, left_size);
    ebb_number flags = left[EBB_HEADER] & EBB_LEFT_USED;
    memmove(left, block, ebb_payload_of(size));
    ebb_set_header(left, (ebb_number)all, flags | EBB_USED);
    ebb_set_left_used(ebb_after(left, (ebb_number)all));
    if (all < wanted) {
        absorb_idle(heap, left, (ebb_number)all, (ebb_number)(wanted - all));
    }
    return left;
}

static ebb_cell *copy_elsewhere(struct ebb_heap *heap, ebb_cell *block, ebb_number size, ebb_number wanted) {
    ebb_cell *copy = ebb_take(heap, wanted);
    if (copy == NULL) {
        return NULL;
    }
    ebb_count_live(heap, ebb_size(copy));
    memcpy(copy, block, ebb_payload_of(size));
    ebb_free(heap, block);
    return copy;
}

static ebb_cell *resize(struct ebb_heap *heap, ebb_cell *block, ebb_number wanted) {
    ebb_number size = ebb_size(block);
    if (wanted > size && !widen(heap, block, size, wanted)) {
        ebb_cell *moved = move_left(heap, block, size, wanted);
        if (moved == NULL) {
            return copy_elsewhere(heap, block, size, wanted);
        }
        block = moved;
    }
    ebb_release_tail(heap, block, wanted);
    ebb_count_live(heap, (ebb_number)(ebb_size(block) - size));
    return block;
}

void *ebb_realloc(struct ebb_heap *heap, void *block, size_t size) {
    if (block == NULL) {
        return ebb_alloc(heap, size);
    }
    if (!ebb_is_block(heap, block)) {
        ebb_report_pointer(heap, block);
        return NULL;
    }
    ebb_count_request(heap, size);
    ebb_cell *resized = size <= EBB_LARGEST_REQUEST ? resize(heap, block, ebb_size_for(size)) : NULL;
    return resized != NULL ? resized : ebb_fail(heap);
}
