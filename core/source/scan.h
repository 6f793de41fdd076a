/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The lowest bit set. */
#ifndef EBB_SOURCE_SCAN_H
#define EBB_SOURCE_SCAN_H

#include <stdint.h>

/*
 * The compiler's builtin is one or two instructions where the processor counts zeroes. Where it does not, as on
 * RV32IMAC and Cortex-M0, the builtin is a call into libgcc of 25 to 60 instructions; a multiplication does it in ten.
 */
#if !defined(EBB_SCAN_BY_MULTIPLICATION) &&                                                                            \
    (defined(__ARM_FEATURE_CLZ) || defined(__riscv_zbb) || defined(__x86_64__) || defined(__i386__) ||                 \
     defined(__aarch64__) || defined(__wasm__))

static inline unsigned ebb_lowest_bit(uint32_t bits) {
    return (unsigned)__builtin_ctz(bits);
}

#else

/*
 * Every five neighbouring bits of the factor, a de Bruijn sequence, are different, so they tell how far it was shifted.
 * Leiserson, Prokop and Randall, "Using de Bruijn Sequences to Index a 1 in a Computer Word", 1998.
 */
#define EBB_DE_BRUIJN UINT32_C(0x077CB531)

extern const uint8_t ebb_bit_of_de_bruijn[32];

static inline unsigned ebb_lowest_bit(uint32_t bits) {
    uint32_t lowest = bits & (UINT32_C(0) - bits);
    return ebb_bit_of_de_bruijn[(uint32_t)(lowest * EBB_DE_BRUIJN) >> 27];
}

#endif

#endif
