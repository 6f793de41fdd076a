/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "replay.h"

#include "../common/command_line.h"

#include <stdlib.h>
#include <string.h>

/*
 * No program here needs sixteen times what it allocates, so a heap that is not given more than that is not held back;
 * and addresses, unlike memory, are there in plenty, but for machines of 32 bits.
 */
static size_t arena_size(const struct replay *self) {
    const uint64_t plenty = (uint64_t)self->trace.peak_live * 16 + ((uint64_t)16 << 20);
    const uint64_t wanted = self->policy.maximum > plenty ? self->policy.maximum : plenty;
    const size_t largest = self->core->geometry().largest_region;
    const size_t most = largest < SIZE_MAX / 4 ? largest : SIZE_MAX / 4;
    return wanted < most ? (size_t)wanted : most;
}

/* A heap that begins at a multiple of it looks the same wherever the system has addresses for it. */
static size_t largest_alignment(struct replay *self) {
    size_t largest = 1;
    struct trace_operation operation;
    trace_rewind(&self->trace);
    while ((self->trace.flags & TRACE_HAS_ALIGNED) != 0 && trace_next(&self->trace, &operation) == TRACE_OK) {
        largest = operation.alignment > largest ? operation.alignment : largest;
    }
    return largest;
}

void replay_open(struct replay *self, size_t granule) {
    arena_open(&self->arena, arena_size(self), largest_alignment(self), granule);
    self->slots = allocate(self->trace.slots, sizeof *self->slots);
}

void replay_close(struct replay *self) {
    arena_close(&self->arena);
    free(self->slots);
}

void *replay_call(const struct replay *self, const struct trace_operation *operation) {
    struct replay_slot *slot = &self->slots[operation->slot];
    switch (operation->kind) {
    case TRACE_MALLOC:
        return self->core->alloc(self->heap, operation->size);
    case TRACE_FREE:
        self->core->free(self->heap, slot->block);
        return NULL;
    case TRACE_REALLOC:
        return self->core->realloc(self->heap, slot->block, operation->size);
    case TRACE_CALLOC:
        return self->core->calloc(self->heap, 1, operation->size);
    case TRACE_ALIGNED:
        return self->core->aligned_alloc(self->heap, operation->alignment, operation->size);
    }
    return NULL;
}

static void release(struct replay *self, const struct trace_operation *operation) {
    struct replay_slot *slot = &self->slots[operation->slot];
    replay_call(self, operation);
    self->live -= slot->size;
    *slot = (struct replay_slot){NULL, 0};
}

static bool obtain(struct replay *self, const struct trace_operation *operation) {
    struct replay_slot *slot = &self->slots[operation->slot];
    void *block = replay_call(self, operation);
    if (block == NULL) {
        self->failed++;
        return false;
    }
    self->live = self->live - slot->size + operation->size;
    *slot = (struct replay_slot){block, operation->size};
    return true;
}

static bool perform(struct replay *self, const struct trace_operation *operation) {
    if (operation->kind == TRACE_FREE) {
        release(self, operation);
        return true;
    }
    return obtain(self, operation);
}

static struct replay_block block_in(const struct replay *self, uint32_t slot) {
    void *block = self->slots[slot].block;
    if (block == NULL) {
        return (struct replay_block){NULL, 0};
    }
    const size_t usable = self->core->usable_size(self->heap, block);
    return (struct replay_block){block, usable + self->core->geometry().header};
}

static bool perform_observed(struct replay *self, const struct trace_operation *operation) {
    struct replay_step step = {.index = self->done, .operation = operation, .before = block_in(self, operation->slot)};
    step.failed = !perform(self, operation);
    step.after = block_in(self, operation->slot);
    step.live = self->live;
    self->observer->step(self->observer->context, &step);
    return !step.failed;
}

static void note_fault(void *context, enum ebb_fault fault, const void *address) {
    struct replay *self = context;
    (void)fault;
    (void)address;
    self->damaged = true;
}

bool replay_begin(struct replay *self) {
    self->done = 0;
    self->failed = 0;
    self->live = 0;
    self->damaged = false;
    memset(self->slots, 0, self->trace.slots * sizeof *self->slots);
    trace_rewind(&self->trace);
    arena_reset(&self->arena);
    self->heap = self->core->create(&self->arena.store, &self->policy);
    if (self->heap != NULL) {
        self->core->set_fault_handler(self->heap, note_fault, self);
    }
    return self->heap != NULL;
}

bool replay_run(struct replay *self) {
    struct trace_operation operation;
    if (!replay_begin(self)) {
        return false;
    }
    bool goes_on = true;
    while (goes_on && trace_next(&self->trace, &operation) == TRACE_OK) {
        const bool done = self->observer == NULL ? perform(self, &operation) : perform_observed(self, &operation);
        goes_on = done || !self->stops_at_failure;
        self->done++;
    }
    if (self->core->check(self->heap).damage != EBB_SOUND) {
        self->damaged = true;
    }
    return goes_on;
}
