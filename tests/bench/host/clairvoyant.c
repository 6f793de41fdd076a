/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * What the default policy costs, against the least that anybody could pay who knew the future, at several prices of
 * idle memory.
 *
 * Where the end of the region has to be depends on the program and on where the heap places blocks, not on the policy:
 * top is used last. Both runs compare where blocks were placed, so that this is known and not believed.
 */
#include "../subject_ebb.h"
#include "optimum.h"
#include "tool.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Instructions, as measured on a kernel that clears what it gives. */
static const double move_price = 2600;
static const double grown_byte_price = 0.85;
static const double idle_byte_prices[] = {0.001, 0.01, 0.1, 1};

enum { PRICES_COUNT = sizeof idle_byte_prices / sizeof idle_byte_prices[0] };

/* What the program required, and where blocks were placed, after each operation. */
struct record {
    uint32_t *required;
    uint32_t *placed;
    size_t count;
    uint32_t start;
};

/* What a policy did about it. */
struct conduct {
    const struct record *record;
    size_t count;
    uint64_t idle; /* bytes idle after each operation, summed */
    uint64_t held; /* bytes of the region after each operation, summed */
    uint64_t required;
    size_t displaced;                  /* blocks that were placed elsewhere than in the record */
    struct subject_moves moves_before; /* those of the heap's creation */
};

struct means {
    unsigned traces;
    double ratio[PRICES_COUNT];
    double worst[PRICES_COUNT];
};

static uint32_t place_of(const struct call *call) {
    const struct ebb_heap *heap = subject_heap();

    return (uint32_t)(call->result - (uintptr_t)heap);
}

static void take_down(void *context, const struct trace_operation *operation, const struct call *call, uint32_t live) {
    struct record *record = context;

    (void)live;
    if (operation == NULL) {
        record->start = (uint32_t)subject_region_bytes();
        return;
    }
    ebb_trim(subject_heap());
    record->required[record->count] = (uint32_t)subject_region_bytes();
    record->placed[record->count] = operation->kind == TRACE_FREE ? 0 : place_of(call);
    record->count++;
}

static struct record take_record(struct tool_trace *trace) {
    size_t count = trace->trace.operations;
    struct record record = {malloc(count * sizeof(uint32_t)), malloc(count * sizeof(uint32_t)), 0, 0};
    struct subject_policy policy = subject_tightest(0);

    if (record.required == NULL || record.placed == NULL) {
        tool_fail(trace->name, "not enough memory to record it");
    }
    tool_replay(trace, &policy, take_down, &record);
    return record;
}

static void watch(void *context, const struct trace_operation *operation, const struct call *call, uint32_t live) {
    struct conduct *conduct = context;
    const struct record *record = conduct->record;
    size_t region = subject_region_bytes();

    (void)live;
    if (operation == NULL) {
        conduct->moves_before = subject_moves();
        return;
    }
    size_t index = conduct->count++;

    if (region < record->required[index]) {
        tool_fail("clairvoyant", "the region is smaller than what was required: placement depends on the policy");
    }
    conduct->held += region;
    conduct->required += record->required[index];
    conduct->idle += region - record->required[index];
    conduct->displaced += operation->kind != TRACE_FREE && record->placed[index] != place_of(call);
}

static double cost_of(const struct conduct *conduct, const struct price *price) {
    struct subject_moves moves = subject_moves();
    const struct subject_moves *before = &conduct->moves_before;
    double moved = (double)(moves.grows - before->grows) + (double)(moves.shrinks - before->shrinks) +
                   (double)(moves.refusals - before->refusals);

    return moved * price->move + price->grown_byte * (double)(moves.bytes_grown - before->bytes_grown) +
           price->idle_byte * (double)conduct->idle;
}

static void judge(struct tool_trace *trace, const struct record *record, unsigned which, struct means *means) {
    struct price price = {move_price, grown_byte_price, idle_byte_prices[which]};
    struct subject_policy policy = {.move_price = (uint32_t)(move_price / idle_byte_prices[which])};
    struct conduct conduct = {.record = record};

    tool_replay(trace, &policy, watch, &conduct);
    struct subject_moves moves = subject_moves();
    double cost = cost_of(&conduct, &price);
    double least = least_cost(record->required, record->count, record->start, &price);
    double ratio = cost / least;

    printf("%-12s %8g %12.0f %12.0f %7.3f %9.3f %9.2f %9zu\n", trace->name, idle_byte_prices[which], cost, least, ratio,
           (double)conduct.held / (double)conduct.required,
           1000.0 * (moves.grows + moves.shrinks) / (double)conduct.count, conduct.displaced);
    if (tool_is_recorded(trace)) {
        means->ratio[which] += log(ratio);
        means->worst[which] = fmax(means->worst[which], ratio);
    }
}

static void judge_at_each_price(struct tool_trace *trace, void *context) {
    struct means *means = context;
    struct record record = take_record(trace);

    for (unsigned which = 0; which < PRICES_COUNT; which++) {
        judge(trace, &record, which, means);
    }
    means->traces += tool_is_recorded(trace);
    free(record.required);
    free(record.placed);
}

int main(int count, char **arguments) {
    struct means means = {0};

    if (count > 1 && strcmp(arguments[1], "--help") == 0) {
        puts("Usage: clairvoyant [TRACE]...\n"
             "TRACE is the name of a recorded one, or a file that ends in .mtr; without any: all of the project's.");
        return EXIT_SUCCESS;
    }
    printf("%-12s %8s %12s %12s %7s %9s %9s %9s\n", "", "price", "cost", "least", "ratio", "held/req.", "moves/1k",
           "displaced");
    tool_for_each(count - 1, arguments + 1, judge_at_each_price, &means);
    for (unsigned which = 0; which < PRICES_COUNT && means.traces != 0; which++) {
        printf("%-12s %8g geometric mean of the recorded traces %.3f, worst %.3f\n", "recorded",
               idle_byte_prices[which], exp(means.ratio[which] / means.traces), means.worst[which]);
    }
    return EXIT_SUCCESS;
}
