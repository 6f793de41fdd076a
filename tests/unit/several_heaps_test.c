/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Heaps side by side, each with a policy, a store and a program of its own. */
#include "support/bytes.h"
#include "support/console.h"
#include "support/guard.h"
#include "support/heap_fixture.h"
#include "support/level.h"
#include "support/test.h"
#include "support/workload.h"

#include <ebb/buffer_store.h>

#include <string.h>

enum { HEAPS = 3, SHARE = UNIT_ARENA_SIZE / HEAPS / 4096 * 4096 };

static struct scripted_store stores[HEAPS];
static struct model models[HEAPS];
static struct workload workloads[HEAPS];

static const struct ebb_policy policies[HEAPS] = {
    {.strategy = EBB_GROW_AND_RETURN},
    {.strategy = EBB_GROW_ONLY, .quantum = 512},
    {.strategy = EBB_FIXED, .maximum = 12000},
};

static const enum sizes sizes[HEAPS] = {SIZES_POWER_LAW, SIZES_SMALL, SIZES_LARGE};

static void start_all(void) {
    for (size_t i = 0; i < HEAPS; i++) {
        scripted_store_init(&stores[i], fixture_arena() + i * SHARE, SHARE, i * 3);
        models[i].seed = (uint32_t)i;
        model_start(&models[i], &stores[i], &policies[i]);
        workload_init(&workloads[i], (uint32_t)i, sizes[i]);
    }
}

static void test_heaps_do_not_know_of_each_other(void **state) {
    (void)state;
    start_all();
    uint32_t rounds = 1000 * console_effort();
    for (uint32_t round = 0; round < rounds; round++) {
        for (size_t i = 0; i < HEAPS; i++) {
            models[i].step++;
            workload_step(&workloads[i], &models[i]);
        }
        for (size_t i = 0; i < HEAPS && round % 32 == 0; i++) {
            model_verify_payloads(&models[i]);
        }
    }
    for (size_t i = 0; i < HEAPS; i++) {
        model_free_all(&models[i]);
        model_finish(&models[i]);
    }
}

/* What one heap does moves nothing in another. */
static void test_a_heap_is_where_it_was(void **state) {
    (void)state;
    static struct snapshot snapshot;
    start_all();
    for (size_t slot = 0; slot < 20; slot++) {
        (void)model_alloc(&models[1], slot, slot * 7);
    }
    snapshot_take(&snapshot, models[1].heap);
    workload_run(&workloads[0], &models[0], 300);
    workload_run(&workloads[2], &models[2], 300);
    snapshot_assert_same(&snapshot, models[1].heap);
    for (size_t i = 0; i < HEAPS; i++) {
        model_free_all(&models[i]);
        model_finish(&models[i]);
    }
}

enum { BLOCKS = 30, MOVED_BY = 16384 };

static unsigned char *alloc_filled(struct ebb_heap *heap, size_t size) {
    unsigned char *block = fixture_alloc(heap, size);
    memset(block, (int)size, size);
    return block;
}

/* Copies the region, and lets the store go on there: where it was, nobody may look any more. */
static struct ebb_heap *copy_elsewhere(struct ebb_heap *heap) {
    static struct snapshot snapshot;
    snapshot_take(&snapshot, heap);
    scripted_store_init(&stores[0], fixture_arena(), UNIT_ARENA_SIZE, MOVED_BY);
    stores[0].end = MOVED_BY + snapshot.size;
    guard_open(fixture_arena(), MOVED_BY, stores[0].end);
    struct ebb_heap *copy = (struct ebb_heap *)(void *)(fixture_arena() + MOVED_BY);
    snapshot_restore(&snapshot, copy);
    return copy;
}

/* As its region is the whole of a heap, it goes on wherever that was copied to, at an address as well aligned. */
static void test_a_heap_goes_on_where_it_was_copied_to(void **state) {
    (void)state;
    static struct fault_log faults;
    unsigned char *blocks[BLOCKS];
    struct ebb_heap *heap = fixture_heap(&stores[0], 0, NULL, &faults);
    for (size_t i = 0; i < BLOCKS; i++) {
        blocks[i] = alloc_filled(heap, 1 + i * 5);
    }
    for (size_t i = 0; i < BLOCKS; i += 3) {
        ebb_free(heap, blocks[i]);
    }
    heap = copy_elsewhere(heap);
    fixture_assert_sound(heap, &stores[0]);
    for (size_t i = 1; i < BLOCKS; i++) {
        blocks[i] = i % 3 == 0 ? alloc_filled(heap, 1 + i * 5) : blocks[i] + MOVED_BY;
    }
    for (size_t i = 1; i < BLOCKS; i++) {
        blocks[i] = ebb_realloc(heap, blocks[i], 1 + i * 20);
        assert_non_null(blocks[i]);
        assert_true(bytes_are(blocks[i], (unsigned char)(1 + i * 5), 1 + i * 5));
        fixture_assert_sound(heap, &stores[0]);
    }
    for (size_t i = 1; i < BLOCKS; i++) {
        ebb_free(heap, blocks[i]);
        fixture_assert_sound(heap, &stores[0]);
    }
    (void)ebb_trim(heap);
    assert_int_equal(fixture_statistics(heap).live_bytes, 0);
    fixture_end(heap, &stores[0], &faults);
}

/* On one store, one heap lies in a gap of the other, and its headers are good: but their seals are its own. */
static void test_block_of_another_heap_in_a_gap_is_found(void **state) {
    (void)state;
    needs_level(2, "a block in a gap looks like any other");
    static const struct ebb_policy grow_only = {.strategy = EBB_GROW_ONLY, .quantum = 512};
    static struct ebb_buffer_store shared;
    static struct fault_log faults;
    guard_open(fixture_arena(), 0, UNIT_ARENA_SIZE);
    ebb_buffer_store_init(&shared, fixture_arena(), UNIT_ARENA_SIZE);
    struct ebb_heap *around = ebb_create(&shared.store, &grow_only);
    struct ebb_heap *within = ebb_create(&shared.store, &grow_only);
    assert_true(around != NULL && within != NULL);
    set_known_secret(around);
    set_known_secret(within);
    unsigned char *block = fixture_alloc(within, 100);
    (void)fixture_alloc(within, 100);
    /* The first request finds out that the end has moved, and may fail. */
    const unsigned char *above = ebb_alloc(around, 600);
    above = above != NULL ? above : fixture_alloc(around, 600);
    assert_true(above > block);
    fault_log_attach(&faults, around);
    ebb_free(around, block);
    fault_log_expect(&faults, EBB_FAULT_CORRUPT, block);
    ebb_free_sized(around, block, 100);
    fault_log_expect(&faults, EBB_FAULT_CORRUPT, block);
    assert_null(ebb_realloc(around, block, 10));
    fault_log_expect(&faults, EBB_FAULT_CORRUPT, block);
    assert_int_equal(ebb_usable_size(around, block), 0);
    fault_log_expect(&faults, EBB_FAULT_CORRUPT, block);
    assert_int_equal(ebb_check(around).damage, EBB_SOUND);
    assert_int_equal(ebb_check(within).damage, EBB_SOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heaps_do_not_know_of_each_other),
        cmocka_unit_test(test_a_heap_is_where_it_was),
        cmocka_unit_test(test_a_heap_goes_on_where_it_was_copied_to),
        cmocka_unit_test(test_block_of_another_heap_in_a_gap_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
