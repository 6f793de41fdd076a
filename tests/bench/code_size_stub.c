/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The program that an allocator is linked into: what a C library refers to, as small as it can be. */
#include <stddef.h>

void start(void);
void *sbrk(ptrdiff_t increment);
void *_sbrk(ptrdiff_t increment);

void start(void) {
}

void *sbrk(ptrdiff_t increment) {
    (void)increment;
    return (void *)-1;
}

void *_sbrk(ptrdiff_t increment) {
    (void)increment;
    return (void *)-1;
}
