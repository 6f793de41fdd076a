/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Where the bits of a block lie. No other file knows.
 *
 * A block is known by its payload, which starts at a multiple of the granule; its header is the number right before
 * that. A block of n granules reaches from its header to the next block's header, so both look alike:
 *
 *              header  payload                        footer   header of the next block
 *   in use   | size 1p | the user's                          | size up1 |
 *   free     | size 0p | prev, next |    ...        | size   | size u0  |
 *                      ^
 *                      a multiple of the granule
 *
 *   header   size in granules << 2 | previous block is used << 1 | this block is used
 *   footer   a free block's size in granules once more, so that the block to the right finds the start of it
 *   prev     a link to the previous free block in the list of this size class, or to the list's head: see bins.h
 *   next     a link to the next one; 0: it is the last
 *
 * A link is a distance from the start of the heap, counted in cells: places of one number. In the compact geometry
 * (2-byte numbers, granule 8) all of this fits into the smallest block, 8 bytes: header 2, prev 2, next 2, footer 2.
 *
 * Top, the idle end of the region, has a header too: size 0, free. Nothing of it lies above: the header of an empty top
 * is in the last bytes of the region.
 *
 * A gap is somebody else's memory: a block in use, but the block to its right says that it is not, and finds 0 in the
 * place of the footer. So a gap is never merged, and to free it is found out as any other contradiction is. Only its
 * header and that footer are ever touched; both lie in memory of the heap.
 */
#ifndef EBB_SOURCE_BLOCK_H
#define EBB_SOURCE_BLOCK_H

#include "geometry.h"

#include <stdbool.h>

/* The region is the user's memory as well as ours: any type may have been stored where a number is read. */
#if defined(__GNUC__)
typedef ebb_number __attribute__((__may_alias__)) ebb_cell;
#else
typedef ebb_number ebb_cell;
#endif

#define EBB_HEADER_SIZE sizeof(ebb_cell)

enum { EBB_HEADER = -1, EBB_FOOTER_OF_LEFT = -2, EBB_PREV = 0, EBB_NEXT = 1 };

enum { EBB_USED = 1, EBB_LEFT_USED = 2, EBB_FLAGS = 3, EBB_SIZE_SHIFT = 2 };

/* Bytes of header, next, prev and footer; in granules, the smallest block. */
#define EBB_FREE_BLOCK_NEEDS (4 * sizeof(ebb_cell))
#define EBB_SIZE_MIN ((EBB_FREE_BLOCK_NEEDS + EBB_GRANULE - 1) / EBB_GRANULE)

_Static_assert(EBB_SIZE_MIN *EBB_GRANULE >= EBB_FREE_BLOCK_NEEDS, "a free block's links do not meet its footer");
_Static_assert(EBB_NUMBER_MAX <= (ebb_number)-1 >> EBB_SIZE_SHIFT, "a size up to the whole region fits into a header");
_Static_assert(EBB_GRANULE % sizeof(ebb_cell) == 0, "headers are aligned");
_Static_assert(EBB_NUMBER_MAX <= (ebb_number)-1 / (EBB_GRANULE / sizeof(ebb_cell)), "every link fits into a number");

/*
 * Sizes and numbers are size_t wherever they are reckoned with, and ebb_number only where they are stored: so the
 * compiler need not cut each sum down to 16 bits.
 */

/* ---- Header ---- */

static inline size_t ebb_header_of(size_t size, size_t flags) {
    return size << EBB_SIZE_SHIFT | flags;
}

static inline size_t ebb_header(const ebb_cell *block) {
    return block[EBB_HEADER];
}

static inline void ebb_set_header(ebb_cell *block, size_t header) {
    block[EBB_HEADER] = ebb_narrow(header);
}

static inline size_t ebb_size_in(size_t header) {
    return header >> EBB_SIZE_SHIFT;
}

static inline bool ebb_used_in(size_t header) {
    return (header & EBB_USED) != 0;
}

static inline bool ebb_left_used_in(size_t header) {
    return (header & EBB_LEFT_USED) != 0;
}

static inline size_t ebb_size(const ebb_cell *block) {
    return ebb_size_in(ebb_header(block));
}

static inline bool ebb_is_used(const ebb_cell *block) {
    return ebb_used_in(ebb_header(block));
}

static inline bool ebb_left_is_used(const ebb_cell *block) {
    return ebb_left_used_in(ebb_header(block));
}

/* The block is of another size; its flags stay. */
static inline void ebb_resize(ebb_cell *block, size_t size) {
    ebb_set_header(block, ebb_header_of(size, ebb_header(block) & EBB_FLAGS));
}

static inline void ebb_set_used(ebb_cell *block) {
    ebb_set_header(block, ebb_header(block) | EBB_USED);
}

static inline void ebb_set_left_used(ebb_cell *block) {
    ebb_set_header(block, ebb_header(block) | EBB_LEFT_USED);
}

/* The free block to the left has this size; 0 if that is a gap. */
static inline size_t ebb_left_size(const ebb_cell *block) {
    return block[EBB_FOOTER_OF_LEFT];
}

static inline void ebb_set_left_size(ebb_cell *block, size_t left_size) {
    block[EBB_FOOTER_OF_LEFT] = (ebb_number)left_size;
}

/* ---- Neighbours ---- */

static inline ebb_cell *ebb_after(ebb_cell *block, size_t size) {
    return block + size * (EBB_GRANULE / sizeof(ebb_cell));
}

static inline ebb_cell *ebb_before(ebb_cell *block, size_t size) {
    return block - size * (EBB_GRANULE / sizeof(ebb_cell));
}

/* ---- Positions ---- */

/* The number of a block is the distance of its payload from the start of the heap in granules. */
static inline ebb_cell *ebb_block_at(const void *heap, size_t number) {
    return (ebb_cell *)((uintptr_t)heap + number * EBB_GRANULE);
}

static inline size_t ebb_number_of(const void *heap, const ebb_cell *block) {
    return ((uintptr_t)block - (uintptr_t)heap) / EBB_GRANULE;
}

static inline ebb_cell *ebb_at_link(const void *heap, size_t link) {
    return (ebb_cell *)(uintptr_t)heap + link;
}

static inline size_t ebb_link_to(const void *heap, const ebb_cell *block) {
    return ((uintptr_t)block - (uintptr_t)heap) / sizeof(ebb_cell);
}

/* ---- Sizes in bytes ---- */

/* The bytes a block of `size` granules gives to its user. */
static inline size_t ebb_payload_of(size_t size) {
    return size * EBB_GRANULE - EBB_HEADER_SIZE;
}

/* The granules that a request of `bytes`, at most EBB_LARGEST_REQUEST, takes. */
static inline size_t ebb_size_for(size_t bytes) {
    size_t size = (bytes + EBB_HEADER_SIZE + EBB_GRANULE - 1) / EBB_GRANULE;
    return size < EBB_SIZE_MIN ? EBB_SIZE_MIN : size;
}

static inline bool ebb_is_too_small(size_t size) {
    return EBB_SIZE_MIN == 1 ? size == 0 : size < EBB_SIZE_MIN;
}

#endif
