/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The allocator under measurement. One program measures one subject: subject_ebb.c or subject_libc.c. */
#ifndef EBB_BENCH_SUBJECT_H
#define EBB_BENCH_SUBJECT_H

#include "call.h"
#include "trace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* When the region moves; a subject that has no such choice ignores it. */
struct subject_policy {
    uint32_t strategy;   /* as struct ebb_policy */
    size_t quantum;      /* as struct ebb_policy */
    size_t return_above; /* as struct ebb_policy */
    uint32_t move_price; /* as struct ebb_policy */
    size_t maximum;      /* bytes that the region may have; 0: all that there is */
    bool pinned;         /* the store refuses to take anything back */
};

struct subject_moves {
    uint32_t grows;
    uint32_t shrinks;
    uint32_t refusals;
    uint64_t bytes_grown;
};

/* A fresh allocator, whatever was before. False if the maximum is too small to begin at all. */
bool subject_begin(const struct subject_policy *policy);

/* Prepares the call that `operation` stands for; `block` is what the slot holds, or NULL. */
void subject_prepare(struct call *call, const struct trace_operation *operation, void *block);

/* Where the region is now. */
const unsigned char *subject_region(void);
size_t subject_region_bytes(void);

/* Memory that the subject takes beside its region: static data. */
size_t subject_static_bytes(void);

/* Memory for the allocator's own state, static or in its region, whatever is allocated. */
size_t subject_control_bytes(void);

/* Alignment that every block must have. */
size_t subject_alignment(void);

/* Whether it gives memory back at all, so that a refusal can matter to it. */
bool subject_returns_memory(void);

/* The smallest growth that makes sense, and the policy that makes the smallest region. */
struct subject_policy subject_tightest(size_t maximum);

/* Moves since subject_begin(). */
struct subject_moves subject_moves(void);

#endif
