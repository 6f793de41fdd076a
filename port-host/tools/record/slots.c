/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * A tree of bits. In the lowest level, a bit for each number says that it is taken; above, a bit for each word says
 * that the word is full. The levels are arrays without content, so that only those parts are memory that were ever
 * needed, and the search begins at the lowest level whose first word has room.
 */
#include "slots.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { WORD_BITS = 64, LEVELS = 5, LEVEL_0_WORDS = SLOTS / WORD_BITS };

static uint64_t level_0[LEVEL_0_WORDS];
static uint64_t level_1[LEVEL_0_WORDS / WORD_BITS];
static uint64_t level_2[LEVEL_0_WORDS / WORD_BITS / WORD_BITS];
static uint64_t level_3[LEVEL_0_WORDS / WORD_BITS / WORD_BITS / WORD_BITS];
static uint64_t level_4[1];

/* A bit for each word of level 3, and no more: so this word is never full. */
static const uint64_t level_4_full = ((uint64_t)1 << sizeof level_3 / sizeof level_3[0]) - 1;

static uint64_t *const levels[LEVELS] = {level_0, level_1, level_2, level_3, level_4};

static uint32_t beyond_highest; /* the lowest number that was never taken */

static uint32_t lowest_clear_bit(uint64_t word) {
    return (uint32_t)__builtin_ctzll(~word);
}

static uint32_t find_lowest(void) {
    if (level_4[0] == level_4_full) {
        return SLOTS_NONE;
    }
    uint32_t level = 0;
    while (levels[level][0] == UINT64_MAX) {
        level++;
    }
    uint32_t index = lowest_clear_bit(levels[level][0]);
    while (level > 0) {
        level--;
        index = index * WORD_BITS + lowest_clear_bit(levels[level][index]);
    }
    return index;
}

static void mark_taken(uint32_t slot) {
    uint32_t index = slot;
    for (uint32_t level = 0; level < LEVELS; level++) {
        uint64_t *word = &levels[level][index / WORD_BITS];
        *word |= (uint64_t)1 << index % WORD_BITS;
        if (*word != UINT64_MAX) {
            return;
        }
        index /= WORD_BITS;
    }
}

uint32_t slots_take(void) {
    const uint32_t slot = find_lowest();
    if (slot == SLOTS_NONE) {
        return SLOTS_NONE;
    }
    mark_taken(slot);
    if (beyond_highest <= slot) {
        beyond_highest = slot + 1;
    }
    return slot;
}

void slots_release(uint32_t slot) {
    uint32_t index = slot;
    bool was_full = true;
    for (uint32_t level = 0; was_full && level < LEVELS; level++) {
        uint64_t *word = &levels[level][index / WORD_BITS];
        was_full = *word == UINT64_MAX;
        *word &= ~((uint64_t)1 << index % WORD_BITS);
        index /= WORD_BITS;
    }
}

void slots_release_all(void) {
    size_t bits = beyond_highest;
    for (size_t level = 0; level < LEVELS; level++) {
        bits = (bits + WORD_BITS - 1) / WORD_BITS; /* one for each word: what the next level has */
        memset(levels[level], 0, bits * sizeof(uint64_t));
    }
    beyond_highest = 0;
}
