/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Plays a trace on a heap whose store fails, and goes on where a request does: as a program would that can do without.
 * A block that was not to be had is neither resized nor freed.
 */
#ifndef FAULTS_PLAYER_H
#define FAULTS_PLAYER_H

#include "scripted_store.h"
#include "trace.h"

#include <ebb/heap.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct player_block {
    unsigned char *address; /* NULL: there is none */
    size_t size;
    unsigned char tag; /* each byte of its content */
};

struct player {
    struct trace *trace;
    struct player_block *blocks; /* as many as the trace has slots */
    struct scripted_store *store;
    struct ebb_heap *heap;
    unsigned faults; /* told by the heap */

    uint32_t done;           /* operations so far */
    uint32_t failed;         /* requests that were not met */
    const char *complaint;   /* what went wrong, or NULL */
    uint32_t last_grow_call; /* of the store, before the operation at hand */
};

/* Creates a heap under `policy`. `self->trace`, `blocks` and `store` are set. */
void player_start(struct player *self, const struct ebb_policy *policy);

/* Plays the next operation. Returns false if there is none, or something went wrong. */
bool player_step(struct player *self);

/* Looks at everything: payloads, heap, and what is not the heap's. */
void player_verify(struct player *self);

/* Frees what is left, looks whether nothing is lost, and ends the heap. The store has to be honest again. */
void player_finish(struct player *self);

#endif
