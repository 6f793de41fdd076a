/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * At level 2: whether what free blocks and top say is true, before any of it is believed. At other levels, all of it
 * counts as true.
 *
 * The control block is trusted, and through it the head of each list; nothing else is read before it is known to lie
 * within the heap.
 */
#ifndef EBB_SOURCE_SOUND_H
#define EBB_SOURCE_SOUND_H

#include "bins.h"
#include "fault.h"
#include "poison.h"

/* ---- Looking: nothing is reported ---- */

/* Whether a link leads to a free block, by its header. Reads nothing outside the blocks. */
static inline bool ebb_leads_to_free_block(const struct ebb_heap *heap, size_t link) {
    const ebb_cell *block = ebb_at_link(heap, link);
    size_t offset = ebb_offset_of(heap, block + 1);
    /* A link that is too large for the address space may lead to a block all the same. */
    return link == ebb_link_to(heap, block) && offset % EBB_GRANULE == 0 && offset < heap->extent &&
           !ebb_is_used(block) && ebb_is_sealed(heap, block);
}

/* Whether what follows a free block in its list, if anything, is a free block that links back to it. */
static inline bool ebb_next_links_back(const struct ebb_heap *heap, const ebb_cell *block) {
    if (!EBB_IS_SEALED) {
        return true;
    }
    size_t next = block[EBB_NEXT];
    return next == EBB_NONE ||
           (ebb_leads_to_free_block(heap, next) && ebb_at_link(heap, next)[EBB_PREV] == ebb_link_to(heap, block));
}

/* Whether a free block may be passed over for the next one of its list: what it says of its size, and what follows. */
static inline bool ebb_may_be_passed(const struct ebb_heap *heap, const ebb_cell *block) {
    return ebb_is_sealed(heap, block) && ebb_next_links_back(heap, block);
}

/* Whether what is before a free block in its list is another one, or the bin of its size, and links to it. */
static inline bool ebb_prev_links_back(const struct ebb_heap *heap, const ebb_cell *block) {
    size_t link = ebb_link_to(heap, block);
    size_t prev = block[EBB_PREV];
    bool is_known = prev == EBB_LOOSE || prev == ebb_link_to_bin(ebb_class_of(ebb_size(block))) ||
                    (prev != link && ebb_leads_to_free_block(heap, prev));
    return is_known && ebb_at_link(heap, prev)[EBB_NEXT] == link;
}

/* Whether `block`, between the first block and top, is a free one, and in a list. */
static inline bool ebb_is_free_block(const struct ebb_heap *heap, ebb_cell *block) {
    size_t header = ebb_header(block);
    size_t size = ebb_size_in(header);
    size_t room = heap->extent - ebb_offset_of(heap, ebb_payload(block));
    return ebb_is_sealed(heap, block) && !ebb_used_in(header) && ebb_bytes_of(size) - 1 < room &&
           !ebb_has_free_left(block, header) && ebb_left_size(ebb_after(block, size)) == size &&
           ebb_next_links_back(heap, block) && ebb_prev_links_back(heap, block);
}

/* Whether the free block to the right of one in use may be merged with it. Top may, always. */
static inline bool ebb_right_is_sound(const struct ebb_heap *heap, const struct ebb_block_in_use *found) {
    return ebb_used_in(found->right_header) || found->right == ebb_top(heap) || ebb_is_free_block(heap, found->right);
}

/* The same of the one to the left, of `size` units, or 0: a gap is left alone. */
static inline bool ebb_left_is_sound(const struct ebb_heap *heap, const struct ebb_block_in_use *found, size_t size) {
    if (ebb_left_used_in(found->header) || size == 0) {
        return true;
    }
    ebb_cell *left = ebb_before(found->block, size);
    return size % EBB_GRANULE_UNITS == 0 && ebb_bytes_of(size) <= ebb_offset_of(heap, ebb_payload(found->block)) &&
           ebb_size(left) == size && ebb_is_free_block(heap, left);
}

/* ---- Verifying: what is wrong is reported, too ---- */

/* Returns whether `is_sound`; if not, reports the block. */
static inline bool ebb_sound_or_report(const struct ebb_heap *heap, ebb_cell *block, bool is_sound) {
    if (!is_sound) {
        ebb_report(heap, EBB_FAULT_CORRUPT, ebb_payload(block));
    }
    return is_sound;
}

/* Whether both neighbours of a block in use may be merged with it. */
static inline bool ebb_verify_neighbours(const struct ebb_heap *heap, const struct ebb_block_in_use *found) {
    if (!EBB_IS_SEALED) {
        return true;
    }
    size_t left_size = ebb_left_size(found->block);
    return ebb_sound_or_report(heap, found->right, ebb_right_is_sound(heap, found)) &&
           ebb_sound_or_report(heap, ebb_before(found->block, left_size), ebb_left_is_sound(heap, found, left_size));
}

/* Whether the lower `wanted` units of a free block, or all of it, may be handed out. */
static inline bool ebb_verify_free_block(const struct ebb_heap *heap, ebb_cell *block, size_t wanted) {
    if (!EBB_IS_SEALED) {
        return true;
    }
    size_t size = ebb_size(block);
    bool is_sound = ebb_is_free_block(heap, block) && size >= wanted && ebb_is_sealed(heap, ebb_after(block, size)) &&
                    ebb_is_poisoned_at_start(block, size, wanted);
    return ebb_sound_or_report(heap, block, is_sound);
}

/* Whether the lowest `size` units of top, as far as it has them, may be handed out. */
static inline bool ebb_verify_top(const struct ebb_heap *heap, size_t size) {
    if (!EBB_IS_SEALED) {
        return true;
    }
    ebb_cell *top = ebb_top(heap);
    bool is_sound = ebb_is_sealed(heap, top) && !ebb_has_free_left(top, ebb_header(top)) &&
                    ebb_top_is_poisoned(heap, ebb_bytes_of(size));
    return ebb_sound_or_report(heap, top, is_sound);
}

/* Whether a block may take in the sound free block to its right, or of top what makes it `wanted` units. */
static inline bool ebb_verify_growth_right(const struct ebb_heap *heap, const struct ebb_block_in_use *found,
                                           size_t wanted) {
    ebb_cell *right = found->right;
    if (right == ebb_top(heap)) {
        return ebb_verify_top(heap, wanted - ebb_size_in(found->header));
    }
    if (ebb_used_in(found->right_header)) {
        return true;
    }
    size_t size = ebb_size_in(found->right_header);
    bool is_sound = ebb_is_sealed(heap, ebb_after(right, size)) && ebb_is_poisoned_inside(right, size);
    return ebb_sound_or_report(heap, right, is_sound);
}

/* Whether a block may take in the sound free block to its left. */
static inline bool ebb_verify_growth_left(const struct ebb_heap *heap, const struct ebb_block_in_use *found) {
    size_t size = ebb_left_used_in(found->header) ? 0 : ebb_left_size(found->block);
    ebb_cell *left = ebb_before(found->block, size);
    return size == 0 || ebb_sound_or_report(heap, left, ebb_is_poisoned_inside(left, size));
}

/* Whether a block in use may become one of `wanted` units and take from its neighbours. */
static inline bool ebb_verify_resize(const struct ebb_heap *heap, const struct ebb_block_in_use *found, size_t wanted) {
    if (!EBB_IS_SEALED) {
        return true;
    }
    bool takes = wanted > ebb_size_in(found->header);
    return ebb_verify_neighbours(heap, found) &&
           (!takes || (ebb_verify_growth_right(heap, found, wanted) && ebb_verify_growth_left(heap, found)));
}

#endif
