/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Plays recorded traces again and again, each time with a store that fails at another one of its calls. */
#include "embedded.h"
#include "player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ARENA_BYTES = 256 * 1024, OUTAGE_PART = 8 };

/* What a store does at one of its calls, or from there on for an eighth of the trace. */
struct fault {
    const char *name;
    bool at_shrink; /* when asked to take memory back; else when asked for memory */
    enum answer answer;
    size_t detail;
    bool is_outage;
};

static const struct fault faults[] = {
    {.name = "refuses", .answer = ANSWER_REFUSE},
    {.name = "refuses for a while", .answer = ANSWER_REFUSE, .is_outage = true},
    {.name = "gives 8 bytes", .answer = ANSWER_LESS, .detail = 8},
    {.name = "gives 1 byte", .answer = ANSWER_LESS, .detail = 1},
    {.name = "gives 61 bytes too many", .answer = ANSWER_MORE, .detail = 61},
    {.name = "gives memory 6 bytes higher", .answer = ANSWER_HIGHER, .detail = 6},
    {.name = "gives memory 200 bytes higher", .answer = ANSWER_HIGHER, .detail = 200},
    {.name = "does not take back", .at_shrink = true, .answer = ANSWER_REFUSE},
    {.name = "does not take back for a while", .at_shrink = true, .answer = ANSWER_REFUSE, .is_outage = true},
    {.name = "takes 5 bytes back", .at_shrink = true, .answer = ANSWER_LESS, .detail = 5},
};

enum { FAULTS = sizeof faults / sizeof *faults };

struct plan {
    const char *name; /* of the policy */
    struct ebb_policy policy;
};

static const struct plan plans[] = {
    {.name = "adaptive", .policy = {.strategy = EBB_GROW_AND_RETURN}},
    {.name = "tight", .policy = {.strategy = EBB_GROW_AND_RETURN, .quantum = 64, .return_above = 128}},
    {.name = "grow-only", .policy = {.strategy = EBB_GROW_ONLY}},
};

struct run {
    const char *trace_name;
    const struct plan *plan;
    const struct fault *fault; /* NULL: none */
    uint32_t call;             /* the one of the store that is answered with the fault; the first is 0 */
    struct trace trace;
    struct player_block *blocks;
    struct scripted_store store;
    struct player player;
};

static _Alignas(4096) unsigned char arena[ARENA_BYTES];
static uint64_t runs_done;
static uint64_t runs_struck; /* of those, the ones whose store came to its fault */

_Noreturn static void fail(const struct run *run, const char *complaint) {
    printf("\nfaults: %s: %s, policy %s, after %u operations", complaint, run->trace_name, run->plan->name,
           (unsigned)run->player.done);
    if (run->fault != NULL) {
        printf(", where the store %s at call %u to %s", run->fault->name, (unsigned)run->call,
               run->fault->at_shrink ? "shrink" : "grow");
    }
    printf("\n");
    exit(1);
}

/* ---- One run ---- */

static struct script *script_of(struct run *run) {
    return run->fault->at_shrink ? &run->store.shrink_script : &run->store.grow_script;
}

static void arm(struct run *run) {
    if (run->fault == NULL) {
        return;
    }
    *script_of(run) = (struct script){.answer = run->fault->answer,
                                      .detail = run->fault->detail,
                                      .times = run->fault->is_outage ? SCRIPT_FOREVER : 1,
                                      .skip = run->call,
                                      .earlier = ANSWER_HONEST};
}

static uint32_t calls_of_kind(const struct run *run) {
    return run->fault != NULL && run->fault->at_shrink ? run->store.shrink_calls : run->store.grow_calls;
}

/* A request may fail if the store was not honest with it. */
static void check_failure(struct run *run, bool dishonest, uint32_t failed_before) {
    if (run->player.failed != failed_before && !dishonest) {
        fail(run, "a request failed, though the store gave all it was asked for");
    }
}

/* Plays the whole trace. */
static void play(struct run *run) {
    uint32_t outage = run->trace.operations / OUTAGE_PART;
    uint32_t honest_from = UINT32_MAX; /* the operation from which on the store is honest again */
    for (bool goes_on = true; goes_on;) {
        uint32_t failed = run->player.failed;
        uint32_t before = calls_of_kind(run);
        goes_on = player_step(&run->player);
        uint32_t after = calls_of_kind(run);
        bool struck = run->fault != NULL && before <= run->call && run->call < after;
        bool is_out = run->fault != NULL && run->fault->is_outage && after > run->call;
        check_failure(run, struck || is_out, failed);
        if (struck) {
            runs_struck++;
            player_verify(&run->player);
            honest_from = run->player.done + outage;
        }
        if (run->player.done == honest_from) {
            player_verify(&run->player);
            script_of(run)->times = 0;
        }
    }
}

