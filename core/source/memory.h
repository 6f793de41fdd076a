/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * What core needs of the C library. Declared here, as a freestanding compiler need not have <string.h>; the compiler
 * itself may call them anyway.
 */
#ifndef EBB_SOURCE_MEMORY_H
#define EBB_SOURCE_MEMORY_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);

#endif
