/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The bins: one list of free blocks for each size class, and a bit for each list that is not empty.
 *
 * Sizes below 8 granules have a class each; above, each doubling is cut into two classes:
 *
 *   class   1  2  3  4  5  6  7 | 8      9      | 10     11     | 12     13     | ...
 *   sizes   1  2  3  4  5  6  7 | 8-11   12-15  | 16-23  24-31  | 32-47  48-63  | ...
 *
 * So every block of a class above that of a request is large enough, and only in the request's own class there may be
 * one that is too small.
 *
 * There is no size 0. Class 0 is the rest: what was left when a block was cut last, whatever its size. Most programs
 * allocate several blocks in a row; they are cut from the rest one after the other, and no list has to change.
 *
 * The first block of a list has no previous block; in the place of its number stands which list it is first of. So a
 * block can be taken out of its list without knowing its class.
 */
#ifndef EBB_SOURCE_BINS_H
#define EBB_SOURCE_BINS_H

#include "block.h"
#include "scan.h"

enum { EBB_EXACT_CLASSES = 8 };

/* The table covers sizes below 64; what is larger is shifted by three bits at a time, each worth six classes. */
enum { EBB_CLASS_TABLE_SIZE = 64, EBB_CLASS_SHIFT = 3, EBB_CLASSES_PER_SHIFT = 6 };

extern const uint8_t ebb_class_table[EBB_CLASS_TABLE_SIZE];

#if EBB_NUMBER_BITS == 16
enum { EBB_CLASSES = 30 };
#else
enum { EBB_CLASSES = 62 };
#endif

enum { EBB_CLASS_OF_REST = 0 };

enum { EBB_BITS_PER_WORD = 32, EBB_WORDS = (EBB_CLASSES + EBB_BITS_PER_WORD - 1) / EBB_BITS_PER_WORD };

/* The first member of struct ebb_heap: block numbers are relative to it. */
struct ebb_bins {
    uint32_t occupied[EBB_WORDS];
    ebb_number first[EBB_CLASSES];
};

static inline size_t ebb_class_of(size_t size) {
    size_t class = 0;
    while (size >= EBB_CLASS_TABLE_SIZE) {
        size >>= EBB_CLASS_SHIFT;
        class += EBB_CLASSES_PER_SHIFT;
    }
    return class + ebb_class_table[size];
}

static inline size_t ebb_word_of(size_t class) {
    return EBB_WORDS == 1 ? 0 : class / EBB_BITS_PER_WORD;
}

static inline void ebb_flip_bit(struct ebb_bins *bins, size_t class) {
    bins->occupied[ebb_word_of(class)] ^= UINT32_C(1) << class % EBB_BITS_PER_WORD;
}

/* What stands for the previous block in the first of a list. No granule has such a number. */
static inline ebb_number ebb_tag_of(size_t class) {
    return (ebb_number) ~class;
}

/* The class whose list a block is first of; EBB_CLASSES or more if `prev` is a block. */
static inline size_t ebb_class_of_tag(ebb_number prev) {
    return ~(size_t)(ebb_signed_number)prev;
}

_Static_assert((ebb_number)~EBB_CLASSES >= EBB_NUMBER_MAX, "tags are no numbers of blocks");

/* Puts a free block at the head of the list of `class`. */
static inline void ebb_bin_as(struct ebb_bins *bins, ebb_cell *block, size_t class) {
    ebb_number number = (ebb_number)ebb_number_of(bins, block);
    ebb_number next = bins->first[class];
    bins->first[class] = number;
    block[EBB_NEXT] = next;
    block[EBB_PREV] = ebb_tag_of(class);
    if (next != 0) {
        ebb_block_at(bins, next)[EBB_PREV] = number;
    } else {
        ebb_flip_bit(bins, class);
    }
}

static inline void ebb_bin(struct ebb_bins *bins, ebb_cell *block, size_t size) {
    ebb_bin_as(bins, block, ebb_class_of(size));
}

/* Takes a free block out of whatever list it is in. */
static inline void ebb_unbin(struct ebb_bins *bins, const ebb_cell *block) {
    ebb_number next = block[EBB_NEXT];
    ebb_number prev = block[EBB_PREV];
    size_t class = ebb_class_of_tag(prev);
    if (next != 0) {
        /* If it was the first, its follower is now. */
        ebb_block_at(bins, next)[EBB_PREV] = prev;
    }
    if (class >= EBB_CLASSES) {
        ebb_block_at(bins, prev)[EBB_NEXT] = next;
        return;
    }
    bins->first[class] = next;
    if (next == 0) {
        ebb_flip_bit(bins, class);
    }
}

/* The first block of the lowest occupied class above `class`; NULL if there is none. */
static inline ebb_cell *ebb_first_above(const struct ebb_bins *bins, size_t class) {
    size_t word = ebb_word_of(class);
    /* All ones above the bit of `class`: twice, as a shift by all bits of a word is undefined. */
    uint32_t candidates = bins->occupied[word] & (UINT32_MAX << class % EBB_BITS_PER_WORD << 1);
    while (candidates == 0) {
        if (++word >= EBB_WORDS) {
            return NULL;
        }
        candidates = bins->occupied[word];
    }
    return ebb_block_at(bins, bins->first[word * EBB_BITS_PER_WORD + ebb_lowest_bit(candidates)]);
}

#endif
