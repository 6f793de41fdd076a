/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Allocators that are wrong in one way each, and what the replay says about them. */
#include "counted.h"
#include "replay.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ARENA = 4096 };

/* How the allocator below is wrong. */
static enum mistake {
    NONE,
    FAILS,
    MISALIGNS,
    LEAVES_REGION,
    OVERLAPS,
    FORGETS_TO_CLEAR,
    FORGETS_TO_COPY,
    WRITES_INTO_BLOCKS,
    IGNORES_ALIGNMENT
} mistake;

static alignas(64) unsigned char arena[ARENA];
static size_t used;
static size_t limit;

/* The fake never moves a store, but the counting layer refers to one. */
struct ebb_span plain_grow(void *context, size_t size) {
    (void)context;
    (void)size;
    return (struct ebb_span){NULL, 0};
}

size_t plain_shrink(void *context, size_t size) {
    (void)context;
    (void)size;
    return 0;
}

/* Never reuses anything: a bump allocator can hardly be wrong unless it is told to. */
static void *bump(size_t size, size_t alignment) {
    size_t start = (used + alignment - 1) / alignment * alignment;

    if (start + size > limit || (mistake == FAILS && used > 64)) {
        return NULL;
    }
    used = start + size;
    if (mistake == OVERLAPS && used > 16) {
        used -= 8;
    }
    if (mistake == MISALIGNS) {
        start += 4;
        used += 4;
    }
    return arena + start;
}

static uintptr_t fake_alloc(uintptr_t size, uintptr_t alignment, uintptr_t unused) {
    void *block = bump(size, alignment == 0 || mistake == IGNORES_ALIGNMENT ? 8 : alignment);

    (void)unused;
    return (uintptr_t)block;
}

static uintptr_t fake_calloc(uintptr_t size, uintptr_t unused, uintptr_t also_unused) {
    unsigned char *block = bump(size, 8);

    (void)unused;
    (void)also_unused;
    if (block != NULL) {
        memset(block, mistake == FORGETS_TO_CLEAR, size);
    }
    return (uintptr_t)block;
}

/* The trace below only grows blocks, so the old size is at most the new one. */
static uintptr_t fake_realloc(uintptr_t old, uintptr_t size, uintptr_t unused) {
    unsigned char *block = bump(size, 8);

    (void)unused;
    if (block != NULL && mistake != FORGETS_TO_COPY) {
        memmove(block, arena + (old - (uintptr_t)arena), 16);
    }
    return (uintptr_t)block;
}

static uintptr_t fake_free(uintptr_t block, uintptr_t unused, uintptr_t also_unused) {
    (void)block;
    (void)unused;
    (void)also_unused;
    if (mistake == WRITES_INTO_BLOCKS) {
        arena[16] ^= 1;
    }
    return 0;
}

bool subject_begin(const struct subject_policy *policy) {
    used = 0;
    limit = policy->maximum != 0 && policy->maximum < ARENA ? policy->maximum : ARENA;
    return true;
}

void subject_prepare(struct call *call, const struct trace_operation *operation, void *block) {
    uintptr_t (*const functions[])(uintptr_t, uintptr_t, uintptr_t) = {fake_alloc, fake_free, fake_realloc, fake_calloc,
                                                                       fake_alloc};
    bool has_block = operation->kind == TRACE_FREE || operation->kind == TRACE_REALLOC;

    call->function = (uintptr_t)functions[operation->kind];
    call->argument[0] = has_block ? (uintptr_t)block : operation->size;
    call->argument[1] = operation->kind == TRACE_REALLOC ? operation->size : operation->alignment;
}

const unsigned char *subject_region(void) {
    return arena;
}

size_t subject_region_bytes(void) {
    return mistake == LEAVES_REGION ? 8 : used + 64;
}

size_t subject_static_bytes(void) {
    return 0;
}

size_t subject_control_bytes(void) {
    return 0;
}

size_t subject_alignment(void) {
    return 8;
}

bool subject_returns_memory(void) {
    return false;
}

struct subject_policy subject_tightest(size_t maximum) {
    return (struct subject_policy){.maximum = maximum};
}

struct subject_moves subject_moves(void) {
    return (struct subject_moves){0};
}

/* Seven operations, one of each kind at least; block 1 lies at 16, from the second operation to the end. */
static const unsigned char image[] = {
    'M',        'T', 'R',        '1', 7,          0,  0,          0,  4,          0,  0,  0,          104,        0,
    0,          0,   4,          0,   0,          0,  14,         0,  0,          0,  32, 0,          0,          0,
    104,        0,   0,          0, //
    0 << 3 | 0, 16,  1 << 3 | 0, 24,  2 << 3 | 3, 16, 2 << 3 | 2, 32, 3 << 3 | 4, 32, 5,  0 << 3 | 1, 0 << 3 | 0, 16,
};

static struct trace trace;
static struct replay_block blocks[4];

static struct replay prepare(void) {
    assert_int_equal(trace_open(&trace, image, sizeof image), TRACE_OK);
    return (struct replay){.trace = &trace, .blocks = blocks, .slots = 4, .checks_payloads = true};
}

static enum replay_status replay_with(enum mistake made) {
    struct replay replay = prepare();
    const struct subject_policy policy = {0};

    mistake = made;
    return replay_run(&replay, &policy);
}

static void the_trace_is_sound(void **state) {
    uint32_t sizes[4];

    (void)state;
    prepare();
    assert_string_equal(trace_explain(trace_verify(&trace, sizes)), "sound");
}

static void a_right_allocator_passes(void **state) {
    (void)state;
    assert_int_equal(replay_with(NONE), REPLAY_OK);
}

static void every_mistake_is_found(void **state) {
    (void)state;
    assert_int_equal(replay_with(FAILS), REPLAY_EXHAUSTED);
    assert_int_equal(replay_with(MISALIGNS), REPLAY_MISALIGNED);
    assert_int_equal(replay_with(LEAVES_REGION), REPLAY_OUTSIDE);
    assert_int_equal(replay_with(OVERLAPS), REPLAY_DAMAGED);
    assert_int_equal(replay_with(FORGETS_TO_CLEAR), REPLAY_NOT_ZERO);
    assert_int_equal(replay_with(FORGETS_TO_COPY), REPLAY_DAMAGED);
    assert_int_equal(replay_with(WRITES_INTO_BLOCKS), REPLAY_DAMAGED);
    assert_int_equal(replay_with(IGNORES_ALIGNMENT), REPLAY_MISALIGNED);
}

static void too_small_a_table_is_refused(void **state) {
    struct replay replay = prepare();
    const struct subject_policy policy = {0};

    (void)state;
    replay.slots = 3;
    assert_int_equal(replay_run(&replay, &policy), REPLAY_TOO_LARGE);
}

static void the_smallest_maximum_is_the_exact_need(void **state) {
    struct replay replay = prepare();

    (void)state;
    mistake = NONE;
    /* 16 + 24 + 16 + 32 = 88, aligned up to 96, and 32 and 16 more. */
    assert_int_equal(replay_smallest_maximum(&replay, ARENA, 8), 144);
    assert_int_equal(replay_smallest_maximum(&replay, 136, 8), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_trace_is_sound),
        cmocka_unit_test(a_right_allocator_passes),
        cmocka_unit_test(every_mistake_is_found),
        cmocka_unit_test(too_small_a_table_is_refused),
        cmocka_unit_test(the_smallest_maximum_is_the_exact_need),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
