/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Who calls for memory: the function that called the allocator, the one that called that, and so on. */
#ifndef EBB_RECORD_CALLERS_H
#define EBB_RECORD_CALLERS_H

#include <stddef.h>
#include <stdint.h>

enum { CALLERS_MOST = 8 };

/* Return addresses, the innermost first; 0 behind the last one. */
struct callers {
    uintptr_t addresses[CALLERS_MOST];
};

/*
 * Those from `innermost` on, which is a return address of one of the functions that are being called; at most `count`,
 * from 1 to CALLERS_MOST. The outer ones are found by the tables for unwinding that programs have: where a function has
 * none, they end. Takes no lock.
 */
struct callers callers_find(const void *innermost, size_t count);

/*
 * Writes where they are in their files, a line "/path/of/file+0x1a2b" for each, cut if there is no room for all.
 * Returns the length, which is below `size`. There is at least one of them.
 */
size_t callers_write(const struct callers *self, char *text, size_t size);

#endif
