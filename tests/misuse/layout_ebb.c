/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* ebb's blocks: see core/source/block.h. The one file here that has to follow when that changes. */
#include "layout.h"
#include "subject.h"

#include <string.h>

#if EBB_NUMBER_BITS == 16
typedef uint16_t cell;
#else
typedef uint32_t cell;
#endif

#ifndef EBB_HARDENING
#define EBB_HARDENING 1
#endif

enum { USED = 1, LEFT_USED = 2, FLAGS = 3 };

/* Sizes and links count units, of so many bytes. */
#if EBB_NUMBER_BITS == 32 && SIZE_MAX <= UINT32_MAX
enum { UNIT = 1 };
#else
enum { UNIT = EBB_GRANULE / 4 < sizeof(cell) ? EBB_GRANULE / 4 : sizeof(cell) };
#endif

/* At level 2, a seal lies before the size and the flags. */
enum { SEALS = EBB_HARDENING == 2, SIZE_AND_FLAGS = -1, SEAL = -2, FOOTER_OF_LEFT = -2 - SEALS, PREV = 0, NEXT = 1 };

static cell read_cell(const unsigned char *block, int index) {
    cell value;
    memcpy(&value, block + (ptrdiff_t)sizeof(cell) * index, sizeof value);
    return value;
}

static void write_cell(unsigned char *block, int index, size_t value) {
    cell narrow = (cell)value;
    memcpy(block + (ptrdiff_t)sizeof(cell) * index, &narrow, sizeof narrow);
}

static size_t flags_of(const unsigned char *block) {
    return read_cell(block, SIZE_AND_FLAGS) & FLAGS;
}

static void write_header(unsigned char *block, size_t bytes, size_t flags) {
    write_cell(block, SIZE_AND_FLAGS, bytes / EBB_GRANULE * EBB_GRANULE / UNIT | flags);
}

unsigned char *layout_header(unsigned char *block) {
    return block - (SEALS + 1) * sizeof(cell);
}

size_t layout_block_bytes(const unsigned char *block) {
    return (read_cell(block, SIZE_AND_FLAGS) & ~(size_t)FLAGS) * UNIT;
}

bool layout_forge_size(unsigned char *block, size_t bytes) {
    write_header(block, bytes, flags_of(block));
    return true;
}

bool layout_forge_size_and_guess(unsigned char *block, size_t bytes, uint32_t guess) {
    write_header(block, bytes, flags_of(block));
    if (SEALS != 0) {
        write_cell(block, SEAL, guess);
    }
    return true;
}

bool layout_forge_free(unsigned char *block) {
    write_header(block, layout_block_bytes(block), flags_of(block) & ~(size_t)USED);
    return true;
}

bool layout_forge_left_free(unsigned char *block, size_t left_bytes) {
    write_header(block, layout_block_bytes(block), flags_of(block) & ~(size_t)LEFT_USED);
    write_cell(block, FOOTER_OF_LEFT, left_bytes / UNIT);
    return true;
}

bool layout_forge_footer(unsigned char *block, size_t bytes) {
    write_cell(block + layout_block_bytes(block), FOOTER_OF_LEFT, bytes / UNIT);
    return true;
}

bool layout_forge_block(unsigned char *place, size_t bytes) {
    write_header(place, bytes, USED | LEFT_USED);
    write_header(place + bytes, bytes, USED | LEFT_USED);
    return true;
}

/* A link leads to the header. */
static size_t link_to(const unsigned char *block) {
    return ((size_t)(block - subject_region()) - sizeof(cell)) / UNIT;
}

bool layout_forge_links(unsigned char *block, unsigned char *prev, unsigned char *next) {
    if (prev != NULL) {
        write_cell(block, PREV, link_to(prev));
    }
    if (next != NULL) {
        write_cell(block, NEXT, link_to(next));
    }
    return true;
}

/* What is written is the other link of the block that is linked to, which is right behind its header. */
unsigned char *layout_link_that_writes(unsigned char *place) {
    return place;
}
