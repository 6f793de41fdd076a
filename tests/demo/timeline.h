/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Memory over time, thinned out to a few hundred records on the console. Each record covers an equal number of calls
 * and holds the least and the most of that time, so that no short peak is lost:
 *
 *   @s <last call> <payload least> <most> <region least> <most> <start of grants, from the heap's start>
 */
#ifndef EBB_DEMO_TIMELINE_H
#define EBB_DEMO_TIMELINE_H

#include <stddef.h>
#include <stdint.h>

struct timeline_range {
    size_t least;
    size_t most;
};

struct timeline {
    uint32_t calls_per_record;
    uint32_t calls;
    uint32_t calls_of_record;
    struct timeline_range payload;
    struct timeline_range region;
};

/* `calls`: how many are going to be noted. */
void timeline_start(struct timeline *self, uint32_t calls);

/* The state after one more call; `grants` is where grants start, as a distance from the heap's start. */
void timeline_note(struct timeline *self, size_t payload, size_t region, size_t grants);

/* Prints what the last record holds so far. */
void timeline_finish(struct timeline *self, size_t grants);

#endif
