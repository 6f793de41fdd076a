/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Heaps side by side, each with a policy, a store and a program of its own. */
#include "support/console.h"
#include "support/heap_fixture.h"
#include "support/test.h"
#include "support/workload.h"

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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heaps_do_not_know_of_each_other),
        cmocka_unit_test(test_a_heap_is_where_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
