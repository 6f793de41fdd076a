/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * A shadow of a heap: which blocks are in use, where they lie, and what the user wrote into them. Every call of the
 * heap is made through it, and after every call the heap, the store and the shadow have to agree. It knows nothing of
 * the heap but its public contract.
 */
#ifndef UNIT_MODEL_H
#define UNIT_MODEL_H

#include "fault_log.h"
#include "old_pointers.h"
#include "scripted_store.h"
#include "survey.h"

#include <ebb/heap.h>

enum { MODEL_BLOCKS = 128 };

struct model_block {
    unsigned char *address; /* NULL: not in use */
    size_t size;            /* as requested */
    uint32_t tag;           /* what its content is made of */
};

/* What the statistics have to say; two figures where the contract leaves room. */
struct model_figures {
    size_t live;
    size_t peak_live_least;
    size_t peak_live_most; /* while a block moves, it may be live twice */
    size_t peak_region;
    size_t largest_request;
    uint32_t failed;
};

struct model {
    struct ebb_heap *heap;
    struct scripted_store *store;
    struct ebb_policy policy;
    struct ebb_geometry geometry;
    struct fault_log faults;
    struct model_block blocks[MODEL_BLOCKS];
    struct model_figures figures;
    struct old_pointers old_pointers; /* to what was freed, or has moved */
    struct survey survey;             /* of the heap as it is */
    bool was_bounded;                 /* whether any policy so far had a maximum, or was fixed; a refused one, too */
    uint32_t generation;
    uint32_t grow_calls;   /* of the store, before the current call */
    uint32_t shrink_calls; /* likewise */
    uint32_t seed;         /* said when a check fails, so that the run can be repeated */
    uint32_t step;
};

/* Creates a heap on `store` and looks whether it is as a new heap has to be. Asserts that it is created. */
void model_start(struct model *self, struct scripted_store *store, const struct ebb_policy *policy);

/* The calls. `slot` is that of the block, below MODEL_BLOCKS: empty to allocate, taken to free. */
bool model_alloc(struct model *self, size_t slot, size_t size);
bool model_calloc(struct model *self, size_t slot, size_t count, size_t size);
bool model_aligned_alloc(struct model *self, size_t slot, size_t alignment, size_t size);
bool model_realloc(struct model *self, size_t slot, size_t size);
void model_free(struct model *self, size_t slot);
void model_free_sized(struct model *self, size_t slot);
size_t model_trim(struct model *self);
bool model_set_policy(struct model *self, const struct ebb_policy *policy);

/* Allocations that have to be met, or have to fail. */
void model_must_alloc(struct model *self, size_t slot, size_t size);
void model_must_fail(struct model *self, size_t slot, size_t size);

/* Frees all blocks. */
void model_free_all(struct model *self);

/* Ends the heap, and looks whether the store has got back everything that it takes. */
void model_finish(struct model *self);

/* Looks whether all payloads are as they were written. The calls look at the block that they are about only. */
void model_verify_payloads(struct model *self);

#endif
