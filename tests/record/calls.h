/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The program that is recorded, as far as it differs from place to place: how it allocates, and what it tells. */
#ifndef EBB_RECORD_CALLS_H
#define EBB_RECORD_CALLS_H

#include <ebb/heap.h>

#include <stddef.h>
#include <stdint.h>

/* The heap behind the calls below. */
struct ebb_heap *calls_heap(void);

void *calls_alloc(size_t size);
void *calls_calloc(size_t size);
void *calls_aligned_alloc(size_t alignment, size_t size);
void *calls_realloc(void *block, size_t size);
void calls_free(void *block);

/* An output for a recorder: the program's console, where its text goes, too. */
void calls_put_out(void *context, const void *bytes, size_t size);

/* A line "@name first second" with two numbers in decimal. */
void calls_say(const char *name, uint32_t first, uint32_t second);

/* Instructions so far, the system's own not included; 0 where they are not counted. */
uint32_t calls_instructions(void);

#endif
