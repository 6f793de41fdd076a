/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The malloc of a C library or of a file, on an sbrk() of ours. Board only: the linker script marks its static data. */
#include "subject.h"

#include <stdalign.h>
#include <stdlib.h>

#ifndef SUBJECT_ALIGNMENT
#define SUBJECT_ALIGNMENT 8
#endif

enum { ARENA_BYTES = 1 << 20, STATIC_LIMIT = 8192 };

void *memalign(size_t alignment, size_t size);
void *plain_sbrk(ptrdiff_t increment);

/* The static data of the library's allocator, from the linker script. */
extern unsigned char peer_static_start[];
extern unsigned char peer_static_end[];

static alignas(4096) unsigned char arena[ARENA_BYTES];
static unsigned char pristine[STATIC_LIMIT];
static bool has_pristine;
static size_t used;
static size_t limit;
static struct subject_moves moves;

void *plain_sbrk(ptrdiff_t increment) {
    unsigned char *before = arena + used;
    bool too_low = increment < 0 && (size_t)-increment > used;
    bool too_high = increment > 0 && (size_t)increment > limit - used;

    if (too_low || too_high) {
        moves.refusals++;
        return (void *)-1;
    }
    moves.grows += increment > 0;
    moves.shrinks += increment < 0;
    moves.bytes_grown += increment > 0 ? (size_t)increment : 0;
    used += (size_t)increment;
    return before;
}

/* A library has no function that makes its heap new, so its static data is put back to what it was at the start. */
static bool reset_library(void) {
    size_t size = subject_static_bytes();

    if (size > sizeof pristine) {
        return false;
    }
    for (size_t index = 0; index < size; index++) {
        if (has_pristine) {
            peer_static_start[index] = pristine[index];
        } else {
            pristine[index] = peer_static_start[index];
        }
    }
    has_pristine = true;
    return true;
}

bool subject_begin(const struct subject_policy *policy) {
    size_t most = sizeof arena;

    used = 0;
    moves = (struct subject_moves){0};
    if (policy->maximum != 0) {
        most = policy->maximum - subject_static_bytes();
    }
    limit = most;
    return reset_library() && (policy->maximum == 0 || policy->maximum > subject_static_bytes());
}

void subject_prepare(struct call *call, const struct trace_operation *operation, void *block) {
    switch (operation->kind) {
    case TRACE_MALLOC:
        call->function = (uintptr_t)malloc;
        call->argument[0] = operation->size;
        break;
    case TRACE_FREE:
        call->function = (uintptr_t)free;
        call->argument[0] = (uintptr_t)block;
        break;
    case TRACE_REALLOC:
        call->function = (uintptr_t)realloc;
        call->argument[0] = (uintptr_t)block;
        call->argument[1] = operation->size;
        break;
    case TRACE_CALLOC:
        call->function = (uintptr_t)calloc;
        call->argument[0] = 1;
        call->argument[1] = operation->size;
        break;
    case TRACE_ALIGNED:
        call->function = (uintptr_t)memalign;
        call->argument[0] = operation->alignment;
        call->argument[1] = operation->size;
        break;
    }
}

const unsigned char *subject_region(void) {
    return arena;
}

size_t subject_region_bytes(void) {
    return used;
}

size_t subject_static_bytes(void) {
    return (size_t)(peer_static_end - peer_static_start);
}

size_t subject_control_bytes(void) {
    return subject_static_bytes();
}

size_t subject_alignment(void) {
    return SUBJECT_ALIGNMENT;
}

bool subject_returns_memory(void) {
    return false;
}

struct subject_policy subject_tightest(size_t maximum) {
    return (struct subject_policy){.maximum = maximum};
}

struct subject_moves subject_moves(void) {
    return moves;
}
