/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Replays the trace that is linked into the program under the three strategies, each in a life of its own, and prints
 * what each of them needed.
 */

#include "console.h"
#include "platform.h"
#include "replay.h"
#include "smallest_reservation.h"

#include <embedded.h>

#ifndef DEMO_TRACE_SLOTS
#error "DEMO_TRACE_SLOTS must be the number of slots of the trace"
#endif

/* In this order, because the search for the size of the fixed heap starts at what the growing one took. */
enum life { LIFE_FIRST, LIFE_GROW_ONLY, LIFE_FIXED, LIFE_GROW_AND_RETURN, LIFE_COUNT };

/* The word of a life holds which it is, and above that the granules that the growing heap took. */
enum { LIFE_BITS = 3, LIFE_MASK = (1 << LIFE_BITS) - 1 };

static struct replay_slot slots[DEMO_TRACE_SLOTS];
static struct timeline timeline;
static struct trace trace;
static struct replay replay;

static void print_trace(void) {
    console_begin("trace");
    console_word("name", embedded_traces[0].name);
    console_word("platform", platform_name());
    console_number("operations", trace.operations);
    console_number("payload_peak", trace.peak_live);
    console_number("synthetic", (trace.flags & TRACE_SYNTHETIC) != 0);
    console_end();
}

static void print_space(void) {
    size_t granule = platform_protection_granule();
    console_number("payload_peak", replay.peak_payload);
    console_number("region_peak", replay.store.peak);
    console_number("region_sum", replay.region_sum);
    console_number("returned", replay.store.returned);
    console_number("limit", platform_memory_end() - replay.store.start);
    console_number("granule", granule);
    console_number("start_in_granule", replay.store.start % granule);
}

static void print_costs(void) {
    console_number("moves", replay.store.moves);
    console_number("refusals", replay.store.refusals);
    console_number("instructions", replay.instructions - replay.store.instructions);
    console_number("move_instructions", replay.store.instructions);
}

static void print_outcome(const char *strategy) {
    console_begin("outcome");
    console_word("strategy", strategy);
    console_number("verdict", (uint64_t)replay.verdict);
    console_number("operations", replay.operations);
    console_number("faults", replay.faults);
    console_number("damage", replay.damage);
    print_space();
    print_costs();
    console_end();
}

static bool replay_shown(const char *strategy, struct ebb_policy policy) {
    console_begin("run");
    console_word("strategy", strategy);
    console_end();
    timeline_start(&timeline, trace.operations);
    replay.policy = policy;
    replay.timeline = &timeline;
    replay.verified = true;
    bool done = replay_run(&replay);
    print_outcome(strategy);
    return done;
}

static struct ebb_policy fixed_at(size_t size) {
    return (struct ebb_policy){.strategy = EBB_FIXED, .maximum = size};
}

/* A reservation that is too small ends in want of memory and in nothing worse. */
static bool suffices(void *context, size_t size) {
    bool *sound = context;
    replay.policy = fixed_at(size);
    replay.timeline = NULL;
    replay.verified = false;
    bool done = replay_run(&replay);
    *sound = *sound && (done || replay.verdict == REPLAY_OUT_OF_MEMORY || replay.verdict == REPLAY_NO_HEAP);
    return done;
}

static bool replay_fixed(size_t grown) {
    bool sound = true;
    struct reservation_search search = {.suffices = suffices, .context = &sound};
    size_t limit = platform_room();
    size_t size = find_smallest_reservation(&search, trace.peak_live, grown, limit);
    console_begin("search");
    console_number("size", size);
    console_number("trials", search.trials);
    console_number("sound", sound);
    console_end();
    return size > 0 && sound && replay_shown("fixed", fixed_at(size));
}

static bool live(enum life life, size_t grown) {
    switch (life) {
    case LIFE_FIRST:
        print_trace();
        return true;
    case LIFE_GROW_ONLY:
        return replay_shown("grow-only", (struct ebb_policy){.strategy = EBB_GROW_ONLY});
    case LIFE_FIXED:
        return replay_fixed(grown);
    default:
        return replay_shown("grow-and-return", (struct ebb_policy){.strategy = EBB_GROW_AND_RETURN});
    }
}

static void live_next(enum life life) {
    /* The real need is the result; half as much again as the payload is ample, and pictures stay to scale. */
    size_t heap_room = life == LIFE_FIRST ? trace.peak_live + trace.peak_live / 2 + 2048 : 0;
    /* Not a granule more: the protection may not be able to express that. */
    size_t granule = ebb_get_geometry().granule;
    size_t granules = life == LIFE_GROW_ONLY ? (replay.store.peak + granule - 1) / granule : 0;
    platform_live_again(heap_room, (uint32_t)(granules << LIFE_BITS) | ((uint32_t)life + 1));
}

int main(void) {
    replay = (struct replay){.trace = &trace, .slots = slots};
    if (trace_open(&trace, embedded_traces[0].start, (size_t)(embedded_traces[0].end - embedded_traces[0].start)) !=
            TRACE_OK ||
        trace.slots > DEMO_TRACE_SLOTS) {
        return 1;
    }
    bool good = true;
    while (good && (platform_life() & LIFE_MASK) < LIFE_COUNT) {
        enum life life = (enum life)(platform_life() & LIFE_MASK);
        good = live(life, (platform_life() >> LIFE_BITS) * ebb_get_geometry().granule);
        if (good) {
            live_next(life);
        }
    }
    console_begin("end");
    console_number("good", good);
    console_end();
    return good ? 0 : 1;
}
