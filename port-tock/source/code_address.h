/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Addresses of functions that cost no static memory. Position-independent code for Cortex-M takes each such address
 * from a table in RAM, which is part of what the start-up code of every app sets up, whether the app allocates or not.
 * But all code of an app moves together, so where a function is can be told from where the program is now.
 */
#ifndef EBB_SOURCE_CODE_ADDRESS_H
#define EBB_SOURCE_CODE_ADDRESS_H

#if defined(__arm__) && defined(__PIC__)

#include <stdint.h>

/*
 * Loads the address into `pointer`. The distance comes after the instructions that add it, and these skip it. The
 * compiler is to know what is named here, so that it keeps that; any operand will do, as it is no more than named.
 */
#define EBB_TOCK_LOAD_ADDRESS(pointer, function)                                                                       \
    do {                                                                                                               \
        uintptr_t address_;                                                                                            \
        uintptr_t distance_;                                                                                           \
        __asm__("adr %0, 1f\n\t"                                                                                       \
                "ldr %1, [%0]\n\t"                                                                                     \
                "b 2f\n\t"                                                                                             \
                ".balign 4\n"                                                                                          \
                "1:\t.word %c2 - 1b\n"                                                                                 \
                "2:"                                                                                                   \
                : "=&l"(address_), "=l"(distance_)                                                                     \
                : "X"(function));                                                                                      \
        (pointer) = (__typeof__(pointer))(address_ + distance_);                                                       \
    } while (0)

#else

#define EBB_TOCK_LOAD_ADDRESS(pointer, function) ((pointer) = (function))

#endif

#endif
