/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * For machines that count only time, in steps of several instructions: replays every embedded trace on the subject and
 * prints sums of time, from which means can be had, as a call begins at any phase of a step. times.py reads them.
 */
#include "../replay.h"
#include "console.h"
#include "each_trace.h"

enum { KINDS = 5, CALIBRATION_CALLS = 16384 };

/* Over all calls of one function. */
struct sum {
    uint32_t calls;
    uint32_t apart_calls;
    uint64_t time;
    uint64_t apart_time;
};

static struct replay_block blocks[BOARD_SLOTS];
static struct sum sums[KINDS];

static void add(struct sum *sum, const struct call *call) {
    sum->calls++;
    sum->apart_calls += call->store.calls + call->copying.calls + call->clearing.calls;
    sum->time += call->instructions;
    sum->apart_time += call->store.instructions + call->copying.instructions + call->clearing.instructions;
}

static void observe(void *context, const struct trace_operation *operation, const struct call *call, uint32_t live) {
    (void)context;
    (void)live;
    if (operation != NULL) {
        add(&sums[operation->kind], call);
    }
}

/* The pauses between calls differ, so that these too begin at any phase. */
static struct sum repeat(uintptr_t function) {
    struct sum sum = {0, 0, 0, 0};

    for (uint32_t round = 0; round < CALIBRATION_CALLS; round++) {
        struct call call = {.function = function};

        for (volatile uint32_t pause = round * 7 % 32; pause != 0; pause--) {
        }
        make_call(&call);
        add(&sum, &call);
    }
    return sum;
}

static void print_sum(const char *line, const char *name, const char *function, const struct sum *sum) {
    print(line);
    print(name);
    print(" ");
    print(function);
    print_field("calls", sum->calls);
    print_field("time", sum->time);
    print_field("apart_calls", sum->apart_calls);
    print_field("apart_time", sum->apart_time);
    print("\n");
}

static struct sum alloc_sum(void) {
    struct sum all = {0, 0, 0, 0};

    for (uint32_t kind = 0; kind < KINDS; kind++) {
        if (kind != TRACE_FREE && kind != TRACE_REALLOC) {
            all.calls += sums[kind].calls;
            all.apart_calls += sums[kind].apart_calls;
            all.time += sums[kind].time;
            all.apart_time += sums[kind].apart_time;
        }
    }
    return all;
}

static void measure_trace(const char *name, struct trace *trace) {
    struct replay replay = {
        .trace = trace, .blocks = blocks, .slots = BOARD_SLOTS, .checks_payloads = true, .observer = observe};
    const struct subject_policy standard = {0};

    for (uint32_t kind = 0; kind < KINDS; kind++) {
        sums[kind] = (struct sum){0, 0, 0, 0};
    }
    enum replay_status status = replay_run(&replay, &standard);

    if (status != REPLAY_OK) {
        fail(name, replay_explain(status), replay.done);
    }
    struct sum alloc = alloc_sum();

    print_sum("sum ", name, "alloc", &alloc);
    print_sum("sum ", name, "free", &sums[TRACE_FREE]);
    print_sum("sum ", name, "realloc", &sums[TRACE_REALLOC]);
}

int main(void) {
    struct sum empty = repeat((uintptr_t)nothing);
    struct sum apart = repeat((uintptr_t)counted_nothing);

    print_sum("calibration ", "-", "empty", &empty);
    print_sum("calibration ", "-", "apart", &apart);
    board_for_each_trace(measure_trace);
    print("done\n");
    return 0;
}
