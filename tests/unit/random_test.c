/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Random programs under every strategy, with and without a maximum, on stores of every temper, with a shadow model
 * around each call. Seeds are fixed; EBB_TEST_EFFORT, a factor, makes the runs longer and adds seeds.
 */
#include "support/console.h"
#include "support/heap_fixture.h"
#include "support/test.h"
#include "support/workload.h"

enum { ARENA = 24 * 1024, STEPS = 250 };

#define KIND(answer) (UINT32_C(1) << (answer))

struct temper {
    uint32_t percent;
    uint32_t kinds;
    bool all_or_nothing;
    bool takes_nothing_back;
};

static struct scripted_store store;
static struct model model;
static struct workload workload;

static const size_t granules[] = {0, 8, 512, 4096};
static const size_t maxima[] = {0, 3000, 12001};
static const size_t quanta[] = {0, 256, 100};

static void set_up_store(const struct temper *temper, uint32_t seed) {
    scripted_store_init(&store, fixture_arena(), ARENA, seed % 23);
    store.store.granule = granules[seed % COUNT_OF(granules)];
    store.store.fresh_is_zero = seed / 2 % 2 == 1;
    store.all_or_nothing = temper->all_or_nothing;
    if (temper->takes_nothing_back) {
        store.store.shrink = NULL;
    }
}

static void run_once(uint32_t strategy, const struct temper *temper, uint32_t seed) {
    struct ebb_policy policy = {
        .strategy = strategy,
        .maximum = maxima[seed % COUNT_OF(maxima)],
        .quantum = quanta[seed / 3 % COUNT_OF(quanta)],
        .return_above = seed % 5 == 0 ? 700 : 0,
        .move_price = seed % 4 == 0 ? 300 : 0,
    };
    set_up_store(temper, seed);
    model.seed = seed;
    model_start(&model, &store, &policy);
    /* Creation is honest; what a bad store does to it has tests of its own. */
    store.mischief.percent = temper->percent;
    store.mischief.kinds = temper->kinds;
    random_seed(&store.mischief.random, seed);
    workload_init(&workload, seed, (enum sizes)(seed % SIZES_COUNT));
    workload.changes_policy = seed % 7 == 3;
    workload_run(&workload, &model, STEPS * console_effort());
    store.mischief.percent = 0;
    model_free_all(&model);
    assert_int_equal(fixture_statistics(model.heap).live_bytes, 0);
    (void)model_trim(&model);
    model_finish(&model);
}

static void run(uint32_t strategy, const struct temper *temper) {
    uint32_t seeds = console_seeds();
    for (uint32_t seed = 0; seed < seeds; seed++) {
        run_once(strategy, temper, seed);
    }
}

static void run_all_strategies(const struct temper *temper) {
    for (uint32_t strategy = 0; strategy < 3; strategy++) {
        run(strategy, temper);
    }
}

static void test_nothing_is_lost_on_an_honest_store(void **state) {
    (void)state;
    static const struct temper temper = {.percent = 0};
    run_all_strategies(&temper);
}

static void test_nothing_is_lost_on_an_all_or_nothing_store(void **state) {
    (void)state;
    static const struct temper temper = {.all_or_nothing = true};
    /* It cannot be asked for all that it has, so nothing can be fixed on it without knowing how much that is. */
    run(EBB_GROW_AND_RETURN, &temper);
    run(EBB_GROW_ONLY, &temper);
}

static void test_nothing_is_lost_on_a_store_that_takes_nothing_back(void **state) {
    (void)state;
    static const struct temper temper = {.takes_nothing_back = true};
    run_all_strategies(&temper);
}

static void test_nothing_is_lost_on_a_refusing_store(void **state) {
    (void)state;
    static const struct temper temper = {.percent = 60, .kinds = KIND(ANSWER_REFUSE)};
    run_all_strategies(&temper);
}

static void test_nothing_is_lost_on_a_miserly_store(void **state) {
    (void)state;
    static const struct temper temper = {.percent = 90, .kinds = KIND(ANSWER_LESS) | KIND(ANSWER_REFUSE)};
    run_all_strategies(&temper);
}

static void test_nothing_is_lost_on_a_generous_store(void **state) {
    (void)state;
    static const struct temper temper = {.percent = 90, .kinds = KIND(ANSWER_MORE)};
    run_all_strategies(&temper);
}

static void test_nothing_is_lost_on_a_store_that_others_use_too(void **state) {
    (void)state;
    static const struct temper temper = {.percent = 60, .kinds = KIND(ANSWER_HIGHER)};
    run_all_strategies(&temper);
}

static void test_nothing_is_lost_on_a_lying_store(void **state) {
    (void)state;
    static const struct temper temper = {.percent = 60, .kinds = KIND(ANSWER_LIE)};
    run_all_strategies(&temper);
}

static void test_nothing_is_lost_on_a_store_of_every_temper(void **state) {
    (void)state;
    static const struct temper temper = {.percent = 90, .kinds = UINT32_MAX};
    run_all_strategies(&temper);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_lost_on_an_honest_store),
        cmocka_unit_test(test_nothing_is_lost_on_an_all_or_nothing_store),
        cmocka_unit_test(test_nothing_is_lost_on_a_store_that_takes_nothing_back),
        cmocka_unit_test(test_nothing_is_lost_on_a_refusing_store),
        cmocka_unit_test(test_nothing_is_lost_on_a_miserly_store),
        cmocka_unit_test(test_nothing_is_lost_on_a_generous_store),
        cmocka_unit_test(test_nothing_is_lost_on_a_store_that_others_use_too),
        cmocka_unit_test(test_nothing_is_lost_on_a_lying_store),
        cmocka_unit_test(test_nothing_is_lost_on_a_store_of_every_temper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
