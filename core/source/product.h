/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Whether the product of two sizes is too large for a size. */
#ifndef EBB_SOURCE_PRODUCT_H
#define EBB_SOURCE_PRODUCT_H

#include "compiler.h"

#include <limits.h>
#include <stdbool.h>

/* Whether the processor multiplies sizes to twice as many bits by itself. If not, that is a call into libgcc. */
#ifndef EBB_HAS_WIDE_PRODUCT
#if defined(__GNUC__) &&                                                                                               \
    (defined(__thumb2__) || defined(__riscv_mul) || defined(__x86_64__) || defined(__i386__) || defined(__aarch64__))
#define EBB_HAS_WIDE_PRODUCT 1
#else
#define EBB_HAS_WIDE_PRODUCT 0
#endif
#endif

#if EBB_HAS_WIDE_PRODUCT
static inline bool ebb_product_overflows(size_t count, size_t size) {
    size_t product;
    return __builtin_mul_overflow(count, size, &product);
}
#else
enum { EBB_HALF_OF_BITS = sizeof(size_t) * CHAR_BIT / 2 };

/* In halves: a division would be a call into libgcc, too. */
static inline bool ebb_product_overflows(size_t count, size_t size) {
    if (EBB_HAS_SHORTCUTS && (count | size) >> EBB_HALF_OF_BITS == 0) {
        return false;
    }
    size_t smaller = count < size ? count : size;
    size_t larger = count < size ? size : count;
    if (smaller >> EBB_HALF_OF_BITS != 0) {
        return true;
    }
    size_t low = (larger & (SIZE_MAX >> EBB_HALF_OF_BITS)) * smaller;
    size_t high = (larger >> EBB_HALF_OF_BITS) * smaller + (low >> EBB_HALF_OF_BITS);
    return high >> EBB_HALF_OF_BITS != 0;
}
#endif

#endif
