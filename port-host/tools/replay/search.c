/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "search.h"

static bool suffices(struct replay *replay, size_t maximum) {
    replay->policy.maximum = maximum;
    return replay_run(replay);
}

static void note_peak(void *context, size_t before, size_t after) {
    size_t *peak = context;
    (void)before;
    *peak = *peak < after ? after : *peak;
}

/* The most that growing by need comes to: with as much of a maximum, hardly anything fails. 0: even that fails. */
static size_t unlimited_peak(struct replay *replay) {
    size_t peak = 0;
    const struct ebb_policy policy = replay->policy;
    replay->policy = (struct ebb_policy){.strategy = EBB_GROW_ONLY, .quantum = replay->core->geometry().granule};
    replay->arena.observer = note_peak;
    replay->arena.context = &peak;
    const bool done = replay_run(replay);
    replay->arena.observer = NULL;
    replay->policy = policy;
    if (!done) {
        return 0;
    }
    return peak;
}

/* A maximum that suffices, in granules: the one to begin with, or what doubling that comes to. 0: none does. */
static size_t find_sufficient(struct replay *replay, size_t granules) {
    const size_t granule = replay->core->geometry().granule;
    const size_t most = replay->arena.size / granule;
    granules = granules < most ? granules : most;
    while (!suffices(replay, granules * granule)) {
        if (granules == most) {
            return 0;
        }
        granules = granules > most / 2 ? most : 2 * granules;
    }
    return granules;
}

size_t search_smallest_maximum(struct replay *replay) {
    const size_t granule = replay->core->geometry().granule;
    replay->stops_at_failure = true;
    const size_t peak = unlimited_peak(replay);
    size_t works = peak == 0 ? 0 : find_sufficient(replay, peak / granule + 1);
    size_t fails = replay->trace.peak_live / granule; /* too little, as there is a control block as well */
    while (works > fails + 1) {
        const size_t middle = fails + (works - fails) / 2;
        if (suffices(replay, middle * granule)) {
            works = middle;
        } else {
            fails = middle;
        }
    }
    return works * granule;
}
