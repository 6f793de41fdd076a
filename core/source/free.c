/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Freeing: a block becomes part of the free memory around it. */
#include "free.h"
#include "bins.h"
#include "counts.h"
#include "end.h"
#include "fault.h"
#include "sound.h"

/* [ free? ][block][ idle   ->  [       idle; the block's header says that it is in use, still. */
static EBB_OUT_OF_LINE void join_top(struct ebb_heap *heap, ebb_cell *block) {
    ebb_poison_header_of_top(heap);
    size_t header = ebb_header(block) - EBB_USED;
    if (ebb_has_free_left(block, header)) {
        ebb_set_header(heap, block, header);
        ebb_cell *left = ebb_before(block, ebb_left_size(block));
        ebb_unbin(heap, left);
        ebb_poison_links(left);
        ebb_poison_seam(block);
        block = left;
    }
    ebb_set_top(heap, block, ebb_header(block));
    ebb_return_burst(heap);
}

/*
 * [ free left ][block]  ->  [      left      ]. The block, of `size` units by now, may have swallowed its right one.
 * Where there are no shortcuts, also [used][block]  ->  [used][ free ] of one that has.
 */
static EBB_OUT_OF_LINE void merge_left(struct ebb_heap *heap, ebb_cell *block, size_t size, ebb_cell *right) {
    size_t left_size = !EBB_HAS_SHORTCUTS && ebb_left_is_used(block) ? 0 : ebb_left_size(block);
    ebb_cell *left = ebb_before(block, left_size);
    ebb_set_left_size(right, left_size + size);
    /* If it has no size, it is no block, but a gap, and `left` is the block itself. */
    if (left_size != 0) {
        ebb_poison_seam(block);
        ebb_set_header(heap, left, ebb_header(left) + ebb_header_of(size, 0));
        if (ebb_is_loose(left)) {
            return;
        }
        ebb_unbin(heap, left);
    }
    ebb_put_free(heap, left, left_size + size);
}

/*
 * [block][ free right ]  ->  [       block       ], and if the left one is free as well, into that. The block's header
 * says that it is in use, still: writing it twice would be a store for nothing.
 */
static EBB_OUT_OF_LINE void merge_right(struct ebb_heap *heap, ebb_cell *block, size_t right_size, ebb_cell *right) {
    heap = ebb_opaque_pointer(heap);
    block = ebb_opaque_pointer(block);
    if (right_size == 0) {
        join_top(heap, block);
        return;
    }
    size_t header = ebb_header(block) + ebb_header_of(right_size, 0) - EBB_USED;
    ebb_cell *next = ebb_after(right, right_size);
    ebb_set_header(heap, block, header);
    if (!EBB_HAS_SHORTCUTS || !ebb_left_used_in(header)) {
        ebb_unbin(heap, right);
        ebb_poison_seam(right);
        merge_left(heap, block, ebb_size_in(header), next);
        return;
    }
    ebb_set_left_size(next, ebb_size_in(header));
    /* Most often so: it is what was left when this block was cut off. */
    if (ebb_is_loose(right)) {
        ebb_replace_loose(heap, block, ebb_link_to(heap, block));
    } else {
        ebb_unbin(heap, right);
        ebb_put_free(heap, block, ebb_size_in(header));
    }
    ebb_poison_seam(right);
}

/*
 * Makes a block in use free memory.
 *
 * The header says that the block is free also where it is about to be swallowed by another: a double free will find
 * that it is not in use.
 */
static inline void release(struct ebb_heap *heap, ebb_cell *block, size_t used_header, size_t right_header) {
    size_t size = ebb_size_in(used_header);
    ebb_cell *right = ebb_after(block, size);
    ebb_poison_payload(block, right);
    if (!ebb_used_in(right_header)) {
        merge_right(heap, block, ebb_size_in(right_header), right);
        return;
    }
    ebb_set_header(heap, block, used_header - EBB_USED);
    ebb_set_header(heap, right, right_header - EBB_LEFT_USED);
    if (!ebb_left_used_in(used_header)) {
        merge_left(heap, block, size, right);
        return;
    }
    ebb_set_left_size(right, size);
    ebb_bin(heap, block, size, ebb_link_to(heap, block));
}

EBB_OUT_OF_LINE void ebb_release(struct ebb_heap *heap, ebb_cell *block) {
    heap = ebb_opaque_pointer(heap);
    block = ebb_opaque_pointer(block);
    size_t header = ebb_header(block);
    release(heap, block, header, ebb_header(ebb_after(block, ebb_size_in(header))));
}

/* As ebb_release(), of a block described already: in line, where code may be large and there are registers for it. */
static inline void release_in_line(struct ebb_heap *heap, const struct ebb_block_in_use *found) {
    if (EBB_IS_SMALL || EBB_HAS_FEW_REGISTERS) {
        ebb_release(heap, found->block);
    } else {
        release(heap, found->block, found->header, found->right_header);
    }
}

void ebb_release_tail(struct ebb_heap *heap, ebb_cell *block, size_t wanted) {
    if (!ebb_stays(ebb_size(block) - wanted, wanted)) {
        ebb_release(heap, ebb_split_used(heap, block, wanted));
    }
}

static EBB_APART void release_and_return_idle(struct ebb_heap *heap, ebb_cell *block) {
    ebb_release(heap, block);
    /* It may have given back already what it joined to top. */
    ebb_return_idle_if_due(heap);
}

/* Whether a free may put off what is due: not where that would make other frees longer, or code larger. */
#if EBB_IS_SMALL || EBB_HAS_FEW_REGISTERS
enum { MAY_PUT_OFF = 0 };
#else
enum { MAY_PUT_OFF = 1 };
#endif

/*
 * The longest of all frees, those that merge to the left too, leave what the policy has to do to the next call that can
 * do it. That comes in the end: blocks are cut off at the lower end of free memory, and these frees add to its upper
 * end, so it moves up until it joins top. Only an aligned block may have free memory to its left from the beginning,
 * and only a block that is moved leaves free memory without a free: so ebb_aligned_alloc() and ebb_realloc() do what
 * was left to them.
 */
extern EBB_INLINE void ebb_free_block(struct ebb_heap *heap, ebb_cell *block) {
    struct ebb_block_in_use found = ebb_describe(block);
    if (!ebb_verify_neighbours(heap, &found)) {
        return;
    }
    ebb_count_freed(heap, ebb_size_in(found.header));
    bool is_impatient = ebb_charge(heap);
    if (!is_impatient) {
        release_in_line(heap, &found);
    } else if (MAY_PUT_OFF && ebb_has_free_left(block, found.header)) {
        /* Many in a row must not come to where there is no lower number any more. */
        ebb_cost_left least = -EBB_COST_LEFT_MAX / 2;
        heap->patience = heap->patience > least ? heap->patience : least;
        ebb_release(heap, block);
    } else {
        release_and_return_idle(heap, block);
    }
}

void ebb_free(struct ebb_heap *heap, void *block) {
    heap = ebb_opaque_pointer(heap);
    ebb_cell *found = ebb_find_block_in_line(heap, block);
    if (found != NULL) {
        ebb_free_block(heap, found);
    }
}
