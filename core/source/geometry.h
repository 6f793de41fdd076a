/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The numbers a heap is made of, chosen when the library is built:
 *
 *   EBB_NUMBER_BITS  16: 2-byte headers; heaps up to 128 KiB; 32 KiB where addresses have 16 bits
 *                    32: 4-byte headers; heaps up to 8 GiB with granule 8, 16 GiB with 16;
 *                        2 GiB where addresses have 32 bits
 *                    At hardening level 2, a header has a seal, and is twice as large
 *   EBB_GRANULE      8 or 16: alignment and unit of all blocks, in bytes
 *   EBB_HARDENING    how much is checked before it is believed. 0: nothing; 1: pointers, against the headers that they
 *                    lead to; 2: all that a call is going to use, with seals and poison. See docs/hardening.md
 *   EBB_BEST_FIT     1: of the free blocks that a request looks at, it takes the smallest that will do; 0: the first
 *
 * Nothing in the public headers depends on them.
 */
#ifndef EBB_SOURCE_GEOMETRY_H
#define EBB_SOURCE_GEOMETRY_H

#include "compiler.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#ifndef EBB_NUMBER_BITS
#define EBB_NUMBER_BITS 16
#endif

#ifndef EBB_GRANULE
#define EBB_GRANULE 8
#endif

#ifndef EBB_HARDENING
#define EBB_HARDENING 1
#endif

#ifndef EBB_BEST_FIT
#define EBB_BEST_FIT 0
#endif

_Static_assert(EBB_GRANULE == 8 || EBB_GRANULE == 16, "EBB_GRANULE is 8 or 16");
_Static_assert(EBB_HARDENING >= 0 && EBB_HARDENING <= 2, "EBB_HARDENING is 0, 1 or 2");
_Static_assert(EBB_BEST_FIT == 0 || EBB_BEST_FIT == 1, "EBB_BEST_FIT is 0 or 1");

/* Level 2: free memory is poisoned, headers are sealed, and what free blocks say is checked. */
enum { EBB_IS_SEALED = EBB_HARDENING == 2 };

/*
 * What sizes and links are stored in. Wherever they are computed with, they are size_t: so the compiler need not cut
 * each sum down to 16 bits.
 */
#if EBB_NUMBER_BITS == 16
typedef uint16_t ebb_number;
#elif EBB_NUMBER_BITS == 32
typedef uint32_t ebb_number;
#else
#error "EBB_NUMBER_BITS is 16 or 32"
#endif

_Static_assert(sizeof(ebb_number) * CHAR_BIT == EBB_NUMBER_BITS, "a number has as many bits as it says");
_Static_assert(sizeof(ebb_number) <= sizeof(size_t), "EBB_NUMBER_BITS is no more than a size has");

/* A cell is the place of one number. */
enum { EBB_CELL = sizeof(ebb_number) };

/*
 * Sizes and links count units of so many bytes. A granule has at least four: so the size of a block leaves the two
 * lowest bits of its header to flags. A cell has at least one: so there is a link to each bin. Within that, a unit is
 * as large as possible, for reach. But where a number reaches all of the address space anyway, a unit is a byte: so
 * nothing has to be shifted where a size is added to an address.
 */
enum { EBB_UNIT = (ebb_number)-1 >= SIZE_MAX ? 1 : EBB_GRANULE / 4 < EBB_CELL ? EBB_GRANULE / 4 : EBB_CELL };

/* Units of a granule. */
#define EBB_GRANULE_UNITS ((size_t)(EBB_GRANULE / EBB_UNIT))

/* Bytes from the start of a heap: what a number can say, or what the difference of two addresses can be. */
#define EBB_REACH ((uint64_t)(ebb_number)-1 * EBB_UNIT)
#define EBB_LARGEST_REGION ((size_t)(EBB_REACH < PTRDIFF_MAX ? EBB_REACH : PTRDIFF_MAX) / EBB_GRANULE * EBB_GRANULE)

/*
 * A size or link as it is stored. Not a cast alone: of a value that is stored twice, or lives on, a compiler may clear
 * the upper bits first, and most small processors need two instructions for that.
 */
static inline ebb_number ebb_narrow(size_t value) {
    return (ebb_number)ebb_opaque(value);
}

#endif
