/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "player.h"

#include "bytes.h"
#include "survey.h"

#include <string.h>

static void complain(struct player *self, bool holds, const char *complaint) {
    if (!holds && self->complaint == NULL) {
        self->complaint = complaint;
    }
}

static void count_fault(void *context, enum ebb_fault fault, const void *address) {
    struct player *self = context;
    (void)fault;
    (void)address;
    self->faults++;
}

void player_start(struct player *self, const struct ebb_policy *policy) {
    trace_rewind(self->trace);
    memset(self->blocks, 0, self->trace->slots * sizeof *self->blocks);
    self->faults = 0;
    self->done = 0;
    self->failed = 0;
    self->complaint = NULL;
    self->heap = ebb_create(&self->store->store, policy);
    complain(self, self->heap != NULL, "there is no heap to begin with");
    if (self->heap != NULL) {
        ebb_set_fault_handler(self->heap, count_fault, self);
    }
}

/* ---- Content: one byte, again and again, so that it is written and compared quickly ---- */

static void paint(struct player_block *block, unsigned char tag) {
    block->tag = tag;
    memset(block->address, tag, block->size);
}

static unsigned char next_tag(const struct player *self) {
    return (unsigned char)(self->done * 37 + 1);
}

/* ---- Operations ---- */

static unsigned char *request(struct player *self, const struct trace_operation *operation) {
    switch (operation->kind) {
    case TRACE_CALLOC:
        return ebb_calloc(self->heap, 1, operation->size);
    case TRACE_ALIGNED:
        return ebb_aligned_alloc(self->heap, operation->alignment, operation->size);
    default:
        return ebb_alloc(self->heap, operation->size);
    }
}

static void note_failure(struct player *self) {
    self->failed++;
    complain(self, self->store->grow_calls != self->last_grow_call, "a request failed, and the store was not asked");
}

static void take(struct player *self, const struct trace_operation *operation) {
    struct player_block *block = &self->blocks[operation->slot];
    unsigned char *address = request(self, operation);
    if (address == NULL) {
        note_failure(self);
        return;
    }
    *block = (struct player_block){.address = address, .size = operation->size};
    bool aligned = operation->kind != TRACE_ALIGNED || (uintptr_t)address % operation->alignment == 0;
    complain(self, aligned && (uintptr_t)address % ebb_get_geometry().granule == 0, "a block is not aligned");
    complain(self, ebb_usable_size(self->heap, address) >= operation->size, "a block is too small");
    complain(self, operation->kind != TRACE_CALLOC || bytes_are(address, 0, operation->size),
             "calloc's memory is not zero");
    paint(block, next_tag(self));
}

static void resize(struct player *self, const struct trace_operation *operation) {
    struct player_block *block = &self->blocks[operation->slot];
    if (block->address == NULL) {
        return;
    }
    unsigned char *address = ebb_realloc(self->heap, block->address, operation->size);
    if (address == NULL) {
        complain(self, operation->size > block->size, "a block could not be made smaller");
        complain(self, bytes_are(block->address, block->tag, block->size), "a failed realloc has changed the block");
        note_failure(self);
        return;
    }
    size_t kept = block->size < operation->size ? block->size : operation->size;
    complain(self, bytes_are(address, block->tag, kept), "realloc has lost the content");
    block->address = address;
    block->size = operation->size;
    paint(block, next_tag(self));
}

static void release(struct player *self, struct player_block *block) {
    if (block->address != NULL) {
        complain(self, bytes_are(block->address, block->tag, block->size), "the content of a block was changed");
        ebb_free(self->heap, block->address);
        block->address = NULL;
    }
}

bool player_step(struct player *self) {
    struct trace_operation operation;
    if (self->complaint != NULL || trace_next(self->trace, &operation) != TRACE_OK) {
        return false;
    }
    self->last_grow_call = self->store->grow_calls;
    if (operation.kind == TRACE_FREE) {
        release(self, &self->blocks[operation.slot]);
    } else if (operation.kind == TRACE_REALLOC) {
        resize(self, &operation);
    } else {
        take(self, &operation);
    }
    complain(self, self->faults == 0, "a fault was told, but there is none");
    self->done++;
    return self->complaint == NULL;
}

/* ---- Looking at everything ---- */

static size_t verify_payloads(struct player *self) {
    size_t blocks = 0;
    for (uint32_t slot = 0; slot < self->trace->slots; slot++) {
        const struct player_block *block = &self->blocks[slot];
        if (block->address != NULL) {
            complain(self, bytes_are(block->address, block->tag, block->size), "the content of a block was changed");
            blocks++;
        }
    }
    return blocks;
}

void player_verify(struct player *self) {
    struct survey survey;
    struct ebb_statistics statistics;
    survey_take(&survey, self->heap);
    ebb_get_statistics(self->heap, &statistics);
    complain(self, ebb_check(self->heap).damage == EBB_SOUND, "ebb_check() finds damage");
    complain(self, survey.is_complete && survey.is_orderly, "blocks do not lie end to end");
    complain(self, survey.used_blocks == verify_payloads(self), "the walk shows too many blocks in use, or too few");
    complain(self, survey.used_bytes == statistics.live_bytes, "the live bytes are not those of the blocks in use");
    complain(self, statistics.failed_requests == self->failed, "failed requests are not counted");
    complain(self, scripted_store_intact(self->store), "memory was touched or offered that is not the heap's");
}

void player_finish(struct player *self) {
    for (uint32_t slot = 0; slot < self->trace->slots; slot++) {
        release(self, &self->blocks[slot]);
    }
    ebb_trim(self->heap);
    player_verify(self);
    struct survey survey;
    survey_take(&survey, self->heap);
    complain(self, survey.used_blocks == 0, "a block is left when all is freed");
    size_t rounding = self->store->store.granule;
    complain(self, survey.top_bytes <= rounding, "something is left at the end when all is freed and trimmed");
    /* Between two gaps there is one free block at most; without any gap, there is none. */
    complain(self, survey.free_blocks <= survey.gaps, "free memory is left when all is freed and trimmed");
    size_t left = ebb_destroy(self->heap);
    bool whole = self->store->foreign_count == 0;
    complain(self, !whole || (left == 0 && self->store->end == self->store->start), "the store did not get all back");
}
