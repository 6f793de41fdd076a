/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Replays every embedded trace on the subject and prints what each call cost and what memory it took, one line for each
 * figure's subject, as pairs of name and number. instructions.py reads them.
 */
#include "../histogram.h"
#include "../replay.h"
#include "console.h"
#include "each_trace.h"

enum { GROW_ONLY = 1, LARGEST_REGION = 500 << 10, STEP = 8, KINDS = 5 };

/* Sums over one replay. */
struct account {
    uint32_t operations;
    uint64_t region_sum;
    uint64_t payload_sum;
    size_t region_peak;
    uint64_t store_instructions;
    uint64_t copy_instructions;
    uint64_t clear_instructions;
};

static struct replay_block blocks[BOARD_SLOTS];
static struct histogram histograms[KINDS];
static uint32_t largest_at_rest[KINDS]; /* of the calls that did not call the store */
static struct account account;

/* What make_call() itself adds to a count, and what count_apart adds outside of its window, for each call. */
static uint32_t cost_of_call;
static uint32_t cost_of_apart;

static uint32_t apart_instructions(const struct call *call) {
    return call->store.instructions + call->copying.instructions + call->clearing.instructions;
}

static uint32_t apart_calls(const struct call *call) {
    return call->store.calls + call->copying.calls + call->clearing.calls;
}

static void calibrate(void) {
    struct call empty = {.function = (uintptr_t)nothing};
    struct call apart = {.function = (uintptr_t)counted_nothing};

    make_call(&empty);
    cost_of_call = empty.instructions - 1;
    make_call(&apart);
    cost_of_apart = apart.instructions - cost_of_call - apart_instructions(&apart) - 1;
}

/* Each function counted apart remains as one instruction, as if it were empty. */
static uint32_t net_of(const struct call *call) {
    return call->instructions - cost_of_call - apart_instructions(call) - apart_calls(call) * cost_of_apart;
}

static void observe(void *context, const struct trace_operation *operation, const struct call *call, uint32_t live) {
    (void)context;
    if (operation == NULL) {
        return;
    }
    uint32_t net = net_of(call);

    histogram_add(&histograms[operation->kind], net);
    if (call->store.calls == 0 && largest_at_rest[operation->kind] < net) {
        largest_at_rest[operation->kind] = net;
    }
    account.operations++;
    account.region_sum += subject_region_bytes() + subject_static_bytes();
    account.payload_sum += live;
    account.store_instructions += call->store.instructions;
    account.copy_instructions += call->copying.instructions;
    account.clear_instructions += call->clearing.instructions;
    if (account.region_peak < subject_region_bytes()) {
        account.region_peak = subject_region_bytes();
    }
}

/* Counts calls of one kind as calls of another as well. */
static void merge(uint32_t into_kind, uint32_t from_kind) {
    struct histogram *into = &histograms[into_kind];
    const struct histogram *from = &histograms[from_kind];

    for (uint32_t value = 0; value < HISTOGRAM_VALUES; value++) {
        into->calls[value] += from->calls[value];
    }
    into->count += from->count;
    into->sum += from->sum;
    if (into->largest < from->largest) {
        into->largest = from->largest;
    }
    if (largest_at_rest[into_kind] < largest_at_rest[from_kind]) {
        largest_at_rest[into_kind] = largest_at_rest[from_kind];
    }
}

static void print_calls(const char *run, const char *trace, const char *function, uint32_t kind) {
    const struct histogram *histogram = &histograms[kind];

    print("calls ");
    print(run);
    print(" ");
    print(trace);
    print(" ");
    print(function);
    print_field("count", histogram->count);
    print_field("sum", histogram->sum);
    print_field("p50", histogram_percentile(histogram, 500));
    print_field("p99", histogram_percentile(histogram, 990));
    print_field("p999", histogram_percentile(histogram, 999));
    print_field("max", histogram->largest);
    print_field("rest", largest_at_rest[kind]);
    print("\n");
}

static void print_account(const char *run, const char *trace) {
    struct subject_moves moves = subject_moves();

    print("memory ");
    print(run);
    print(" ");
    print(trace);
    print_field("operations", account.operations);
    print_field("region_sum", account.region_sum);
    print_field("payload_sum", account.payload_sum);
    print_field("region_peak", account.region_peak + subject_static_bytes());
    print_field("grows", moves.grows);
    print_field("shrinks", moves.shrinks);
    print_field("refusals", moves.refusals);
    print_field("store_instructions", account.store_instructions);
    print_field("copy_instructions", account.copy_instructions);
    print_field("clear_instructions", account.clear_instructions);
    print("\n");
}

static void measure(struct replay *replay, const char *run, const char *name, const struct subject_policy *policy) {
    for (uint32_t kind = 0; kind < KINDS; kind++) {
        histogram_clear(&histograms[kind]);
        largest_at_rest[kind] = 0;
    }
    account = (struct account){0};
    replay->checks_payloads = true;
    replay->observer = observe;
    enum replay_status status = replay_run(replay, policy);

    if (status != REPLAY_OK) {
        fail(name, replay_explain(status), replay->done);
    }
    print_calls(run, name, "calloc", TRACE_CALLOC);
    print_calls(run, name, "aligned", TRACE_ALIGNED);
    merge(TRACE_MALLOC, TRACE_CALLOC);
    merge(TRACE_MALLOC, TRACE_ALIGNED);
    print_calls(run, name, "alloc", TRACE_MALLOC);
    print_calls(run, name, "free", TRACE_FREE);
    print_calls(run, name, "realloc", TRACE_REALLOC);
    print_account(run, name);
}

static void measure_trace(const char *name, struct trace *trace) {
    struct replay replay = {.trace = trace, .blocks = blocks, .slots = BOARD_SLOTS};
    const struct subject_policy standard = {0};

    measure(&replay, "default", name, &standard);
    replay.checks_payloads = false;
    replay.observer = NULL;
    size_t smallest = replay_smallest_maximum(&replay, LARGEST_REGION, STEP);

    if (smallest == 0) {
        fail(name, "the largest region does not suffice", replay.done);
    }
    print("footprint ");
    print(name);
    print_field("bytes", smallest);
    print("\n");
    struct subject_policy tightest = subject_tightest(smallest);

    measure(&replay, "tight", name, &tightest);
    if (subject_returns_memory()) {
        const struct subject_policy pinned = {.pinned = true};
        const struct subject_policy grow_only = {.strategy = GROW_ONLY};

        measure(&replay, "pinned", name, &pinned);
        measure(&replay, "grow_only", name, &grow_only);
    }
}

int main(void) {
    calibrate();
    print("subject");
    print_field("alignment", subject_alignment());
    print_field("static", subject_static_bytes());
    print_field("control", subject_control_bytes());
    print_field("cost_of_call", cost_of_call);
    print_field("cost_of_apart", cost_of_apart);
    print("\n");
    board_for_each_trace(measure_trace);
    print("done\n");
    return 0;
}
