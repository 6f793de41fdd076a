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
 * one that is too small. Finer classes take a second word of bits and more of the control block, and saved less than
 * one percent of memory on real programs.
 */
#ifndef EBB_SOURCE_BINS_H
#define EBB_SOURCE_BINS_H

#include "block.h"
#include "scan.h"

/* The table covers sizes below 64; what is larger is shifted by three bits at a time, each worth six classes. */
enum { EBB_CLASS_TABLE_SIZE = 64, EBB_CLASS_SHIFT = 3, EBB_CLASSES_PER_SHIFT = 6 };

extern const uint8_t ebb_class_table[EBB_CLASS_TABLE_SIZE];

#if EBB_NUMBER_BITS == 16
enum { EBB_CLASSES = 30 };
#else
enum { EBB_CLASSES = 62 };
#endif

enum { EBB_BITS_PER_WORD = 32, EBB_WORDS = (EBB_CLASSES + EBB_BITS_PER_WORD - 1) / EBB_BITS_PER_WORD };

/* How many blocks of its own class a request looks at before it takes one of a higher class. */
enum { EBB_LOOKS = 4 };

/* The first member of struct ebb_heap: block numbers are relative to it. */
struct ebb_bins {
    uint32_t occupied[EBB_WORDS];
    ebb_number first[EBB_CLASSES];
};

static inline unsigned ebb_class_of(ebb_number size) {
    unsigned class = 0;
    while (size >= EBB_CLASS_TABLE_SIZE) {
        size >>= EBB_CLASS_SHIFT;
        class += EBB_CLASSES_PER_SHIFT;
    }
    return class + ebb_class_table[size];
}

static inline uint32_t ebb_bit_of(unsigned class) {
    return UINT32_C(1) << class % EBB_BITS_PER_WORD;
}

/* Puts a free block at the head of the list of `class`. */
static inline void ebb_bin_as(struct ebb_bins *bins, ebb_cell *block, unsigned class) {
    ebb_number number = ebb_number_of(bins, block);
    ebb_number next = bins->first[class];
    bins->first[class] = number;
    block[EBB_NEXT] = next;
    block[EBB_PREV] = 0;
    if (next != 0) {
        ebb_block_at(bins, next)[EBB_PREV] = number;
    } else {
        bins->occupied[class / EBB_BITS_PER_WORD] |= ebb_bit_of(class);
    }
}

static inline void ebb_bin(struct ebb_bins *bins, ebb_cell *block, ebb_number size) {
    ebb_bin_as(bins, block, ebb_class_of(size));
}

/* Takes a free block out of the list of `class`. */
static inline void ebb_unbin_from(struct ebb_bins *bins, const ebb_cell *block, unsigned class) {
    ebb_number next = block[EBB_NEXT];
    ebb_number prev = block[EBB_PREV];
    if (next != 0) {
        ebb_block_at(bins, next)[EBB_PREV] = prev;
    }
    if (prev != 0) {
        ebb_block_at(bins, prev)[EBB_NEXT] = next;
        return;
    }
    bins->first[class] = next;
    if (next == 0) {
        bins->occupied[class / EBB_BITS_PER_WORD] &= ~ebb_bit_of(class);
    }
}

static inline void ebb_unbin(struct ebb_bins *bins, const ebb_cell *block, ebb_number size) {
    ebb_unbin_from(bins, block, ebb_class_of(size));
}

/* A free block has another size now, but starts where it did: most often its list need not change. */
static inline void ebb_rebin(struct ebb_bins *bins, ebb_cell *block, ebb_number old_size, ebb_number new_size) {
    unsigned old_class = ebb_class_of(old_size);
    unsigned new_class = ebb_class_of(new_size);
    if (old_class != new_class) {
        ebb_unbin_from(bins, block, old_class);
        ebb_bin_as(bins, block, new_class);
    }
}

/* The first block of the lowest occupied class at or above `class`; NULL if there is none. */
static inline ebb_cell *ebb_first_at_or_above(const struct ebb_bins *bins, unsigned class) {
    unsigned word = class / EBB_BITS_PER_WORD;
    uint32_t candidates = bins->occupied[word] & (UINT32_C(0) - ebb_bit_of(class));
    while (candidates == 0) {
        if (++word >= EBB_WORDS) {
            return NULL;
        }
        candidates = bins->occupied[word];
    }
    return ebb_block_at(bins, bins->first[word * EBB_BITS_PER_WORD + ebb_lowest_bit(candidates)]);
}

/* A free block, still in its list, of at least `size`, close to it in size; NULL if none was found. */
static inline ebb_cell *ebb_find_free(const struct ebb_bins *bins, ebb_number size) {
    unsigned class = ebb_class_of(size);
    ebb_number number = bins->first[class];
    for (int looks = EBB_LOOKS; number != 0 && looks != 0; looks--) {
        ebb_cell *block = ebb_block_at(bins, number);
        if (ebb_size(block) >= size) {
            return block;
        }
        number = block[EBB_NEXT];
    }
    return class + 1 < EBB_CLASSES ? ebb_first_at_or_above(bins, class + 1) : NULL;
}

#endif
