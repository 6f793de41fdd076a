/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Reallocation: in place if at all possible, then to the left, then elsewhere. In place or to the left, the block takes
 * in all the free memory that it needs a part of, and then gives back what is too much.
 */
#include "bins.h"
#include "fault.h"
#include "internal.h"
#include "memory.h"
#include "sound.h"

/* How many cells of top a block that ends at `right` can have; makes top larger if it can, should that be too few. */
static size_t room_in_top(struct ebb_heap *heap, const ebb_cell *right, size_t wanted) {
    if (right == ebb_top(heap) && heap->idle < ebb_bytes_of(wanted)) {
        ebb_grow(heap, ebb_bytes_of(wanted));
    }
    /* Growth over a gap makes a free block, or nothing, of what was top. */
    return right == ebb_top(heap) ? heap->idle / EBB_GRANULE * EBB_GRANULE_CELLS : 0;
}

/* [block][ free right ][next]  ->  [       block       ][next]; returns the size of the block then. */
static size_t absorb_right(struct ebb_heap *heap, ebb_cell *block, size_t size) {
    ebb_cell *right = ebb_after(block, size);
    size_t right_size = ebb_is_used(right) ? 0 : ebb_size(right);
    if (right_size != 0) {
        size += right_size;
        ebb_unbin(heap, right);
        ebb_resize(heap, block, size);
        ebb_set_left_used(heap, ebb_after(block, size));
    }
    return size;
}

/*
 * [ free left ][block]  ->  [       block      ], with the first `copied` cells of it
 *
 * The old header says that there is no block any more: who frees the old address shall be found out.
 */
static ebb_cell *absorb_left(struct ebb_heap *heap, ebb_cell *block, size_t size, size_t copied) {
    ebb_cell *left = ebb_before(block, ebb_left_size(block));
    ebb_unbin(heap, left);
    ebb_set_header(heap, block, ebb_header_of(0, 0));
    memmove(ebb_payload(left), ebb_payload(block), ebb_payload_of(copied));
    ebb_set_header(heap, left, ebb_header(left) + ebb_header_of(size, EBB_USED));
    return left;
}

/*
 * Returns the block, in its place or moved to the left, with `wanted` cells or more; with fewer if it has to go
 * elsewhere. What is free to the right is a part of it even then: it would be when the block is freed.
 */
static ebb_cell *widen(struct ebb_heap *heap, ebb_cell *block, size_t size, size_t wanted) {
    size_t idle = room_in_top(heap, ebb_after(block, size), wanted - size);
    size_t all = absorb_right(heap, block, size);
    if (all + idle < wanted) {
        size_t left_size = ebb_left_is_used(block) ? 0 : ebb_left_size(block);
        if (left_size == 0 || all + left_size + idle < wanted) {
            return block;
        }
        block = absorb_left(heap, block, all, size);
        all += left_size;
    }
    if (all < wanted) {
        ebb_take_top(heap, wanted - all);
        ebb_resize(heap, block, wanted);
    }
    return block;
}

/* The block may have more than the `size` cells that it is to keep if there is no room elsewhere. */
static void *copy_elsewhere(struct ebb_heap *heap, ebb_cell *block, size_t size, size_t bytes) {
    void *copy = ebb_alloc(heap, bytes);
    if (copy == NULL) {
        ebb_release_tail(heap, block, size);
        return NULL;
    }
    memcpy(copy, ebb_payload(block), ebb_payload_of(size));
    ebb_count_freed(heap, size);
    ebb_release(heap, block);
    return copy;
}

static EBB_COLD void *resize(struct ebb_heap *heap, ebb_cell *block, size_t wanted, size_t bytes) {
    size_t size = ebb_size(block);
    if (wanted > size) {
        block = widen(heap, block, size, wanted);
    }
    if (wanted > ebb_size(block)) {
        return copy_elsewhere(heap, block, size, bytes);
    }
    ebb_release_tail(heap, block, wanted);
    ebb_count_freed(heap, size);
    return ebb_hand_out(heap, block, ebb_size(block));
}

void *ebb_realloc(struct ebb_heap *heap, void *block, size_t size) {
    if (block == NULL) {
        return ebb_alloc(heap, size);
    }
    ebb_cell *old = ebb_find_block(heap, block);
    if (old == NULL) {
        return NULL;
    }
    struct ebb_block_in_use found = ebb_describe(old);
    size_t wanted = ebb_admit(heap, size);
    if (wanted == 0) {
        return ebb_fail(heap);
    }
    bool fits = ebb_size_in(found.header) - wanted < EBB_SIZE_MIN;
    if (!fits && !ebb_may_be_resized(heap, &found, wanted)) {
        return ebb_fail(heap);
    }
    return fits ? block : resize(heap, found.block, wanted, size);
}
