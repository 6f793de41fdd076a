/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* How a replayed heap looked at equal distances of time, which is counted in operations. */
#ifndef EBB_REPLAY_TIMELINE_H
#define EBB_REPLAY_TIMELINE_H

#include "replay.h"

struct sample {
    uint32_t operation; /* the state after as many */
    size_t live;        /* bytes requested and not freed */
    size_t region;      /* bytes from the start to the end of the region */
    size_t free;        /* bytes free in it, the idle end included */
    size_t largest_free;
};

/* The share of free memory that is not in its largest piece, 0 to 1; 0 if nothing is free. */
double sample_fragmentation(const struct sample *sample);

struct timeline {
    struct sample *samples;
    uint32_t count;
    uint32_t room;
    uint32_t operations; /* of the whole trace */
};

/* For at most `room` samples, one of which shows the end. */
void timeline_open(struct timeline *self, uint32_t room, uint32_t operations);

/* To be called after each operation; takes a sample if it is time for one. */
void timeline_note(struct timeline *self, const struct replay *replay, const struct replay_step *step);

void timeline_close(struct timeline *self);

#endif
