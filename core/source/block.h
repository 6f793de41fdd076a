/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Where the bits of a block lie. No other file knows.
 *
 * A block is known by its header, the cell right before its payload, which starts at a multiple of the granule. It
 * reaches from its header to the next block's header, so both look alike:
 *
 *              header  payload                        footer   header of the next block
 *   in use   | size p1 | the user's                          | size 1u  |
 *   free     | size p0 | prev, next |    ...        | size   | size 0u  |
 *            ^         ^
 *            block     a multiple of the granule
 *
 *   header   size | previous block is used << 1 | this block is used
 *   footer   a free block's size once more, so that the block to the right finds the start of it
 *   prev     a link to the previous free block in the list of this size class, or to the list's head: see bins.h
 *   next     a link to the next one; 0: it is the last
 *
 * A size counts units, as a link does, which is the distance of a block from the start of the heap. A size is put into
 * a header, and two of them are added there, without a shift: see EBB_UNIT in geometry.h.
 *
 * In the compact geometry (2-byte numbers, granule 8) all of this fits into the smallest block, 8 bytes: header 2, prev
 * 2, next 2, footer 2.
 *
 * Top, the idle end of the region, has a header too: size 0, free. Nothing of it lies above: the header of an empty top
 * is in the last bytes of the region.
 *
 * At hardening level 2, a seal lies right before each header and counts as a part of it: so an overflow meets that
 * first. The footer of the block to the left lies before the seal then.
 *
 * A gap is somebody else's memory: a block in use, but the block to its right says that it is not, and finds no size in
 * the place of the footer. So a gap is never merged, and to free it is found out as any other contradiction is. Only
 * its header and that footer are ever touched; both lie in memory of the heap.
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

#define EBB_HEADER_SIZE ((1 + EBB_IS_SEALED) * sizeof(ebb_cell))

enum { EBB_SEAL = -1, EBB_FOOTER_OF_LEFT = -1 - EBB_IS_SEALED, EBB_HEADER = 0, EBB_PREV = 1, EBB_NEXT = 2 };

enum { EBB_USED = 1, EBB_LEFT_USED = 2, EBB_FLAGS = EBB_USED | EBB_LEFT_USED };

/* Units of seal, header, next, prev and footer; and the smallest block. */
enum { EBB_FREE_BLOCK_NEEDS = (4 + EBB_IS_SEALED) * EBB_CELL / EBB_UNIT };
#define EBB_SIZE_MIN ((EBB_FREE_BLOCK_NEEDS + EBB_GRANULE_UNITS - 1) / EBB_GRANULE_UNITS * EBB_GRANULE_UNITS)

_Static_assert(EBB_SIZE_MIN % EBB_GRANULE_UNITS == 0, "the smallest block is a multiple of the granule");
_Static_assert(EBB_GRANULE_UNITS % (EBB_FLAGS + 1) == 0, "a size in a header leaves room for flags");
_Static_assert(EBB_GRANULE % sizeof(ebb_cell) == 0, "headers are aligned");

/* ---- Header; see header.h for how one is written ---- */

static inline size_t ebb_header_of(size_t size, size_t flags) {
    return size | flags;
}

static inline size_t ebb_header(const ebb_cell *block) {
    return block[EBB_HEADER];
}

