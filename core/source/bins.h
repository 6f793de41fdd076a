/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The bins: one list of free blocks for each size class.
 *
 * Sizes below 8 granules have a class each; above, each doubling is cut into two classes:
 *
 *   class   1  2  3  4  5  6  7 | 8      9      | 10     11     | 12     13     | ...
 *   sizes   1  2  3  4  5  6  7 | 8-11   12-15  | 16-23  24-31  | 32-47  48-63  | ...
 *
 * So every block of a class above that of a request is large enough, and only in the request's own class there may be
 * one that is too small.
 *
 * There is no size 0. Bin 0 holds the loose block: the one that was merged or cut last, whatever its size. What happens
 * to free memory happens most often to the same piece of it again: blocks allocated in a row are cut from it, blocks
 * freed in a row merge with it. It goes into its class only when another block becomes loose.
 *
 * A list's head is a block as far as links go: the link to it is its class, and in the place of `next` it has the
 * first block of the list. And link 0, where a list ends, leads to a place in which `prev` may be written. So a block
 * is taken out of its list without a look at which list that is, nor at where in it, and without a branch.
 *
 * There is no map of the lists that have blocks: keeping one would cost more, at each call, than looking at the heads
 * does when it comes to it.
 */
#ifndef EBB_SOURCE_BINS_H
#define EBB_SOURCE_BINS_H

#include "block.h"

enum { EBB_EXACT_CLASSES = 8 };

#if EBB_NUMBER_BITS == 16
enum { EBB_CLASSES = 30 };
#else
enum { EBB_CLASSES = 62 };
#endif

/* The bin of the loose block, and as a link from a head or from a block's `next`: none. */
enum { EBB_LOOSE = 0, EBB_NONE = 0 };

/* The first member of struct ebb_heap: links count from here. */
struct ebb_bins {
    ebb_number end; /* the `prev` of link 0: written as that of any block is, never read */
    ebb_number first[EBB_CLASSES];
};

_Static_assert(offsetof(struct ebb_bins, first) == EBB_NEXT * sizeof(ebb_cell), "the link to a head is its class");

/* The class of a size of at least EBB_EXACT_CLASSES. In a loop, as most blocks are small. */
static inline size_t ebb_class_of_large(size_t size) {
    size_t class = EBB_EXACT_CLASSES;
    while (size >= 2 * EBB_EXACT_CLASSES) {
        size >>= 1;
        class += 2;
    }
    return class + (size >= EBB_EXACT_CLASSES + EBB_EXACT_CLASSES / 2);
}

static inline size_t ebb_class_of(size_t size) {
    return size < EBB_EXACT_CLASSES ? size : ebb_class_of_large(size);
}

/* The first block of a list, or EBB_NONE. */
static inline size_t ebb_first_link(const struct ebb_bins *bins, size_t class) {
    return bins->first[class];
}

/* Puts a free block at the head of the list of `class`. */
static inline void ebb_bin_as(struct ebb_bins *bins, ebb_cell *block, size_t class) {
    size_t link = ebb_link_to(bins, block);
    size_t next = ebb_first_link(bins, class);
    bins->first[class] = ebb_narrow(link);
    block[EBB_NEXT] = ebb_narrow(next);
    block[EBB_PREV] = ebb_narrow(class);
    ebb_at_link(bins, next)[EBB_PREV] = ebb_narrow(link);
}

/* Takes a free block out of whatever list it is in. */
static inline void ebb_unbin(struct ebb_bins *bins, const ebb_cell *block) {
    size_t next = block[EBB_NEXT];
    size_t prev = block[EBB_PREV];
    ebb_at_link(bins, next)[EBB_PREV] = ebb_narrow(prev);
    ebb_at_link(bins, prev)[EBB_NEXT] = ebb_narrow(next);
}

#endif
