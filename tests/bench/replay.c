/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "replay.h"

/* Distinct for every block and word, so that a block of another's words is noticed. */
static uint32_t word_of(uint32_t tag, uint32_t index) {
    return tag + index * 0x9e3779b9u;
}

static unsigned char byte_of(uint32_t tag, uint32_t offset) {
    return (unsigned char)(word_of(tag, offset / 4) >> 8 * (offset % 4));
}

/* Whole words where possible: blocks are aligned, and boards are slow. */
static void paint(const struct replay_block *block, uint32_t from) {
    uint32_t offset = from;

    for (; offset % 4 != 0 && offset < block->size; offset++) {
        block->address[offset] = byte_of(block->tag, offset);
    }
    for (; block->size - offset >= 4; offset += 4) {
        *(uint32_t *)(void *)(block->address + offset) = word_of(block->tag, offset / 4);
    }
    for (; offset < block->size; offset++) {
        block->address[offset] = byte_of(block->tag, offset);
    }
}

static bool is_intact(const struct replay_block *block, uint32_t size) {
    uint32_t offset = 0;

    for (; size - offset >= 4; offset += 4) {
        if (*(const uint32_t *)(const void *)(block->address + offset) != word_of(block->tag, offset / 4)) {
            return false;
        }
    }
    for (; offset < size; offset++) {
        if (block->address[offset] != byte_of(block->tag, offset)) {
            return false;
        }
    }
    return true;
}

static bool is_zero(const struct replay_block *block) {
    for (uint32_t offset = 0; offset < block->size; offset++) {
        if (block->address[offset] != 0) {
            return false;
        }
    }
    return true;
}

static enum replay_status check_place(const struct replay_block *block, const struct trace_operation *operation) {
    size_t alignment = subject_alignment();
    const unsigned char *region = subject_region();
    uintptr_t start = (uintptr_t)region;
    uintptr_t address = (uintptr_t)block->address;

    if (operation->alignment > alignment) {
        alignment = operation->alignment;
    }
    if (address % alignment != 0) {
        return REPLAY_MISALIGNED;
    }
    bool inside = address >= start && address - start <= subject_region_bytes() &&
                  block->size <= subject_region_bytes() - (address - start);

    return inside ? REPLAY_OK : REPLAY_OUTSIDE;
}

/* The new content: what was kept must be intact, calloc's must be zero, the rest is painted. */
static enum replay_status check_content(const struct replay_block *block, const struct trace_operation *operation,
                                        uint32_t kept) {
    if (operation->kind == TRACE_CALLOC && !is_zero(block)) {
        return REPLAY_NOT_ZERO;
    }
    if (!is_intact(block, kept)) {
        return REPLAY_DAMAGED;
    }
    paint(block, kept);
    return REPLAY_OK;
}

static enum replay_status check_new(struct replay *self, const struct trace_operation *operation, void *result) {
    struct replay_block *block = &self->blocks[operation->slot];
    uint32_t kept = block->size < operation->size ? block->size : operation->size;

    if (block->address == NULL) {
        block->tag = self->done * 0x85ebca6bu;
    }
    block->address = result;
    block->size = operation->size;
    enum replay_status status = check_place(block, operation);

    if (status == REPLAY_OK && self->checks_payloads) {
        status = check_content(block, operation, kept);
    }
    return status;
}

static enum replay_status carry_out(struct replay *self, const struct trace_operation *operation, struct call *call) {
    struct replay_block *block = &self->blocks[operation->slot];
    uint32_t size_before = block->size;

    if (operation->kind == TRACE_FREE && self->checks_payloads && !is_intact(block, block->size)) {
        return REPLAY_DAMAGED;
    }
    subject_prepare(call, operation, block->address);
    make_call(call);
    if (operation->kind == TRACE_FREE) {
        *block = (struct replay_block){NULL, 0, 0};
    } else {
        if (call->result == 0) {
            return REPLAY_EXHAUSTED;
        }
        enum replay_status status = check_new(self, operation, (void *)call->result);

        if (status != REPLAY_OK) {
            return status;
        }
    }
    self->live += operation->size - size_before;
    self->done++;
    return REPLAY_OK;
}

static enum replay_status check_survivors(const struct replay *self) {
    for (uint32_t slot = 0; slot < self->trace->slots; slot++) {
        const struct replay_block *block = &self->blocks[slot];

        if (self->checks_payloads && block->address != NULL && !is_intact(block, block->size)) {
            return REPLAY_DAMAGED;
        }
    }
    return REPLAY_OK;
}

static enum replay_status run_operations(struct replay *self) {
    struct trace_operation operation;
    enum trace_status next;

    trace_rewind(self->trace);
    while ((next = trace_next(self->trace, &operation)) == TRACE_OK) {
        struct call call = {0};
        enum replay_status status = carry_out(self, &operation, &call);

        if (status != REPLAY_OK) {
            return status;
        }
        if (self->observer != NULL) {
            self->observer(self->context, &operation, &call, self->live);
        }
    }
    return next == TRACE_END ? check_survivors(self) : REPLAY_BAD_TRACE;
}

enum replay_status replay_run(struct replay *self, const struct subject_policy *policy) {
    self->done = 0;
    self->live = 0;
    if (self->trace->slots > self->slots) {
        return REPLAY_TOO_LARGE;
    }
    for (uint32_t slot = 0; slot < self->trace->slots; slot++) {
        self->blocks[slot] = (struct replay_block){NULL, 0, 0};
    }
    if (!subject_begin(policy)) {
        return REPLAY_EXHAUSTED;
    }
    if (self->observer != NULL) {
        self->observer(self->context, NULL, NULL, 0);
    }
    return run_operations(self);
}

static bool suffices(struct replay *self, size_t maximum) {
    struct subject_policy policy = subject_tightest(maximum);

    return replay_run(self, &policy) == REPLAY_OK;
}

size_t replay_smallest_maximum(struct replay *self, size_t most, size_t step) {
    size_t fails = self->trace->peak_live / step; /* too little for the control memory, at least */
    size_t works = most / step;

    if (!suffices(self, works * step)) {
        return 0;
    }
    while (works - fails > 1) {
        size_t middle = fails + (works - fails) / 2;

        if (suffices(self, middle * step)) {
            works = middle;
        } else {
            fails = middle;
        }
    }
    return works * step;
}

const char *replay_explain(enum replay_status status) {
    static const char *const text[] = {
        [REPLAY_OK] = "ok",
        [REPLAY_EXHAUSTED] = "out of memory",
        [REPLAY_BAD_TRACE] = "the trace is damaged",
        [REPLAY_TOO_LARGE] = "the trace has too many slots",
        [REPLAY_MISALIGNED] = "a block is misaligned",
        [REPLAY_OUTSIDE] = "a block lies outside the region",
        [REPLAY_DAMAGED] = "a payload was damaged",
        [REPLAY_NOT_ZERO] = "calloc's memory was not zero",
    };

    return (size_t)status < sizeof text / sizeof text[0] ? text[status] : "unknown status";
}
