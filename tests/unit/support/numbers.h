/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The numbers that a heap keeps in and between its blocks, for tests that look at them or forge them. */
#ifndef UNIT_NUMBERS_H
#define UNIT_NUMBERS_H

#include <ebb/heap.h>

#include <stdint.h>
#include <string.h>

/* Bytes of size and flags, of a link, and of a footer. At level 2, a seal of as many comes before the size. */
static inline size_t number_size(void) {
    return ebb_get_geometry().hardening == 2 ? ebb_get_geometry().header / 2 : ebb_get_geometry().header;
}

/* Where a block, of this address, has its size and flags. */
static inline unsigned char *number_before(unsigned char *block) {
    return block - number_size();
}

/* Where the free block to the left of one has its footer. */
static inline unsigned char *footer_before(unsigned char *block) {
    return block - ebb_get_geometry().header - number_size();
}

static inline uint32_t read_number(const unsigned char *place) {
    uint16_t narrow;
    uint32_t wide;
    if (number_size() == sizeof narrow) {
        memcpy(&narrow, place, sizeof narrow);
        return narrow;
    }
    memcpy(&wide, place, sizeof wide);
    return wide;
}

static inline void write_number(unsigned char *place, uint32_t number) {
    uint16_t narrow = (uint16_t)number;
    if (number_size() == sizeof narrow) {
        memcpy(place, &narrow, sizeof narrow);
    } else {
        memcpy(place, &number, sizeof number);
    }
}

#endif
