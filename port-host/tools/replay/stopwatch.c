/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stopwatch.h"

#include <time.h>

/* So many operations are read first and then timed together: the clock takes longer than a call. */
enum { BATCH = 1024, REPLAYS = 3 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* As replay.c performs it, without what is only for figures. */
static void perform(struct replay *replay, const struct trace_operation *operation) {
    void *block = replay_call(replay, operation);
    if (operation->kind == TRACE_FREE || block != NULL) {
        replay->slots[operation->slot].block = block;
    }
}

static size_t read_batch(struct replay *replay, struct trace_operation *batch) {
    size_t count = 0;
    while (count < BATCH && trace_next(&replay->trace, &batch[count]) == TRACE_OK) {
        count++;
    }
    return count;
}

static double time_once(struct replay *replay) {
    struct trace_operation batch[BATCH];
    double total = 0;
    for (size_t count = read_batch(replay, batch); count > 0; count = read_batch(replay, batch)) {
        const double began = now();
        for (size_t index = 0; index < count; index++) {
            perform(replay, &batch[index]);
        }
        total += now() - began;
    }
    return total;
}

double stopwatch_nanoseconds(struct replay *replay) {
    double best = 0;
    for (int round = 0; round < REPLAYS; round++) {
        if (!replay_begin(replay)) {
            return 0;
        }
        const double total = time_once(replay);
        if (round == 0 || total < best) {
            best = total;
        }
    }
    return replay->trace.operations == 0 ? 0 : best / replay->trace.operations;
}
