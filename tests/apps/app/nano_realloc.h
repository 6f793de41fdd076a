/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * For the compilation of newlib-nano's malloc alone, whose one memcpy() is that of realloc(). In newlib 3.3 it copies
 * as many bytes as the new block has, from beyond the old one and beyond the break, where a protected app faults. Later
 * versions copy what the old one has, and so does this.
 */
#ifndef NANO_REALLOC_H
#define NANO_REALLOC_H

#include <string.h>

#define memcpy(to, from, size) memcpy(to, from, nano_malloc_usable_size(RCALL from))

#endif
