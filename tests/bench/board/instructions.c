/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Replays every embedded trace on the subject and prints what each call cost and what memory it took, one line for each
 * figure's subject, as pairs of name and number. instructions.py reads them.
 */
#include "../histogram.h"
#include "../replay.h"
#include "console.h"
#include "embedded.h"

enum { SLOTS = 4096, LARGEST_REGION = 500 << 10, STEP = 8, KINDS = 5 };

void nothing(void);
void counted_nothing(void);

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

static struct replay_block blocks[SLOTS];
static struct histogram histograms[KINDS];
static struct account account;

/* What make_call() itself adds to a count, and what count_apart adds outside of its window, for each call. */
static uint32_t cost_of_call;
static uint32_t cost_of_apart;

static void clear_apart(void) {
    apart_store = (struct apart){0, 0};
    apart_copy = (struct apart){0, 0};
    apart_clear = (struct apart){0, 0};
}

static void calibrate(void) {
    struct call call = {.function = (uintptr_t)nothing};

    make_call(&call);
    cost_of_call = call.instructions - 1;
    call.function = (uintptr_t)counted_nothing;
    clear_apart();
    make_call(&call);
    cost_of_apart = call.instructions - cost_of_call - apart_store.instructions - 1;
    clear_apart();
}

/* Each function counted apart remains as one instruction, as if it were empty. */
static uint32_t net_of(const struct call *call) {
    uint32_t apart = apart_store.instructions + apart_copy.instructions + apart_clear.instructions;
    uint32_t calls = apart_store.calls + apart_copy.calls + apart_clear.calls;

    return call->instructions - cost_of_call - apart - calls * cost_of_apart;
}

static void observe(void *context, const struct trace_operation *operation, const struct call *call, uint32_t live) {
    (void)context;
    if (operation != NULL) {
        histogram_add(&histograms[operation->kind], net_of(call));
        account.operations++;
        account.region_sum += subject_region_bytes() + subject_static_bytes();
        account.payload_sum += live;
        account.store_instructions += apart_store.instructions;
        account.copy_instructions += apart_copy.instructions;
        account.clear_instructions += apart_clear.instructions;
        if (account.region_peak < subject_region_bytes()) {
            account.region_peak = subject_region_bytes();
        }
    }
    clear_apart();
}

static void merge(struct histogram *into, const struct histogram *from) {
    for (uint32_t value = 0; value < HISTOGRAM_VALUES; value++) {
        into->calls[value] += from->calls[value];
    }
    into->count += from->count;
    into->sum += from->sum;
    if (into->largest < from->largest) {
        into->largest = from->largest;
    }
}

static void print_calls(const char *run, const char *trace, const char *function, const struct histogram *histogram) {
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

static _Noreturn void fail(const char *trace, const char *reason, uint32_t operation) {
    print("error ");
    print(trace);
    print(": ");
    print(reason);
    print(", after operation");
    print_field("", operation);
    print("\n");
    board_exit(1);
}

static void measure(struct replay *replay, const char *run, const char *name, const struct subject_policy *policy) {
    for (uint32_t kind = 0; kind < KINDS; kind++) {
        histogram_clear(&histograms[kind]);
    }
    account = (struct account){0};
    replay->checks_payloads = true;
    replay->observer = observe;
    enum replay_status status = replay_run(replay, policy);

    if (status != REPLAY_OK) {
        fail(name, replay_explain(status), replay->done);
    }
    print_calls(run, name, "calloc", &histograms[TRACE_CALLOC]);
    print_calls(run, name, "aligned", &histograms[TRACE_ALIGNED]);
    merge(&histograms[TRACE_MALLOC], &histograms[TRACE_CALLOC]);
    merge(&histograms[TRACE_MALLOC], &histograms[TRACE_ALIGNED]);
    print_calls(run, name, "alloc", &histograms[TRACE_MALLOC]);
    print_calls(run, name, "free", &histograms[TRACE_FREE]);
    print_calls(run, name, "realloc", &histograms[TRACE_REALLOC]);
    print_account(run, name);
}

static void measure_trace(const struct embedded_trace *file) {
    static uint32_t sizes[SLOTS];
    struct trace trace;
    enum trace_status status = trace_open(&trace, file->start, (size_t)(file->end - file->start));

    if (status == TRACE_OK) {
        status = trace.slots <= SLOTS ? trace_verify(&trace, sizes) : TRACE_SLOT_RANGE;
    }
    if (status != TRACE_OK) {
        fail(file->name, trace_explain(status), trace.done);
    }
    print("trace ");
    print(file->name);
    print_field("operations", trace.operations);
    print_field("peak_live", trace.peak_live);
    print_field("synthetic", (trace.flags & TRACE_SYNTHETIC) != 0);
    print("\n");

    struct replay replay = {.trace = &trace, .blocks = blocks, .slots = SLOTS};
    const struct subject_policy standard = {0};

    measure(&replay, "default", file->name, &standard);
    replay.checks_payloads = false;
    replay.observer = NULL;
    size_t smallest = replay_smallest_maximum(&replay, LARGEST_REGION, STEP);

    if (smallest == 0) {
        fail(file->name, "the largest region does not suffice", replay.done);
    }
    print("footprint ");
    print(file->name);
    print_field("bytes", smallest);
    print("\n");
    struct subject_policy tightest = subject_tightest(smallest);

    measure(&replay, "tight", file->name, &tightest);
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
    for (size_t index = 0; index < embedded_trace_count; index++) {
        measure_trace(&embedded_traces[index]);
    }
    print("done\n");
    return 0;
}
