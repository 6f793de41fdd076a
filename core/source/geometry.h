/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The numbers a heap is made of, chosen when the library is built:
 *
 *   EBB_NUMBER_BITS  16: 2-byte headers; heaps up to 65,535 granules, blocks up to 16,383 granules
 *                    32: 4-byte headers; no limit that a 32-bit machine could reach
 *   EBB_GRANULE      8 or 16: alignment and unit of all blocks, in bytes
 *
 * Nothing in the public headers depends on them.
 */
#ifndef EBB_SOURCE_GEOMETRY_H
#define EBB_SOURCE_GEOMETRY_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

/* A path that is rarely taken: kept out of the way of the one that is. */
#if defined(__GNUC__)
#define EBB_COLD __attribute__((__noinline__))
#else
#define EBB_COLD
#endif

#ifndef EBB_NUMBER_BITS
#define EBB_NUMBER_BITS 16
#endif

#ifndef EBB_GRANULE
#define EBB_GRANULE 8
#endif

_Static_assert(EBB_GRANULE == 8 || EBB_GRANULE == 16, "EBB_GRANULE is 8 or 16");

#if EBB_NUMBER_BITS == 16
typedef uint16_t ebb_number;
typedef int16_t ebb_signed_number;
/* The highest number a granule can have. The few above it are for other uses: see bins.h. */
#define EBB_NUMBER_MAX (UINT16_MAX - 64)
/* In granules. A header keeps a size in all but two bits of a number. */
#define EBB_SIZE_MAX (UINT16_MAX >> 2)
#elif EBB_NUMBER_BITS == 32
typedef uint32_t ebb_number;
typedef int32_t ebb_signed_number;
#if SIZE_MAX > UINT32_MAX
#define EBB_NUMBER_MAX (UINT32_MAX - 64)
#define EBB_SIZE_MAX (UINT32_MAX >> 2)
#else
/* The address space ends before the numbers do. */
#define EBB_NUMBER_MAX (SIZE_MAX / EBB_GRANULE)
#define EBB_SIZE_MAX (EBB_NUMBER_MAX >> 1)
#endif
#else
#error "EBB_NUMBER_BITS is 16 or 32"
#endif

_Static_assert(sizeof(ebb_number) * CHAR_BIT == EBB_NUMBER_BITS, "a number has as many bits as it says");

#endif
