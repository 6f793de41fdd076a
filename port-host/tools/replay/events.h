/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * One replay, call by call, as JSON Lines for other programs: first an object that says what is replayed, then an array
 * for each operation,
 *
 *   [operation, kind, slot, offset, block, requested, region, top, largest_free, live]
 *
 * kind is "a" (malloc), "f" (free), "r" (realloc), "c" (calloc), "l" (aligned) or "x" (a request that failed). offset
 * is that of the block's address from the start of the region, and null where there is no block: after "x", and for a
 * free of what was never got. block counts the header, requested is 0 for a free, top is the offset that a block at
 * the start of the idle end would have, largest_free is the largest request that would not move the end, or null
 * where that was not computed, and live is what was requested and not freed. All in bytes. If the trace says who
 * called, the name of that site is one more element. Each move of the end comes before the operation that needed it,
 * the first one when the heap is created:
 *
 *   ["m", operation, region before, region after]
 */
#ifndef EBB_REPLAY_EVENTS_H
#define EBB_REPLAY_EVENTS_H

#include "replay.h"

#include <stdio.h>

/* Runs the replay, which is open, and writes all of this to `file`. `name` is that of the trace. */
void events_write(struct replay *replay, const char *name, FILE *file);

#endif
