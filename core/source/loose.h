/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The loose block: the one piece of free memory that is in no class, as it is about to change anyway. See bins.h. */
#ifndef EBB_SOURCE_LOOSE_H
#define EBB_SOURCE_LOOSE_H

#include "control.h"

/* Puts a free block into the list that its size belongs to. */
static inline void ebb_bin(struct ebb_heap *heap, ebb_cell *block, size_t size) {
    size_t class = size;
    if (size >= EBB_EXACT_CLASSES) {
        class = ebb_class_of_large(size);
        if (heap->highest < class) {
            heap->highest = (uint8_t)(class);
        }
    }
    ebb_bin_as(&heap->bins, block, class);
}

/* A free block in no list becomes the loose one; what was that until now goes where its size belongs. */
static inline void ebb_set_loose(struct ebb_heap *heap, ebb_cell *block) {
    size_t old = ebb_first_link(&heap->bins, EBB_LOOSE);
    heap->bins.first[EBB_LOOSE] = ebb_narrow(ebb_link_to(heap, block));
    block[EBB_NEXT] = EBB_NONE;
    block[EBB_PREV] = EBB_LOOSE;
    if (old != EBB_NONE) {
        ebb_cell *old_block = ebb_at_link(heap, old);
        ebb_bin(heap, old_block, ebb_size(old_block));
    }
}

#endif
