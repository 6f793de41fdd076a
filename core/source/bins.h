/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The bins: one list of free blocks for each size class.
 *
 * Sizes below 8 granules have a class each; above, each doubling is cut into two classes. In granules:
 *
 *   class   1  2  3  4  5  6  7 | 8      9      | 10     11     | 12     13     | ...
 *   sizes   1  2  3  4  5  6  7 | 8-11   12-15  | 16-23  24-31  | 32-47  48-63  | ...
 *
 * So every block of a class above that of a request is large enough, and only in the request's own class there may be
 * one that is too small.
 *
 * There is no size 0. Bin 0 holds the loose block: the one that was merged or cut last, whatever its size. What happens
 * to free memory happens most often to the same piece of it again: blocks allocated in a row are cut from it, blocks
 * freed in a row merge with it. It goes into its class only when another block becomes loose: see ebb_put_free().
 *
 * A bin is a block as far as links go: there is a link to it, and it has the first block of its list where a
 * block has `next`. And link 0, where a list ends, leads to a place in which `prev` may be written. So a block is taken
 * out of its list without a branch, and without knowing which list that is or where in it the block is.
 *
 * There is no map of the lists that have blocks: keeping one would cost more, at each call, than looking at the bins
 * does when it comes to it.
 */
#ifndef EBB_SOURCE_BINS_H
#define EBB_SOURCE_BINS_H

#include "header.h"

/* The smallest size that shares its class with others. */
#define EBB_SHARED_SIZE (EBB_EXACT_CLASSES * EBB_GRANULE_UNITS)

/* The bin of the loose block, and as a link from a bin or from a block's `next`: none. */
enum { EBB_LOOSE = 0, EBB_NONE = 0 };
_Static_assert(EBB_LOOSE == 0 && EBB_NONE == 0, "a loose block's links are clear: see ebb_replace_loose()");

/*
 * How many blocks of a class a request looks at: to choose the smallest of its own class, or of one above; and where
 * the first one that will do is taken. To look at more of them then takes longer, and finds little else.
 */
enum { EBB_LOOKS_TO_CHOOSE = 8, EBB_LOOKS_ABOVE = 3, EBB_LOOKS = 3 };

/* Whether the processor finds the highest bit of a number by one instruction. If not, that is a call into libgcc. */
#ifndef EBB_HAS_BIT_SCAN
#if defined(__ARM_FEATURE_CLZ) || defined(__riscv_zbb) ||                                                              \
    (defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__) || defined(__aarch64__)))
#define EBB_HAS_BIT_SCAN 1
#else
#define EBB_HAS_BIT_SCAN 0
#endif
#endif

#if EBB_HAS_BIT_SCAN
_Static_assert(sizeof(unsigned) >= sizeof(ebb_number), "a size fits into what is scanned");

static inline size_t ebb_bits_below_highest_two(size_t size) {
    return sizeof(unsigned) * CHAR_BIT - 2 - (size_t)__builtin_clz((unsigned)size);
}

/* The class of a size of at least EBB_SHARED_SIZE: two for each place of the highest bit, and the next bit decides. */
static EBB_INLINE size_t ebb_class_of_shared(size_t size) {
    size_t below = ebb_bits_below_highest_two(size);
    size_t highest_two = size >> below;
    return 2 * below + highest_two + EBB_EXACT_CLASSES - 2 - 2 * ebb_bits_below_highest_two(EBB_SHARED_SIZE);
}
#else
/*
 * The class of a size of at least EBB_SHARED_SIZE. In a loop, as most blocks are small; by two doublings at a
 * time, as the longest of all calls have a large block to find the class of.
 */
static EBB_INLINE size_t ebb_class_of_shared(size_t size) {
    size_t upper = EBB_EXACT_CLASSES + 1;
    if (size >= 2 * EBB_SHARED_SIZE) {
        while (size >= 4 * EBB_SHARED_SIZE) {
            size >>= 2;
            upper = ebb_opaque(upper + 4);
        }
        if (size >= 2 * EBB_SHARED_SIZE) {
            size >>= 1;
            upper += 2;
        }
    }
    return upper - (size < EBB_SHARED_SIZE + EBB_SHARED_SIZE / 2);
}
#endif

/* The class of a size, or of the size in a header. */
static EBB_INLINE size_t ebb_class_of(size_t size) {
    return size < EBB_SHARED_SIZE ? size / EBB_GRANULE_UNITS : ebb_class_of_shared(size);
}

_Static_assert(EBB_CELL % EBB_UNIT == 0, "there is a link to each bin");

static inline size_t ebb_link_to_bin(size_t class) {
    return class * (EBB_CELL / EBB_UNIT);
}

static inline bool ebb_is_loose(const ebb_cell *block) {
    return block[EBB_PREV] == EBB_LOOSE;
}

