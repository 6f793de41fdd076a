/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What a program that is looked at by a debugger needs from the place it runs in. */
#ifndef EBB_GDB_PLACE_H
#define EBB_GDB_PLACE_H

#include <ebb/heap.h>

/* A heap whose end moves. */
struct ebb_heap *place_heap(void);

/* Somebody else takes `bytes` right above the end of the heap's region. */
void place_take(size_t bytes);

/* As printf, with what both places know: %s, %x, %lu. */
void place_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
