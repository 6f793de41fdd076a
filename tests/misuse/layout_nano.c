/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The blocks of newlib-nano's malloc, and of picolibc's, which comes from it: a size before the payload, or a negative
 * distance to where the size is; one list of free blocks, by address, with single links.
 */
#include "layout.h"

#include <string.h>

enum { WORD = sizeof(size_t) };

static size_t read_word(const unsigned char *place) {
    size_t value;
    memcpy(&value, place, sizeof value);
    return value;
}

static ptrdiff_t distance_to_size(const unsigned char *block) {
    ptrdiff_t size_or_distance = (ptrdiff_t)read_word(block - WORD);
    return size_or_distance < 0 ? size_or_distance : 0;
}

unsigned char *layout_header(unsigned char *block) {
    return block - WORD + distance_to_size(block);
}

size_t layout_block_bytes(const unsigned char *block) {
    return read_word(block - WORD + distance_to_size(block));
}

bool layout_forge_size(unsigned char *block, size_t bytes) {
    memcpy(layout_header(block), &bytes, sizeof bytes);
    return true;
}

bool layout_forge_size_and_guess(unsigned char *block, size_t bytes, uint32_t guess) {
    (void)guess;
    return layout_forge_size(block, bytes);
}

bool layout_forge_free(unsigned char *block) {
    (void)block;
    return false;
}

bool layout_forge_left_free(unsigned char *block, size_t left_bytes) {
    (void)block;
    (void)left_bytes;
    return false;
}

bool layout_forge_footer(unsigned char *block, size_t bytes) {
    (void)block;
    (void)bytes;
    return false;
}

bool layout_forge_block(unsigned char *place, size_t bytes) {
    memcpy(place - WORD, &bytes, sizeof bytes);
    return true;
}

/* The link is right behind the size. */
bool layout_forge_links(unsigned char *block, unsigned char *prev, unsigned char *next) {
    unsigned char *chunk = next != NULL ? layout_header(next) : NULL;
    if (prev != NULL || next == NULL) {
        return false;
    }
    memcpy(layout_header(block) + WORD, &chunk, sizeof chunk);
    return true;
}

unsigned char *layout_link_that_writes(unsigned char *place) {
    (void)place;
    return NULL;
}
