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
 * Loads the address into `pointer`. The distance, from the program counter as the addition sees it, lies behind the
 * code of the section, which has to be shorter than the reach of a load: 1 KiB on Cortex-M0. The function is an operand
 * so that the compiler knows of its use and keeps it; of any kind ("X"), as only its name is needed.
 */
#define EBB_TOCK_LOAD_ADDRESS(pointer, function)                                                                       \
    do {                                                                                                               \
        uintptr_t address_;                                                                                            \
        __asm__("ldr %0, 2f\n"                                                                                         \
                "1:\tadd %0, pc\n\t"                                                                                   \
                ".subsection 1\n\t"                                                                                    \
                ".balign 4\n"                                                                                          \
                "2:\t.word %c1 - (1b + 4)\n\t"                                                                         \
                ".previous"                                                                                            \
                : "=l"(address_)                                                                                       \
                : "X"(function));                                                                                      \
        (pointer) = (__typeof__(pointer))address_;                                                                     \
    } while (0)

#else

#define EBB_TOCK_LOAD_ADDRESS(pointer, function) ((pointer) = (function))

#endif

#endif
