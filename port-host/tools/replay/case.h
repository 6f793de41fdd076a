/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* One trace on one core under one policy, and what came of it. */
#ifndef EBB_REPLAY_CASE_H
#define EBB_REPLAY_CASE_H

#include "../common/trace_file.h"
#include "policy.h"
#include "timeline.h"

struct case_settings {
    size_t store_granule; /* see struct ebb_store */
    uint32_t samples;     /* of the timeline */
    bool searches;        /* for the smallest maximum */
    bool times;           /* its calls */
};

struct replay_case {
    const struct trace_file *file;
    const struct core *core;
    const struct named_policy *policy;

    /* Results. */
    const char *mistake;     /* why there are none; NULL: there are */
    size_t maximum;          /* in force; 0: none */
    size_t smallest_maximum; /* with which no request fails; 0: not searched for, or even the largest does not do */
    size_t peak_region;
    double mean_region;
    double mean_live;
    uint32_t grows;
    uint32_t shrinks;
    uint32_t failed;
    struct timeline timeline;
    double nanoseconds; /* a call, on average; 0: not timed */
};

/* Everything but the time. Several cases can be measured at once. */
void case_measure(struct replay_case *self, const struct case_settings *settings);

/* The time; not beside others, which would disturb it. */
void case_time(struct replay_case *self, const struct case_settings *settings);

void case_close(struct replay_case *self);

/* Sets a replay up as the case says, with a maximum of its own, and opens it. It must stay where it is. */
void case_open_replay(const struct replay_case *self, const struct case_settings *settings, size_t maximum,
                      struct replay *replay);

#endif
