/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Reallocation: in place if at all possible, then to the left, then elsewhere. In place or to the left, the block takes
 * in all the free memory that it needs a part of, and then gives back what is too much.
 */
#include "fault.h"
#include "internal.h"
#include "memory.h"

/* The granules of a free block; 0 if it is in use, or top. */
static inline size_t free_size(const ebb_cell *block) {
    return ebb_is_used(block) ? 0 : ebb_size(block);
}

static inline bool is_top(const struct ebb_heap *heap, const ebb_cell *block) {
    return block == ebb_top(heap);
}

/* [block][ free right ][next]  ->  [       block       ][next] */
static void absorb_right(struct ebb_heap *heap, ebb_cell *block, size_t size) {
    ebb_cell *right = ebb_after(block, size);
    size_t all = size + ebb_size(right);
    ebb_unbin(&heap->bins, right);
    ebb_resize(block, all);
    ebb_set_left_used(ebb_after(block, all));
}

/* [block][ idle   ->  [   block   ][ idle */
static bool absorb_idle(struct ebb_heap *heap, ebb_cell *block, size_t size, size_t wanted) {
    size_t more = wanted - size;
    bool suffices = heap->idle >= more || ebb_grow(heap, more);
    /* Growth over a gap has made top somebody else's neighbour. */
    if (!suffices || !is_top(heap, ebb_after(block, size))) {
        return false;
    }
    ebb_take_top(heap, more);
    ebb_resize(block, wanted);
    return true;
}

static bool widen(struct ebb_heap *heap, ebb_cell *block, size_t size, size_t wanted) {
    ebb_cell *right = ebb_after(block, size);
    if (is_top(heap, right) && absorb_idle(heap, block, size, wanted)) {
        return true;
    }
    if (size + free_size(right) < wanted) {
        return false;
    }
    absorb_right(heap, block, size);
    return true;
}

/*
 * [ free left ][block][ free right or idle ]  ->  [        block         ]
 *
 * Returns the block's new place; NULL, and nothing has changed, if all that is not enough.
 */
static ebb_cell *move_left(struct ebb_heap *heap, ebb_cell *block, size_t size, size_t wanted) {
    ebb_cell *right = ebb_after(block, size);
    size_t left_size = ebb_left_is_used(block) ? 0 : ebb_left_size(block);
    size_t right_size = free_size(right);
    size_t all = left_size + size + right_size;
    size_t idle = is_top(heap, right) ? heap->idle : 0;
    if (left_size == 0 || all + idle < wanted) {
        return NULL;
    }
    if (right_size != 0) {
        absorb_right(heap, block, size);
    }
    ebb_cell *left = ebb_before(block, left_size);
    ebb_unbin(&heap->bins, left);
    memmove(left, block, ebb_payload_of(size));
    ebb_set_header(left, ebb_header_of(all, (ebb_header(left) & EBB_LEFT_USED) | EBB_USED));
    ebb_set_left_used(ebb_after(left, all));
    if (all < wanted) {
        absorb_idle(heap, left, all, wanted);
    }
    return left;
}

static EBB_COLD void *copy_elsewhere(struct ebb_heap *heap, ebb_cell *block, size_t bytes) {
    void *copy = ebb_alloc(heap, bytes);
    if (copy != NULL) {
        memcpy(copy, block, ebb_payload_of(ebb_size(block)));
        ebb_free(heap, block);
    }
    return copy;
}

/* The block, of at least `wanted` granules, in its place or moved to the left; NULL if it has to go elsewhere. */
static ebb_cell *resize_here(struct ebb_heap *heap, ebb_cell *block, size_t size, size_t wanted) {
    if (wanted > size && !widen(heap, block, size, wanted)) {
        block = move_left(heap, block, size, wanted);
        if (block == NULL) {
            return NULL;
        }
    }
    ebb_release_tail(heap, block, wanted);
    ebb_count_freed(heap, size);
    ebb_count_live(heap, ebb_size(block));
    return block;
}

void *ebb_realloc(struct ebb_heap *heap, void *block, size_t size) {
    if (block == NULL) {
        return ebb_alloc(heap, size);
    }
    struct ebb_block_in_use found;
    if (!ebb_find_block(heap, block, &found)) {
        ebb_report_pointer(heap, block);
        return NULL;
    }
    ebb_count_request(heap, size);
    if (size > EBB_LARGEST_REQUEST) {
        return ebb_fail(heap);
    }
    size_t wanted = ebb_size_for(size);
    if (found.size - wanted < EBB_SIZE_MIN) {
        return block;
    }
    ebb_cell *resized = resize_here(heap, found.block, found.size, wanted);
    return resized != NULL ? resized : copy_elsewhere(heap, found.block, size);
}
