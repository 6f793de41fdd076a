/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Whether a program has but one thread. glibc knows, in a variable that its headers from 2.32 on declare under another
 * name; a C library that does not say so is taken for one whose programs have several.
 */
#ifndef EBB_ONLY_THREAD_H
#define EBB_ONLY_THREAD_H

#include <stdbool.h>
#include <stddef.h>

extern char glibc_single_threaded __asm__("__libc_single_threaded") __attribute__((weak));

static inline bool is_only_thread(void) {
    return &glibc_single_threaded != NULL && glibc_single_threaded != 0;
}

#endif
