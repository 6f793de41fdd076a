/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A C library's malloc, with what it keeps its memory in: a program that takes this in beside ebb does not link. */
#include <stddef.h>

void *malloc(size_t size);

char __malloc_av_[8];

void *malloc(size_t size) {
    return size <= sizeof __malloc_av_ ? __malloc_av_ : NULL;
}
