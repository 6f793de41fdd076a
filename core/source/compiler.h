/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * What the compiler is told to put in line and what to call, and what is hidden from it. None of it changes what the
 * heap does.
 */
#ifndef EBB_SOURCE_COMPILER_H
#define EBB_SOURCE_COMPILER_H

#include <stddef.h>
#include <stdint.h>

/* Whether code is to be small, as the compiler was told. */
#if defined(__OPTIMIZE_SIZE__)
#define EBB_IS_SMALL 1
#else
#define EBB_IS_SMALL 0
#endif

/* Whether instructions can use so few registers that one path put into another costs more than a call: Thumb-1. */
#if defined(__thumb__) && !defined(__thumb2__)
#define EBB_HAS_FEW_REGISTERS 1
#else
#define EBB_HAS_FEW_REGISTERS 0
#endif

/*
 * Whether there are shortcuts: a faster path for a frequent case, before the path that serves that case as well as all
 * others. Its condition begins with this. Code that is to be small has none.
 */
#define EBB_HAS_SHORTCUTS (!EBB_IS_SMALL)

/*
 * A path kept out of the way of one that is taken more often, or needs fewer registers, unless code is to be small. Not
 * the attribute `cold`: some of them are taken often, and are to be fast.
 */
#if defined(__GNUC__) && !EBB_IS_SMALL
#define EBB_OUT_OF_LINE __attribute__((__noinline__))
#else
#define EBB_OUT_OF_LINE
#endif

/*
 * A path that calls something before its end: a function also where code is to be small. In line, it would make the
 * paths beside it, which call nothing or do so last, save registers as well.
 */
#if defined(__GNUC__)
#define EBB_APART __attribute__((__noinline__))
#else
#define EBB_APART
#endif

/*
 * A path that is often taken, or a piece of one: put into its callers, also where code is to be small. A function that
 * calls nothing need not save registers, which makes up for what the copies take.
 */
#if defined(__GNUC__)
#define EBB_INLINE inline __attribute__((__always_inline__))
#else
#define EBB_INLINE inline
#endif

/*
 * A function that one file calls in line and others call is `extern inline` in that file, where it may use static ones:
 * C11, 6.7.4, forbids that to inline functions without `extern` only. Clang warns of both.
 */
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wstatic-in-inline"
#endif

/*
 * A piece of paths that are often taken: in line in each of them; but where code is to be small, a function that is
 * there once, however many files include it. It has to be in a header, as calling it costs too much where code is to be
 * fast. Each is declared before it is defined, as a function has to be that is not static.
 */
#if defined(__GNUC__) && EBB_IS_SMALL
#define EBB_INLINE_UNLESS_SMALL __attribute__((__noinline__, __weak__, __visibility__("hidden")))
#else
#define EBB_INLINE_UNLESS_SMALL static inline
#endif

/* Hides from the compiler how a value came about, so that it keeps the value and does not compute it again. */
static inline size_t ebb_opaque(size_t value) {
#if defined(__GNUC__)
    if (!__builtin_constant_p(value)) {
        __asm__("" : "+r"(value));
    }
#endif
    return value;
}

/*
 * The same of a pointer. It pays at the beginning of a function that passes on a parameter at its end: else GCC leaves
 * that alone in its register, where the last call needs it, and works with a copy. It also pays for what is
 * returned: else GCC computes it in another register, while the one for results is still in use.
 */
static inline void *ebb_opaque_pointer(const void *pointer) {
#if defined(__GNUC__)
    __asm__("" : "+r"(pointer));
#endif
    return (void *)(uintptr_t)pointer;
}

#endif
