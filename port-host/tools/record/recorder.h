/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Notes what the program allocates. Calls come from any thread, in any order; what they note is in an order in which it
 * can have happened, as long as a block is noted as freed before it is freed, and as allocated after that.
 * What is wanted, and where it goes, settings.h says.
 */
#ifndef EBB_RECORD_RECORDER_H
#define EBB_RECORD_RECORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "../trace/trace.h"

/*
 * Whether the caller is to note what it does, which `site` has called for, a return address; if so, recorder_leave() is
 * to follow. Not so if there is nothing to record, or in a call that an allocator makes of its own functions.
 */
bool recorder_enter(const void *site);
void recorder_leave(void);

/* A block is there. `alignment` counts if the kind is TRACE_ALIGNED. */
void recorder_allocated(enum trace_kind kind, const void *block, size_t size, size_t alignment);

/* A block is about to be freed. */
void recorder_freed(const void *block);

/* A block is about to be resized: it is nowhere, until the same thread says what came of it. */
void recorder_resizing(const void *block);
void recorder_resized(const void *block, size_t size);
void recorder_not_resized(void);
void recorder_resized_away(void);

#endif
