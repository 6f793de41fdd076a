/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "case.h"

#include "search.h"
#include "stopwatch.h"

void case_open_replay(const struct replay_case *self, const struct case_settings *settings, size_t maximum,
                      struct replay *replay) {
    *replay = (struct replay){.core = self->core, .trace = self->file->trace, .policy = self->policy->policy};
    replay->policy.maximum = maximum;
    replay_open(replay, settings->store_granule);
}

struct measurement {
    struct replay_case *result;
    const struct replay *replay;
};

static void add_step(void *context, const struct replay_step *step) {
    const struct measurement *measurement = context;
    struct replay_case *self = measurement->result;
    const size_t region = measurement->replay->arena.used;
    self->mean_region += (double)region;
    self->mean_live += (double)step->live;
    if (self->peak_region < region) {
        self->peak_region = region;
    }
    timeline_note(&self->timeline, measurement->replay, step);
}

static void summarize(struct replay_case *self, const struct replay *replay) {
    const double operations = replay->done == 0 ? 1 : replay->done;
    self->mean_region /= operations;
    self->mean_live /= operations;
    self->grows = replay->arena.grows;
    self->shrinks = replay->arena.shrinks;
    self->failed = replay->failed;
    if (replay->heap == NULL) {
        self->mistake = "no heap can be created under this policy";
    } else if (replay->damaged) {
        self->mistake = "the heap was found damaged: please report this, with the trace";
    }
}

static void observe(struct replay_case *self, const struct case_settings *settings) {
    struct replay replay;
    struct measurement measurement = {.result = self, .replay = &replay};
    const struct replay_observer observer = {.step = add_step, .context = &measurement};
    case_open_replay(self, settings, self->maximum, &replay);
    replay.observer = &observer;
    timeline_open(&self->timeline, settings->samples, replay.trace.operations);
    replay_run(&replay);
    summarize(self, &replay);
    replay_close(&replay);
}

static void search(struct replay_case *self, const struct case_settings *settings) {
    struct replay replay;
    case_open_replay(self, settings, 0, &replay);
    self->smallest_maximum = search_smallest_maximum(&replay);
    replay_close(&replay);
}

/* A heap of fixed size without a maximum would take all there is; the least that does is what one would give it. */
static bool needs_maximum(const struct replay_case *self) {
    return self->policy->policy.strategy == EBB_FIXED && self->policy->policy.maximum == 0;
}

void case_measure(struct replay_case *self, const struct case_settings *settings) {
    self->maximum = self->policy->policy.maximum;
    if (settings->searches || needs_maximum(self)) {
        search(self, settings);
    }
    if (needs_maximum(self)) {
        self->maximum = self->smallest_maximum;
    }
    if (needs_maximum(self) && self->maximum == 0) {
        self->mistake = "does not fit the largest heap of this geometry";
    } else {
        observe(self, settings);
    }
}

void case_time(struct replay_case *self, const struct case_settings *settings) {
    if (self->mistake == NULL) {
        struct replay replay;
        case_open_replay(self, settings, self->maximum, &replay);
        self->nanoseconds = stopwatch_nanoseconds(&replay);
        replay_close(&replay);
    }
}

void case_close(struct replay_case *self) {
    timeline_close(&self->timeline);
}
