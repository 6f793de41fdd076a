/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "replay.h"

#include "payload.h"
#include "platform.h"

#include <trace.h>

static void note_fault(void *context, enum ebb_fault fault, const void *address) {
    struct replay *self = context;
    (void)fault;
    (void)address;
    self->faults++;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static void fail(struct replay *self, enum replay_verdict verdict) {
    if (self->verdict == REPLAY_DONE) {
        self->verdict = verdict;
    }
}

/* ---- The heap's calls, each between two readings of the instruction counter ---- */

static void *call_allocator(struct ebb_heap *heap, void *block, const struct trace_operation *operation) {
    switch (operation->kind) {
    case TRACE_CALLOC:
        return ebb_calloc(heap, 1, operation->size);
    case TRACE_ALIGNED:
        return ebb_aligned_alloc(heap, operation->alignment, operation->size);
    case TRACE_REALLOC:
        return ebb_realloc(heap, block, operation->size);
    default:
        return ebb_alloc(heap, operation->size);
    }
}

static void *measured_allocate(struct replay *self, void *block, const struct trace_operation *operation) {
    uint32_t before = platform_instructions();
    void *result = call_allocator(self->heap, block, operation);
    self->instructions += platform_instructions() - before;
    return result;
}

static void measured_free(struct replay *self, void *block) {
    uint32_t before = platform_instructions();
    ebb_free(self->heap, block);
    self->instructions += platform_instructions() - before;
}

/* ---- Payloads ---- */

static void verify(struct replay *self, const struct replay_slot *slot, const void *block, size_t size) {
    if (self->verified && !payload_holds(block, size, slot->tag)) {
        fail(self, REPLAY_PAYLOAD_LOST);
    }
}

static bool is_fit(const void *block, const struct trace_operation *operation) {
    bool aligned = operation->kind != TRACE_ALIGNED || (uintptr_t)block % operation->alignment == 0;
    return aligned && (operation->kind != TRACE_CALLOC || payload_is_zero(block, operation->size));
}

static void occupy(struct replay *self, struct replay_slot *slot, void *block,
                   const struct trace_operation *operation) {
    self->payload = self->payload - slot->size + operation->size;
    slot->block = block;
    slot->size = operation->size;
    slot->tag = self->operations + 1;
    if (self->verified) {
        payload_fill(block, slot->size, slot->tag);
    }
}

/* ---- Operations ---- */

static void allocate(struct replay *self, struct replay_slot *slot, const struct trace_operation *operation) {
    void *block = measured_allocate(self, NULL, operation);
    if (block == NULL) {
        fail(self, REPLAY_OUT_OF_MEMORY);
        return;
    }
    if (self->verified && !is_fit(block, operation)) {
        fail(self, REPLAY_PAYLOAD_LOST);
    }
    occupy(self, slot, block, operation);
}

static void reallocate(struct replay *self, struct replay_slot *slot, const struct trace_operation *operation) {
    verify(self, slot, slot->block, slot->size);
    void *block = measured_allocate(self, slot->block, operation);
    if (block == NULL) {
        fail(self, REPLAY_OUT_OF_MEMORY);
        return;
    }
    verify(self, slot, block, least(slot->size, operation->size));
    occupy(self, slot, block, operation);
}

static void release(struct replay *self, struct replay_slot *slot) {
    verify(self, slot, slot->block, slot->size);
    measured_free(self, slot->block);
    self->payload -= slot->size;
    *slot = (struct replay_slot){NULL, 0, 0};
}

static void perform(struct replay *self, const struct trace_operation *operation) {
    struct replay_slot *slot = &self->slots[operation->slot];
    if (operation->kind == TRACE_FREE) {
        release(self, slot);
    } else if (operation->kind == TRACE_REALLOC) {
        reallocate(self, slot, operation);
    } else {
        allocate(self, slot, operation);
    }
}

/* ---- The whole trace ---- */

static size_t grants_distance(const struct replay *self) {
    return (size_t)(platform_grants_start() - self->live_store.start);
}

static void account(struct replay *self) {
    size_t region = counted_store_region(&self->live_store);
    self->operations++;
    self->region_sum += region;
    if (self->payload > self->peak_payload) {
        self->peak_payload = self->payload;
    }
    if (self->timeline != NULL) {
        timeline_note(self->timeline, self->payload, region, grants_distance(self));
    }
}

static void perform_all(struct replay *self) {
    struct trace_operation operation;
    enum trace_status status = TRACE_OK;
    while (self->verdict == REPLAY_DONE && (status = trace_next(self->trace, &operation)) == TRACE_OK) {
        perform(self, &operation);
        account(self);
    }
    if (self->verdict == REPLAY_DONE && status != TRACE_END) {
        fail(self, REPLAY_BAD_TRACE);
    }
    if (self->timeline != NULL) {
        timeline_finish(self->timeline, grants_distance(self));
    }
}

/* The heap begins at its granule; a break that was not aligned to it leaves a few bytes before it unused. */
static bool figures_agree(const struct replay *self) {
    size_t unused = (uintptr_t)self->heap - self->live_store.start;
    struct ebb_statistics figures;
    ebb_get_statistics(self->heap, &figures);
    return figures.region_bytes + unused == counted_store_region(&self->live_store) &&
           figures.peak_region_bytes + unused == self->live_store.peak && unused < ebb_get_geometry().granule &&
           (figures.failed_requests > 0) == (self->verdict == REPLAY_OUT_OF_MEMORY);
}

static void inspect(struct replay *self) {
    self->damage = (uint32_t)ebb_check(self->heap).damage;
    if (!figures_agree(self) || self->faults > 0 || self->damage != EBB_SOUND) {
        self->verdict = REPLAY_HEAP_DAMAGED;
    }
}

/* What the program had not freed when the recording ended is read once more; its heap then goes as a whole. */
static void forget_blocks(struct replay *self) {
    for (uint32_t i = 0; i < self->trace->slots; i++) {
        struct replay_slot *slot = &self->slots[i];
        if (slot->block != NULL) {
            verify(self, slot, slot->block, slot->size);
        }
        *slot = (struct replay_slot){NULL, 0, 0};
    }
}

static void clear_results(struct replay *self) {
    self->verdict = REPLAY_DONE;
    self->operations = 0;
    self->faults = 0;
    self->damage = EBB_SOUND;
    self->payload = 0;
    self->peak_payload = 0;
    self->region_sum = 0;
    self->instructions = 0;
    counted_store_init(&self->live_store, platform_store());
}

bool replay_run(struct replay *self) {
    clear_results(self);
    trace_rewind(self->trace);
    self->heap = ebb_create(&self->live_store.store, &self->policy);
    if (self->heap == NULL) {
        fail(self, REPLAY_NO_HEAP);
        return false;
    }
    ebb_set_fault_handler(self->heap, note_fault, self);
    perform_all(self);
    inspect(self);
    forget_blocks(self);
    self->store = self->live_store;
    ebb_destroy(self->heap);
    return self->verdict == REPLAY_DONE;
}
