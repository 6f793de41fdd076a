/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "subject_ebb.h"

#include "counted.h"

#include <ebb/buffer_store.h>
#include <ebb/heap.h>

#include <stdalign.h>

enum { ARENA_BYTES = 1 << 20 };

static alignas(16) unsigned char arena[ARENA_BYTES];
static struct ebb_buffer_store buffer;
static struct ebb_store store;
static struct ebb_heap *heap;
static struct subject_moves moves;
static bool pinned;

struct ebb_span plain_grow(void *context, size_t size) {
    struct ebb_span span = buffer.store.grow(context, size);

    moves.grows += span.size != 0;
    moves.refusals += span.size == 0;
    moves.bytes_grown += span.size;
    return span;
}

size_t plain_shrink(void *context, size_t size) {
    size_t taken = pinned ? 0 : buffer.store.shrink(context, size);

    moves.shrinks += taken != 0;
    moves.refusals += taken == 0;
    return taken;
}

bool subject_begin(const struct subject_policy *policy) {
    const struct ebb_policy chosen = {
        .strategy = policy->strategy,
        .maximum = policy->maximum,
        .quantum = policy->quantum,
        .return_above = policy->return_above,
        .move_price = policy->move_price,
    };

    ebb_buffer_store_init(&buffer, arena, sizeof arena);
    store = buffer.store;
    store.grow = counted_grow;
    store.shrink = counted_shrink;
    moves = (struct subject_moves){0};
    pinned = policy->pinned;
    heap = ebb_create(&store, &chosen);
    return heap != NULL;
}

void subject_prepare(struct call *call, const struct trace_operation *operation, void *block) {
    call->argument[0] = (uintptr_t)heap;
    switch (operation->kind) {
    case TRACE_MALLOC:
        call->function = (uintptr_t)ebb_alloc;
        call->argument[1] = operation->size;
        break;
    case TRACE_FREE:
        call->function = (uintptr_t)ebb_free;
        call->argument[1] = (uintptr_t)block;
        break;
    case TRACE_REALLOC:
        call->function = (uintptr_t)ebb_realloc;
        call->argument[1] = (uintptr_t)block;
        call->argument[2] = operation->size;
        break;
    case TRACE_CALLOC:
        call->function = (uintptr_t)ebb_calloc;
        call->argument[1] = 1;
        call->argument[2] = operation->size;
        break;
    case TRACE_ALIGNED:
        call->function = (uintptr_t)ebb_aligned_alloc;
        call->argument[1] = operation->alignment;
        call->argument[2] = operation->size;
        break;
    }
}

struct ebb_heap *subject_heap(void) {
    return heap;
}

const unsigned char *subject_region(void) {
    return arena;
}

size_t subject_region_bytes(void) {
    return buffer.used;
}

size_t subject_static_bytes(void) {
    return 0;
}

size_t subject_control_bytes(void) {
    return ebb_get_geometry().control_block;
}

size_t subject_alignment(void) {
    return ebb_get_geometry().granule;
}

bool subject_returns_memory(void) {
    return true;
}

struct subject_policy subject_tightest(size_t maximum) {
    return (struct subject_policy){
        .strategy = EBB_GROW_ONLY, .quantum = ebb_get_geometry().granule, .maximum = maximum};
}

struct subject_moves subject_moves(void) {
    return moves;
}
