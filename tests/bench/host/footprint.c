/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* How much memory the heap takes for each trace, under a policy given by options; see usage(). */
#include "../subject_ebb.h"
#include "tool.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_REGION = 1 << 20 };

struct options {
    struct subject_policy policy;
    size_t control_block; /* count this many bytes for it; 0: as many as it has here */
    bool skips_search;
};

/* Over one replay. */
struct sums {
    uint64_t operations;
    uint64_t region;
    uint64_t payload;
    size_t peak_region;
    size_t peak_blocks; /* bytes of all blocks in use, and of the control block */
};

/* Logarithms over the recorded traces. */
struct means {
    const struct options *options;
    unsigned traces;
    double footprint;
    double without_holes;
    double region;
    double required;
    double moves;
};

static void usage(void) {
    puts("Usage: footprint [OPTION]... [TRACE]...\n"
         "TRACE is the name of a recorded one, or a file that ends in .mtr; without any: all of the project's.\n"
         "  --strategy N       0 grow and return (default), 1 grow only, 2 fixed\n"
         "  --quantum N        bytes to grow by; 0 (default) adapts\n"
         "  --return-above N   with a quantum: idle bytes that a free may leave\n"
         "  --move-price N     without: bytes idle for one call that a move is worth\n"
         "  --maximum N        bytes that the region may have\n"
         "  --control N        count N bytes for the control block, as on another machine\n"
         "  --no-search        do not search for the smallest maximum");
}

static void observe(void *context, const struct trace_operation *operation, const struct call *call, uint32_t live) {
    struct sums *sums = context;
    size_t region = subject_region_bytes();

    (void)call;
    if (operation == NULL) {
        return;
    }
    sums->operations++;
    sums->region += region;
    sums->payload += live;
    if (sums->peak_region < region) {
        sums->peak_region = region;
    }
    struct ebb_statistics statistics;
    ebb_get_statistics(subject_heap(), &statistics);
    size_t blocks = ebb_get_geometry().control_block + statistics.live_bytes;
    if (sums->peak_blocks < blocks) {
        sums->peak_blocks = blocks;
    }
}

/* As observe(), for a region that is cut back to what is required after each operation. */
static void observe_required(void *context, const struct trace_operation *operation, const struct call *call,
                             uint32_t live) {
    if (operation != NULL) {
        ebb_trim(subject_heap());
    }
    observe(context, operation, call, live);
}

/* What the control block has more here than it should be counted with. */
static double surplus(const struct options *options) {
    return options->control_block == 0 ? 0 : (double)ebb_get_geometry().control_block - (double)options->control_block;
}

static double smallest(struct tool_trace *trace, const struct options *options) {
    if (options->skips_search) {
        return 0;
    }
    trace->replay.trace = &trace->trace;
    trace->replay.checks_payloads = false;
    trace->replay.observer = NULL;
    size_t maximum = replay_smallest_maximum(&trace->replay, LARGEST_REGION / 2, ebb_get_geometry().granule);

    if (maximum == 0) {
        tool_fail(trace->name, "does not fit the largest region");
    }
    struct subject_policy tightest = subject_tightest(maximum);

    tool_replay(trace, &tightest, NULL, NULL);
    return (double)maximum - surplus(options);
}

/* A footprint of 0 was not searched for. */
static void print_row(const char *name, double footprint, double without_holes, double required, double region,
                      double moves) {
    if (footprint > 0) {
        printf("%-12s %9.4f", name, footprint);
    } else {
        printf("%-12s %9s", name, "-");
    }
    printf(" %9.4f %9.4f %9.4f %9.2f", without_holes, required, region, moves);
}

/* Mean region over mean payload. */
static double ratio(const struct sums *sums, const struct options *options) {
    return ((double)sums->region - (double)sums->operations * surplus(options)) / (double)sums->payload;
}

/* The ratio that a policy would reach which never held an idle byte. */
static double required_ratio(struct tool_trace *trace, const struct options *options) {
    struct sums sums = {0};
    struct subject_policy tightest = subject_tightest(0);

    tool_replay(trace, &tightest, observe_required, &sums);
    return ratio(&sums, options);
}

static void measure(struct tool_trace *trace, void *context) {
    struct means *means = context;
    const struct options *options = means->options;
    struct sums sums = {0};
    double required = required_ratio(trace, options);

    tool_replay(trace, &options->policy, observe, &sums);
    struct subject_moves moves = subject_moves();
    double region = ratio(&sums, options);
    double moved = 1000.0 * (moves.grows + moves.shrinks) / (double)sums.operations;
    double footprint = smallest(trace, options) / trace->trace.peak_live;
    /* What nobody could be below who has these headers, this rounding and this control block. */
    double without_holes = ((double)sums.peak_blocks - surplus(options)) / trace->trace.peak_live;

    print_row(trace->name, footprint, without_holes, required, region, moved);
    printf(" %7u %7u %9zu\n", (unsigned)moves.grows, (unsigned)moves.shrinks, sums.peak_region);
    if (tool_is_recorded(trace)) {
        means->traces++;
        means->footprint += log(footprint);
        means->without_holes += log(without_holes);
        means->region += log(region);
        means->required += log(required);
        means->moves += moved;
    }
}

static bool read_option(struct options *options, const char *name, const char *value) {
    if (strcmp(name, "--strategy") == 0) {
        options->policy.strategy = tool_number(name, value);
    } else if (strcmp(name, "--quantum") == 0) {
        options->policy.quantum = tool_number(name, value);
    } else if (strcmp(name, "--return-above") == 0) {
        options->policy.return_above = tool_number(name, value);
    } else if (strcmp(name, "--move-price") == 0) {
        options->policy.move_price = tool_number(name, value);
    } else if (strcmp(name, "--maximum") == 0) {
        options->policy.maximum = tool_number(name, value);
    } else if (strcmp(name, "--control") == 0) {
        options->control_block = tool_number(name, value);
    } else {
        return false;
    }
    return true;
}

/* Returns the index of the first argument that is no option. */
static int read_options(struct options *options, int count, char **arguments) {
    int index = 1;

    while (index < count && arguments[index][0] == '-') {
        if (strcmp(arguments[index], "--no-search") == 0) {
            options->skips_search = true;
            index++;
        } else if (read_option(options, arguments[index], index + 1 < count ? arguments[index + 1] : NULL)) {
            index += 2;
        } else {
            usage();
            exit(strcmp(arguments[index], "--help") == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
        }
    }
    return index;
}

int main(int count, char **arguments) {
    struct options options = {0};
    struct means means = {.options = &options};
    int names = read_options(&options, count, arguments);

    printf("control block %zu bytes, counted as %.0f\n\n", ebb_get_geometry().control_block,
           (double)ebb_get_geometry().control_block - surplus(&options));
    printf("%-12s %9s %9s %9s %9s %9s %7s %7s %9s\n", "", "footprint", "no holes", "required", "region", "moves",
           "grows", "shrinks", "peak");
    tool_for_each(count - names, arguments + names, measure, &means);
    if (means.traces != 0) {
        print_row("recorded", exp(means.footprint / means.traces), exp(means.without_holes / means.traces),
                  exp(means.required / means.traces), exp(means.region / means.traces), means.moves / means.traces);
        puts("   geometric means over the recorded ones; moves: arithmetic");
    }
    return 0;
}
