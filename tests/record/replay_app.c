/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Does what the trace says that is linked into it, three times: once unrecorded; once recorded, all of which comes out
 * of the console, with text in between; and once unrecorded again, which must not show. Says what each call cost.
 *
 * RECORD_NOTHING: a program without a recorder, for comparison.
 */
#include "calls.h"

#ifndef RECORD_NOTHING
#include <ebb/recorder.h>
#endif

#include <embedded.h>
#include <trace.h>

enum { SLOTS = 3072 };

static void *blocks[SLOTS];
static struct trace trace;

static void *allocate(const struct trace_operation *operation) {
    switch (operation->kind) {
    case TRACE_CALLOC:
        return calls_calloc(operation->size);
    case TRACE_ALIGNED:
        return calls_aligned_alloc(operation->alignment, operation->size);
    case TRACE_REALLOC:
        return calls_realloc(blocks[operation->slot], operation->size);
    default:
        return calls_alloc(operation->size);
    }
}

static bool perform(const struct trace_operation *operation) {
    if (operation->kind == TRACE_FREE) {
        calls_free(blocks[operation->slot]);
        blocks[operation->slot] = NULL;
        return true;
    }
    void *block = allocate(operation);
    if (block != NULL) {
        blocks[operation->slot] = block;
    }
    return block != NULL;
}

static bool replay(void) {
    struct trace_operation operation;
    enum trace_status status = TRACE_OK;
    trace_rewind(&trace);
    while ((status = trace_next(&trace, &operation)) == TRACE_OK) {
        if (!perform(&operation)) {
            return false;
        }
    }
    return status == TRACE_END;
}

static void forget(void) {
    for (size_t slot = 0; slot < trace.slots; slot++) {
        calls_free(blocks[slot]);
        blocks[slot] = NULL;
    }
}

static bool replay_counted(const char *name) {
    uint32_t before = calls_instructions();
    bool good = replay();
    calls_say(name, trace.operations, calls_instructions() - before);
    return good;
}

static bool replay_unrecorded(const char *name) {
    bool good = replay_counted(name);
    forget();
    return good;
}

#ifdef RECORD_NOTHING

static bool replay_recorded(void) {
    return true;
}

#else

/* begin: record */
static struct ebb_recorder recorder;

static void start_to_record(void) {
    ebb_recorder_start(&recorder, calls_heap(), calls_put_out, NULL);
    ebb_recorder_wrap(&recorder);
}

static void stop_to_record(void) {
    ebb_recorder_wrap(NULL);
    ebb_recorder_stop(&recorder);
}
/* end: record */

static bool replay_recorded(void) {
    start_to_record();
    bool good = replay_counted("recording");
    stop_to_record();
    calls_say("events", trace.operations, recorder.events);
    calls_say("recorder", sizeof recorder, EBB_RECORDER_FRAME);
    forget();
    return good;
}

#endif

int main(void) {
    size_t size = (size_t)(embedded_traces[0].end - embedded_traces[0].start);
    if (trace_open(&trace, embedded_traces[0].start, size) != TRACE_OK || trace.slots > SLOTS) {
        return 2;
    }
    bool good =
        calls_heap() != NULL && replay_unrecorded("warming-up") && replay_recorded() && replay_unrecorded("idle");
    return good && ebb_check(calls_heap()).damage == EBB_SOUND ? 0 : 1;
}
