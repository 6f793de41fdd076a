/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Replays a recorded trace on a heap: does every call again, and keeps every payload filled and verified. */
#ifndef EBB_DEMO_REPLAY_H
#define EBB_DEMO_REPLAY_H

#include "counted_store.h"
#include "timeline.h"

#include <ebb/heap.h>
#include <trace.h>

/* One of the program's blocks. */
struct replay_slot {
    void *block; /* NULL: none */
    uint32_t size;
    uint32_t tag; /* of its payload */
};

enum replay_verdict {
    REPLAY_DONE = 0,
    REPLAY_NO_HEAP = 1,       /* the heap could not be created */
    REPLAY_OUT_OF_MEMORY = 2, /* a call returned NULL */
    REPLAY_PAYLOAD_LOST = 3,  /* a block did not hold what was written to it, or was not zero, or not aligned */
    REPLAY_HEAP_DAMAGED = 4,  /* ebb_check() or the fault handler found something, or its figures contradict ours */
    REPLAY_BAD_TRACE = 5
};

struct replay {
    /* Set by the caller. */
    struct trace *trace;
    struct replay_slot *slots; /* as many as the trace has */
    struct ebb_policy policy;
    struct timeline *timeline; /* NULL: none */
    bool verified;             /* whether payloads are written and read; a search for a size can do without */

    /* Results. */
    enum replay_verdict verdict;
    uint32_t operations; /* done */
    uint32_t faults;     /* that the heap reported */
    uint32_t damage;     /* what ebb_check() found at the end: one of enum ebb_damage */
    size_t payload;      /* bytes live, as requested */
    size_t peak_payload;
    uint64_t region_sum;        /* of the region's bytes after each call */
    uint64_t instructions;      /* spent in the heap's calls, moves of the end included */
    struct counted_store store; /* as it was before the heap was destroyed */

    struct counted_store live_store;
    struct ebb_heap *heap;
};

/* Returns whether the verdict is REPLAY_DONE. Leaves no heap behind. */
bool replay_run(struct replay *self);

#endif