static void run_once(struct run *run) {
    scripted_store_init(&run->store, arena, ARENA_BYTES, 0);
    run->store.store.granule = run->call % 3 == 1 ? 64 : 0;
    run->store.store.fresh_is_zero = run->call % 2 == 1;
    arm(run);
    run->player.trace = &run->trace;
    run->player.blocks = run->blocks;
    run->player.store = &run->store;
    player_start(&run->player, &run->plan->policy);
    if (run->player.complaint == NULL) {
        play(run);
        run->store.grow_script.times = 0;
        run->store.shrink_script.times = 0;
        player_finish(&run->player);
    }
    if (run->player.complaint != NULL) {
        fail(run, run->player.complaint);
    }
    runs_done++;
}

/* ---- All runs ---- */

static void say_progress(const struct run *run) {
    static time_t last;
    time_t now = time(NULL);
    if (isatty(STDOUT_FILENO) && now != last) {
        printf("\r\033[K%llu runs; %s, %s: call %u", (unsigned long long)runs_done, run->trace_name, run->plan->name,
               (unsigned)run->call);
        fflush(stdout);
        last = now;
    }
}

/* Each fault at the store's calls of its kind: at all of them, or at so many from the first to the last. */
static void strike(struct run *run, const struct fault *fault, uint32_t calls, uint32_t most) {
    uint32_t points = calls < most ? calls : most;
    run->fault = fault;
    for (uint32_t point = 0; point < points; point++) {
        /* Without the first, which makes the heap. */
        run->call = (uint32_t)((uint64_t)point * calls / points) + (fault->at_shrink ? 0 : 1);
        run_once(run);
        say_progress(run);
    }
}

static void run_trace(const struct embedded_trace *trace, const struct plan *plan, uint32_t most) {
    struct run run = {.trace_name = trace->name, .plan = plan};
    if (trace_open(&run.trace, trace->start, (size_t)(trace->end - trace->start)) != TRACE_OK) {
        fail(&run, "the trace cannot be read");
    }
    run.blocks = calloc(run.trace.slots, sizeof *run.blocks);
    if (run.blocks == NULL) {
        fail(&run, "out of memory");
    }
    run_once(&run);
    uint32_t grows = run.store.grow_calls - 1;
    uint32_t shrinks = run.store.shrink_calls;
    uint64_t before = runs_done;
    for (size_t i = 0; i < FAULTS; i++) {
        strike(&run, &faults[i], faults[i].at_shrink ? shrinks : grows, most);
    }
    free(run.blocks);
    printf("%s%-12s %-10s %5u calls to grow, %5u to shrink: %6llu runs\n", isatty(STDOUT_FILENO) ? "\r\033[K" : "",
           trace->name, plan->name, (unsigned)grows, (unsigned)shrinks, (unsigned long long)(runs_done - before));
}

static const char usage[] =
    "Usage: faults_BITS_GRANULE [OPTION]... [TRACE]...\n"
    "Plays traces on a store that fails once, at each of its calls in turn, in ten ways.\n"
    "  --points N    at N calls for each trace, policy and way only, from the first to the last (default: at all)\n"
    "  --help        show this\n"
    "Exit status: 0 nothing was lost, 1 something was, 2 wrong usage.\n";

_Noreturn static void misuse(const char *what) {
    fprintf(stderr, "faults: %s makes no sense\nTry --help.\n", what);
    exit(2);
}

static bool is_wanted(const char *name, int count, char **names) {
    bool wanted = count == 0;
    for (int i = 0; i < count; i++) {
        wanted = wanted || strcmp(name, names[i]) == 0;
    }
    return wanted;
}

/* Returns where the names of traces begin. */
static int read_options(int argc, char **argv, uint32_t *points) {
    int first = 1;
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        exit(0);
    }
    if (argc > 1 && strcmp(argv[1], "--points") == 0) {
        char *end = NULL;
        unsigned long value = argc > 2 ? strtoul(argv[2], &end, 10) : 0;
        if (value == 0 || value > UINT32_MAX || *end != '\0') {
            misuse("--points without a number");
        }
        *points = (uint32_t)value;
        first = 3;
    }
    return first;
}

int main(int argc, char **argv) {
    uint32_t points = UINT32_MAX;
    int first = read_options(argc, argv, &points);
    bool any = false;
    for (size_t i = 0; i < embedded_trace_count; i++) {
        if (is_wanted(embedded_traces[i].name, argc - first, argv + first)) {
            any = true;
            for (size_t plan = 0; plan < sizeof plans / sizeof *plans; plan++) {
                run_trace(&embedded_traces[i], &plans[plan], points);
            }
        }
    }
    if (!any) {
        fprintf(stderr, "faults: there is no trace '%s'\n", argv[first]);
        return 2;
    }
    printf("%llu runs, %llu with a fault, nothing lost\n", (unsigned long long)runs_done,
           (unsigned long long)runs_struck);
    return 0;
}
