/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Replays a trace on the subject and checks, around every call, that it did what an allocator must do. */
#ifndef EBB_BENCH_REPLAY_H
#define EBB_BENCH_REPLAY_H

#include "call.h"
#include "subject.h"
#include "trace.h"

#include <stddef.h>
#include <stdint.h>

enum replay_status {
    REPLAY_OK = 0,
    REPLAY_EXHAUSTED,  /* the subject returned NULL, or could not begin */
    REPLAY_BAD_TRACE,  /* see trace_verify() */
    REPLAY_TOO_LARGE,  /* the table of slots is too small for the trace */
    REPLAY_MISALIGNED, /* a block is not aligned as it must be */
    REPLAY_OUTSIDE,    /* a block lies outside the region */
    REPLAY_DAMAGED,    /* a payload changed: blocks overlap, or the subject wrote into one */
    REPLAY_NOT_ZERO    /* calloc's memory was not zero */
};

struct replay_block {
    unsigned char *address;
    uint32_t size;
    uint32_t tag;
};

/* Called after each operation that succeeded, and before the first one with `operation` NULL. */
typedef void (*replay_observer)(void *context, const struct trace_operation *operation, const struct call *call,
                                uint32_t live);

struct replay {
    struct trace *trace;
    struct replay_block *blocks; /* a table with room for `slots` */
    uint32_t slots;
    bool checks_payloads; /* false: faster, for searches whose result a checked run confirms */
    replay_observer observer;
    void *context;

    /* Results. */
    uint32_t done; /* operations that were carried out */
    uint32_t live; /* bytes requested and not freed */
};

/* Replays the whole trace on a fresh subject, or as far as it goes. */
enum replay_status replay_run(struct replay *self, const struct subject_policy *policy);

/*
 * The smallest maximum, in steps of `step`, with which the whole trace succeeds while one step less does not; found by
 * bisection. All control memory is included. 0 if not even `most` suffices.
 */
size_t replay_smallest_maximum(struct replay *self, size_t most, size_t step);

const char *replay_explain(enum replay_status status);

#endif