static inline size_t ebb_size_in(size_t header) {
    return header & ~(size_t)EBB_FLAGS;
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

/*
 * What the footer to the right of a gap says. At level 2 not 0: so zeroes, which are what is written most often after a
 * free, do not pass for a gap.
 */
enum { EBB_FOOTER_OF_GAP = EBB_IS_SEALED ? EBB_FLAGS : 0 };

/* The free block to the left has this size; 0 if that is a gap. */
static inline size_t ebb_left_size(const ebb_cell *block) {
    size_t footer = block[EBB_FOOTER_OF_LEFT];
    /* So the mark of a gap is 0, and 0 a size that no block has. */
    return EBB_IS_SEALED && footer <= EBB_FLAGS ? EBB_FLAGS - footer : footer;
}

/* Whether the block to the left is free, of a block with this header; a gap is neither that nor in use. */
static inline bool ebb_has_free_left(const ebb_cell *block, size_t header) {
    return !ebb_left_used_in(header) && ebb_left_size(block) != 0;
}

static inline void ebb_set_left_size(ebb_cell *block, size_t left_size) {
    block[EBB_FOOTER_OF_LEFT] = (ebb_number)left_size;
}

/* ---- Where parts of a block begin and end ---- */

static inline ebb_cell *ebb_start_of_header(ebb_cell *block) {
    return block - EBB_IS_SEALED;
}

static inline ebb_cell *ebb_end_of_links(ebb_cell *block) {
    return block + EBB_NEXT + 1;
}

/* Of the free block to the left of `right`. */
static inline ebb_cell *ebb_start_of_footer(ebb_cell *right) {
    return right + EBB_FOOTER_OF_LEFT;
}

/* ---- Payload ---- */

static inline void *ebb_payload(ebb_cell *block) {
    return block + 1;
}

static inline ebb_cell *ebb_block_of(const void *payload) {
    return (ebb_cell *)(uintptr_t)payload - 1;
}

/* The same of addresses at which no block need be: computed as numbers, as C forbids that with such pointers. */

static inline const void *ebb_any_payload(const ebb_cell *block) {
    return (const void *)((uintptr_t)block + sizeof *block);
}

static inline ebb_cell *ebb_any_block_of(const void *payload) {
    return (ebb_cell *)((uintptr_t)payload - sizeof(ebb_cell));
}

/* ---- Neighbours ---- */

static inline ebb_cell *ebb_after(const ebb_cell *block, size_t size) {
    return (ebb_cell *)((uintptr_t)block + size * EBB_UNIT);
}

static inline ebb_cell *ebb_before(const ebb_cell *block, size_t size) {
    return (ebb_cell *)((uintptr_t)block - size * EBB_UNIT);
}

/* The size of a block that reaches from one to the other. */
static inline size_t ebb_size_between(const ebb_cell *block, const ebb_cell *right) {
    return ((uintptr_t)right - (uintptr_t)block) / EBB_UNIT;
}

/* ---- Links ---- */

/*
 * Where a granule has only two cells, a free block's `next` lies where the header of a block one granule higher would
 * be, or was: so no link may look like a header in use.
 */
_Static_assert(EBB_GRANULE / EBB_CELL > 2 || EBB_CELL / EBB_UNIT % (2 * EBB_USED) == 0, "a link is no header in use");

static inline ebb_cell *ebb_at_link(const void *heap, size_t link) {
    return ebb_after(heap, link);
}

static inline size_t ebb_link_to(const void *heap, const ebb_cell *block) {
    return ebb_size_between(heap, block);
}

/* Both links of a free block are 0 now. They lie at the start of what was its payload: one store is enough for both. */
static inline void ebb_clear_links(ebb_cell *block) {
#if defined(__GNUC__)
    __builtin_memset(__builtin_assume_aligned(block + EBB_PREV, EBB_GRANULE), 0, 2 * sizeof(ebb_cell));
#else
    block[EBB_PREV] = 0;
    block[EBB_NEXT] = 0;
#endif
}

/* ---- Bytes ---- */

static inline size_t ebb_bytes_of(size_t size) {
    return size * EBB_UNIT;
}

/* The bytes a block gives to its user. */
static inline size_t ebb_payload_of(size_t size) {
    return ebb_bytes_of(size) - EBB_HEADER_SIZE;
}

/* The size of the block for a request of `bytes`, at most EBB_LARGEST_REQUEST. */
static inline size_t ebb_size_for(size_t bytes) {
    size_t size = (bytes + EBB_HEADER_SIZE + EBB_GRANULE - 1) / EBB_GRANULE * EBB_GRANULE_UNITS;
    /* A granule is the least that this comes to. */
    return EBB_SIZE_MIN > EBB_GRANULE_UNITS && size < EBB_SIZE_MIN ? EBB_SIZE_MIN : size;
}

/* The size of the largest block that so many bytes have room for; 0 if for none. */
static inline size_t ebb_size_within(size_t bytes) {
    size_t size = bytes / EBB_GRANULE * EBB_GRANULE_UNITS;
    return size < EBB_SIZE_MIN ? 0 : size;
}

/* Whether what is left of a block, a multiple of the granule, is too small to be one. */
static inline bool ebb_is_too_small(size_t size) {
    return EBB_SIZE_MIN == EBB_GRANULE_UNITS ? size == 0 : size < EBB_SIZE_MIN;
}

/*
 * Whether what is left of a block of which `wanted` units are needed, a multiple of the granule, stays with it: it is
 * too small to be a block, or no more than a part of what is needed. (The constant is the denominator.)
 *
 * Cut off, so little would serve small blocks alone. As long as one of them stays there, the hole beside it is a little
 * too small for the next block that is as large as the first was; and where such blocks come and go, in time each hole.
 * Best fit finds blocks that fit more closely, so half as much is enough.
 */
enum { EBB_STAYING_PART = EBB_BEST_FIT ? 32 : 16 };

static inline bool ebb_stays(size_t rest, size_t wanted) {
    /* Where a granule is a block, only nothing is too small, and that is no more than any part. */
    return (EBB_SIZE_MIN != EBB_GRANULE_UNITS && ebb_is_too_small(rest)) || rest <= wanted / EBB_STAYING_PART;
}

#endif
