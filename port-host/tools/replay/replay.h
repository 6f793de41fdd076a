/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Does the calls of a trace again, on a heap. A request that fails leaves its slot empty, or as it was if it was to
 * resize a block; the program goes on: what it does to a block that it never got is not done, and to resize such a
 * block is to allocate it.
 */
#ifndef EBB_REPLAY_REPLAY_H
#define EBB_REPLAY_REPLAY_H

#include "../trace/trace.h"
#include "arena.h"
#include "core.h"

/* A block of the heap. */
struct replay_block {
    void *address; /* NULL: none */
    size_t size;   /* bytes, header included */
};

/* What has become of one operation. */
struct replay_step {
    uint32_t index; /* of the operation, from 0 */
    const struct trace_operation *operation;
    bool failed;                /* the heap returned NULL */
    struct replay_block before; /* what the slot held */
    struct replay_block after;  /* what it holds now */
    size_t live;                /* bytes requested and not freed */
};

struct replay_observer {
    void (*step)(void *context, const struct replay_step *step);
    void *context;
};

/* What the program knows of a block of its own. */
struct replay_slot {
    void *block;   /* NULL: none */
    uint32_t size; /* as requested */
};

struct replay {
    /* What to do; set by the caller. */
    const struct core *core;
    struct trace trace; /* of its own, so that several can read the same bytes */
    struct ebb_policy policy;
    bool stops_at_failure;
    const struct replay_observer *observer; /* NULL: none */

    /* By replay_open(). */
    struct arena arena;
    struct replay_slot *slots;

    /* Results of replay_run(). */
    struct ebb_heap *heap; /* NULL: it could not be created */
    uint32_t done;         /* operations carried out, failed ones included */
    uint32_t failed;
    size_t live;
    bool damaged; /* the heap reported a fault, or ebb_check() found something: a mistake of ebb's */
};

/* Provides memory for the heap, whose end is best moved by `granule`, and for the table of slots. */
void replay_open(struct replay *self, size_t granule);

/* A new heap, no blocks, the first operation next. False if there can be no such heap. */
bool replay_begin(struct replay *self);

/* Runs the trace on a new heap; false if there is none, or a request failed and it was to stop there. */
bool replay_run(struct replay *self);

/* One operation on the heap; what it returned. */
void *replay_call(const struct replay *self, const struct trace_operation *operation);

void replay_close(struct replay *self);

#endif
