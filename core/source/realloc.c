/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Reallocation: in place if at all possible, then to the left, then elsewhere. In place or to the left, the block takes
 * in all the free memory that it needs a part of, and then gives back what is too much.
 */
#include "alloc.h"
#include "bins.h"
#include "counts.h"
#include "end.h"
#include "fault.h"
#include "free.h"
#include "memory.h"
#include "sound.h"

/* How many units of top a block that ends at `right` can have; makes top larger if it can, should that be too few. */
static size_t room_in_top(struct ebb_heap *heap, const ebb_cell *right, size_t wanted) {
    if (right == ebb_top(heap) && heap->idle < ebb_bytes_of(wanted)) {
        ebb_grow(heap, ebb_bytes_of(wanted));
    }
    /* Growth over a gap makes a free block, or nothing, of what was top. */
    return right == ebb_top(heap) ? heap->idle / EBB_UNIT : 0;
}

/*
 * Moves what the block holds to the start of the free block to its left, and returns that; its header is written by the
 * caller.
 *
 * The old header says that there is no block any more: who frees the old address shall be found out.
 */
static ebb_cell *move_left(struct ebb_heap *heap, ebb_cell *block, size_t size, size_t left_size) {
    ebb_cell *left = ebb_before(block, left_size);
    ebb_unbin(heap, left);
    ebb_set_header(heap, block, ebb_header_of(0, 0));
    memmove(ebb_payload(left), ebb_payload(block), ebb_payload_of(size));
    return left;
}

/*
 * [ free left ][block][ free right ][next]  ->  [        block         ][next]
 * [ free left ][block][ idle                ->  [    block    ][ idle
 *
 * Returns the block, of at least `wanted` units, in its place or moved to the left; NULL if it has to go elsewhere.
 */
static ebb_cell *widen(struct ebb_heap *heap, ebb_cell *block, size_t size, size_t wanted) {
    ebb_cell *right = ebb_after(block, size);
    size_t idle = room_in_top(heap, right, wanted - size);
    size_t right_size = ebb_is_used(right) ? 0 : ebb_size(right);
    size_t all = size + right_size;
    size_t left_size = all + idle >= wanted || ebb_left_is_used(block) ? 0 : ebb_left_size(block);
    all += left_size;
    if (all + idle < wanted) {
        return NULL;
    }
    if (right_size != 0) {
        ebb_unbin(heap, right);
    }
    if (left_size != 0) {
        block = move_left(heap, block, size, left_size);
    }
    if (all < wanted) {
        /* No block is where top began, but one may have been: who frees that address shall be found out. */
        ebb_set_header(heap, ebb_take_top(heap, wanted - all), ebb_header_of(0, 0));
        all = wanted;
    } else {
        ebb_set_left_used(heap, ebb_after(block, all));
    }
    ebb_use_as(heap, block, all);
    return block;
}

static inline void *copy_elsewhere(struct ebb_heap *heap, ebb_cell *block, size_t size, size_t bytes) {
    void *copy = ebb_alloc(heap, bytes);
    if (copy != NULL) {
        memcpy(copy, ebb_payload(block), ebb_payload_of(size));
        ebb_count_freed(heap, size);
        ebb_release(heap, block);
        /* A block freed to its right may have put that off: see ebb_free_block(). */
        ebb_return_idle_if_due(heap);
    }
    return copy;
}

/* From `size` units to `wanted`, which a request of `bytes` needs. */
static EBB_OUT_OF_LINE void *resize(struct ebb_heap *heap, ebb_cell *block, size_t size, size_t wanted, size_t bytes) {
    bool grows = wanted > size;
    if (grows) {
        ebb_cell *widened = widen(heap, block, size, wanted);
        if (widened == NULL) {
            return copy_elsewhere(heap, block, size, bytes);
        }
        block = widened;
    }
    /* On the policy's clock, too: a program may do nothing but this for long. */
    (void)ebb_charge(heap);
    ebb_release_tail(heap, block, wanted);
    if (grows) {
        ebb_return_idle_if_overdue(heap);
    } else {
        ebb_return_idle_if_due(heap);
    }
    ebb_count_freed(heap, size);
    return ebb_hand_out(heap, ebb_size(block), block);
}

/* Whether there is nothing but blocks in use on both sides: then a block cannot become wider where it is. */
static inline bool is_hemmed_in(const struct ebb_block_in_use *found) {
    return ebb_left_used_in(found->header) && ebb_used_in(found->right_header);
}

static EBB_OUT_OF_LINE void *resize_hemmed_in(struct ebb_heap *heap, ebb_cell *block, size_t size, size_t bytes) {
    return copy_elsewhere(heap, block, size, bytes);
}

void *ebb_realloc(struct ebb_heap *heap, void *block, size_t size) {
    heap = ebb_opaque_pointer(heap);
    size = ebb_opaque(size);
    if (block == NULL) {
        return ebb_alloc(heap, size);
    }
    ebb_cell *old = ebb_find_block(heap, block);
    if (old == NULL) {
        return NULL;
    }
    struct ebb_block_in_use found = ebb_describe(old);
    if (!ebb_admit(heap, size)) {
        return ebb_fail(heap);
    }
    size_t old_size = ebb_size_in(found.header);
    size_t wanted = ebb_size_for(size);
    bool fits = ebb_stays(old_size - wanted, wanted);
    if (fits) {
        return ebb_payload(old);
    }
    if (!ebb_verify_resize(heap, &found, wanted)) {
        return ebb_fail(heap);
    }
    /* A frequent case, which needs few of the values that resize() keeps in registers. */
    if (EBB_HAS_SHORTCUTS && wanted > old_size && is_hemmed_in(&found)) {
        return resize_hemmed_in(heap, old, old_size, size);
    }
    return resize(heap, old, old_size, wanted, size);
}