/* Puts a free block, to which `link` leads, into the list that its size belongs to. */
EBB_INLINE_UNLESS_SMALL void ebb_bin(struct ebb_heap *heap, ebb_cell *block, size_t size, size_t link);
EBB_INLINE_UNLESS_SMALL void ebb_bin(struct ebb_heap *heap, ebb_cell *block, size_t size, size_t link) {
    size_t class = ebb_class_of(size);
    if (heap->highest < class) {
        heap->highest = (uint8_t)(class);
    }
    size_t next = heap->bins[class];
    heap->bins[class] = ebb_narrow(link);
    block[EBB_NEXT] = (ebb_number)next;
    block[EBB_PREV] = (ebb_number)ebb_link_to_bin(class);
    ebb_at_link(heap, next)[EBB_PREV] = ebb_narrow(link);
}

/* Takes a free block out of whatever list it is in. */
static EBB_INLINE void ebb_unbin(struct ebb_heap *heap, const ebb_cell *block) {
    size_t next = block[EBB_NEXT];
    size_t prev = block[EBB_PREV];
    ebb_at_link(heap, next)[EBB_PREV] = (ebb_number)prev;
    ebb_at_link(heap, prev)[EBB_NEXT] = (ebb_number)next;
}

/* Takes the first block out of the list of `class`. */
static inline void ebb_unbin_first(struct ebb_heap *heap, size_t class, const ebb_cell *block) {
    size_t next = block[EBB_NEXT];
    heap->bins[class] = (ebb_number)next;
    ebb_at_link(heap, next)[EBB_PREV] = (ebb_number)ebb_link_to_bin(class);
}

/* [ free ][next]  ->  [ used ][next], of a block in no list. */
static inline ebb_cell *ebb_use_whole(struct ebb_heap *heap, ebb_cell *block, size_t size) {
    ebb_set_header(heap, block, ebb_header(block) + EBB_USED);
    ebb_set_left_used(heap, ebb_after(block, size));
    return block;
}

/* The same of a block in whatever list it is. */
static inline ebb_cell *ebb_take_whole(struct ebb_heap *heap, ebb_cell *block, size_t size) {
    ebb_unbin(heap, block);
    return ebb_use_whole(heap, block, size);
}

/*
 * A free block in no list, to which `link` leads, becomes the loose one; what was that until now is no block any more,
 * or in use.
 */
static inline void ebb_replace_loose(struct ebb_heap *heap, ebb_cell *block, size_t link) {
    heap->bins[EBB_LOOSE] = (ebb_number)link;
    ebb_clear_links(block);
}

_Static_assert(EBB_LARGEST_REGION <= SIZE_MAX / 2, "twice what is free is a size");

/*
 * A large request has come where it is known that no higher class has a block or, if it is an aligned one, that none
 * has room. If more than a third of what blocks reach over is free all the same, that is in too many pieces, and the
 * heap is scattered until such a request comes again.
 *
 * The loose block makes that worse where large blocks come and go among small ones that stay: what a large block has
 * left is the loose one next, a small request is cut from it, and no other large block has room there any more.
 *
 * Not looked at where a block becomes free: that happens far more often, and says less, as what is free may just wait
 * for the next block of its size. Nor where the end moves: a policy must not decide where blocks lie.
 */
static inline void ebb_note_pieces(struct ebb_heap *heap) {
    size_t live = ebb_bytes_of(ebb_live(heap));
    heap->is_scattered = (heap->extent - live) * 2 > live;
}

/*
 * Whether a request takes the smallest of the blocks of its own class that it looks at, not the first that is large
 * enough. In a scattered heap always, and of a class above as well: else each block that is cut leaves one more hole
 * that is a little too small for the next request of its kind, and those hide the ones that are large enough.
 */
static inline bool ebb_is_choosy(const struct ebb_heap *heap) {
    return EBB_BEST_FIT || heap->is_scattered;
}

/* How many blocks of its own class a request looks at. */
static inline int ebb_looks(bool is_choosy) {
    return is_choosy ? EBB_LOOKS_TO_CHOOSE : EBB_LOOKS;
}

/*
 * A free block in no list becomes the loose one; what was that until now goes where its size belongs. In a scattered
 * heap it is the other way round: what is loose stays that, until a request has used it up.
 */
EBB_INLINE_UNLESS_SMALL void ebb_put_free(struct ebb_heap *heap, ebb_cell *block, size_t size);
EBB_INLINE_UNLESS_SMALL void ebb_put_free(struct ebb_heap *heap, ebb_cell *block, size_t size) {
    size_t link = ebb_link_to(heap, block);
    size_t old = heap->bins[EBB_LOOSE];
    if (old != EBB_NONE && heap->is_scattered) {
        ebb_bin(heap, block, size, link);
        return;
    }
    ebb_replace_loose(heap, block, link);
    if (old != EBB_NONE) {
        ebb_cell *old_block = ebb_at_link(heap, old);
        /*
         * Its flags do not matter to the class: they are less than a granule. At level 2, a damaged header may name a
         * class that it does not belong to, or one that there is not: then the block is in no list, and found damaged
         * by whoever frees a neighbour.
         */
        if (ebb_is_sealed(heap, old_block)) {
            ebb_bin(heap, old_block, ebb_header(old_block), old);
        }
    }
}

#endif
