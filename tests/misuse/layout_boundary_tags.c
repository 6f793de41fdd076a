/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The blocks of newlib's and of glibc's malloc, which both come from Doug Lea's: a size with flags before the payload;
 * the size of the left one before that, if that is free; two pointers in a free one. glibc keeps small free blocks in
 * lists of single links, whose pointers are mixed with their address: MISUSE_TCACHE.
 */
#include "layout.h"

#include <string.h>

enum { LEFT_USED = 1, FLAGS = 7, WORD = sizeof(size_t), LARGEST_IN_CACHE = 1040 };

#ifndef MISUSE_TCACHE
#define MISUSE_TCACHE 0
#endif

static size_t read_word(const unsigned char *place) {
    size_t value;
    memcpy(&value, place, sizeof value);
    return value;
}

static void write_word(unsigned char *place, size_t value) {
    memcpy(place, &value, sizeof value);
}

static size_t header_of(const unsigned char *block) {
    return read_word(block - WORD);
}

static void write_header(unsigned char *block, size_t header) {
    write_word(block - WORD, header);
}

unsigned char *layout_header(unsigned char *block) {
    return block - WORD;
}

size_t layout_block_bytes(const unsigned char *block) {
    return header_of(block) & ~(size_t)FLAGS;
}

bool layout_forge_size(unsigned char *block, size_t bytes) {
    write_header(block, (bytes & ~(size_t)FLAGS) | (header_of(block) & FLAGS));
    return true;
}

bool layout_forge_size_and_guess(unsigned char *block, size_t bytes, uint32_t guess) {
    (void)guess;
    return layout_forge_size(block, bytes);
}

/* The size of the left one lies in what is its last word while it is in use. */
bool layout_forge_left_free(unsigned char *block, size_t left_bytes) {
    write_header(block, header_of(block) & ~(size_t)LEFT_USED);
    write_word(block - 2 * WORD, left_bytes);
    return true;
}

bool layout_forge_free(unsigned char *block) {
    return layout_forge_left_free(block + layout_block_bytes(block), layout_block_bytes(block));
}

bool layout_forge_footer(unsigned char *block, size_t bytes) {
    write_word(block + layout_block_bytes(block) - 2 * WORD, bytes);
    return true;
}

bool layout_forge_block(unsigned char *place, size_t bytes) {
    write_header(place, bytes | LEFT_USED);
    write_header(place + bytes, bytes | LEFT_USED);
    return true;
}

static void write_link(unsigned char *place, unsigned char *block) {
    size_t address = (size_t)block;
    write_word(place, MISUSE_TCACHE ? address ^ (size_t)place >> 12 : address);
}

bool layout_forge_links(unsigned char *block, unsigned char *prev, unsigned char *next) {
    bool is_cached = MISUSE_TCACHE && layout_block_bytes(block) <= LARGEST_IN_CACHE;
    if (is_cached) {
        if (next != NULL) {
            write_link(block, next);
        }
        return next != NULL;
    }
    if (next != NULL) {
        write_word(block, (size_t)(next - 2 * WORD));
    }
    if (prev != NULL) {
        write_word(block + WORD, (size_t)(prev - 2 * WORD));
    }
    return true;
}

/* What is written is the second pointer of the block that is linked to. */
unsigned char *layout_link_that_writes(unsigned char *place) {
    return place - WORD;
}
