/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What the demo needs from the place it runs in: an app on an emulated board, or a process on the host. */
#ifndef EBB_DEMO_PLATFORM_H
#define EBB_DEMO_PLATFORM_H

#include <ebb/store.h>

#include <stdbool.h>
#include <stdint.h>

/*
 * The app lives several lives, each with a heap, grants and, on a board, variables as they are after a reset. Returns
 * the word that was handed to platform_live_again(), 0 in the first life.
 */
uint32_t platform_life(void);

/* Ends this life and begins the next with `heap_room` bytes for heap and grants, or somewhat more. */
void platform_live_again(size_t heap_room, uint32_t word);

/* "cortex-m3", "rv32imac" or "host". */
const char *platform_name(void);

/* Where the heap gets its memory from. */
const struct ebb_store *platform_store(void);

/* The first address that belongs to the system's grants, now, and the end of the memory that grants and heap share. */
uintptr_t platform_grants_start(void);
uintptr_t platform_memory_end(void);

/* Bytes from the end of the heap's memory, now, to the start of the grants. */
size_t platform_room(void);

/* Unit, in bytes, that memory protection rounds the end of what the app can touch up to, and the address it does. */
size_t platform_protection_granule(void);
uintptr_t platform_protected_from(void);

/* Instructions executed so far; always 0 where the machine does not count them. */
uint32_t platform_instructions(void);

/* Uses a driver for the first time, which takes a grant of `size` bytes. Returns whether it was given. */
bool platform_use_driver(size_t size);

void platform_print(const char *text);

#endif
