/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A store never has to say yes: every answer is met calmly, and lies are found out. */
#include "support/heap_fixture.h"
#include "support/model.h"
#include "support/test.h"

static struct scripted_store store;
static struct model model;

static const struct ebb_policy grow_only = {.strategy = EBB_GROW_ONLY, .quantum = 256};

static void start(const struct ebb_policy *policy) {
    fixture_store(&store, 0);
    model_start(&model, &store, policy);
}

static void start_on_granule(const struct ebb_policy *policy, size_t granule) {
    fixture_store(&store, 0);
    store.store.granule = granule;
    model_start(&model, &store, policy);
}

/* From now on, `times` calls of grow() get this answer. */
static void script_grow(enum answer answer, size_t detail, uint32_t times) {
    store.grow_script = (struct script){.answer = answer, .detail = detail, .times = times};
}

static void script_shrink(enum answer answer, size_t detail, uint32_t times) {
    store.shrink_script = (struct script){.answer = answer, .detail = detail, .times = times};
}

/* ---- Growing ---- */

static void test_refusal_is_no_end(void **state) {
    (void)state;
    start(&grow_only);
    model_must_alloc(&model, 0, 100);
    script_grow(ANSWER_REFUSE, 0, SCRIPT_FOREVER);
    for (int i = 0; i < 20; i++) {
        model_must_fail(&model, 1, 5000);
    }
    store.grow_script.times = 0;
    model_must_alloc(&model, 1, 5000);
    model_finish(&model);
}

/* Where the first wish is for no more than is needed, it is made once. */
static void test_the_same_is_not_asked_for_again(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 16};
    start(&policy);
    model_must_alloc(&model, 0, 100);
    script_grow(ANSWER_REFUSE, 0, SCRIPT_FOREVER);
    uint32_t calls = store.grow_calls;
    model_must_fail(&model, 1, 5000);
    assert_int_equal(store.grow_calls - calls, 1);
    model_finish(&model);
}

/* The first, generous wish is refused; what is really needed is then given. */
static void test_needs_less_than_it_wishes(void **state) {
    (void)state;
    static const size_t quanta[] = {0, 1024, 20000};
    for (size_t i = 0; i < COUNT_OF(quanta); i++) {
        struct ebb_policy policy = {.quantum = quanta[i]};
        start_on_granule(&policy, 4096);
        model_must_alloc(&model, 0, 64);
        (void)model_trim(&model);
        store.limit = store.end + survey_block_for(6000);
        store.all_or_nothing = true;
        model_must_alloc(&model, 1, 6000 - 256);
        store.limit = UNIT_ARENA_SIZE;
        model_finish(&model);
    }
}

static void test_less_is_kept(void **state) {
    (void)state;
    start(&grow_only);
    script_grow(ANSWER_LESS, 100, SCRIPT_FOREVER);
    size_t region = store.end;
    bool met = false;
    int tries = 0;
    /* Each try asks for what is missing still, so in the end there is enough. */
    while (!met && tries < 100) {
        met = model_alloc(&model, 0, 4000);
        tries++;
    }
    assert_true(met);
    /* Each try is two crumbs, and no more come than are needed. */
    assert_int_equal(tries, 4000 / 200 + 1);
    assert_true(store.end - region <= 4000 + 100);
    model_finish(&model);
}

static void test_odd_crumbs_come_together(void **state) {
    (void)state;
    for (size_t crumb = 1; crumb < 40; crumb += 2) {
        start(&grow_only);
        script_grow(ANSWER_LESS, crumb, SCRIPT_FOREVER);
        size_t slot = 0;
        for (int i = 0; i < 300 && slot < MODEL_BLOCKS; i++) {
            slot += model_alloc(&model, slot, 30);
        }
        /* Each try is a crumb at least. */
        size_t fit = 300 * crumb / survey_block_for(30);
        assert_true(slot >= (fit < MODEL_BLOCKS ? fit : MODEL_BLOCKS));
        model_free_all(&model);
        model_finish(&model);
    }
}

static void test_more_is_used_before_asking_again(void **state) {
    (void)state;
    start(&grow_only);
    model_must_alloc(&model, 0, 100);
    (void)model_trim(&model);
    script_grow(ANSWER_MORE, 5003, 1);
    model_must_alloc(&model, 1, 100);
    uint32_t calls = store.grow_calls;
    model_must_alloc(&model, 2, 4800);
    assert_int_equal(store.grow_calls, calls);
    model_finish(&model);
}

/* What a store gives beyond the maximum goes back to it at once. */
static void test_surplus_goes_back(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .maximum = 4096};
    start(&policy);
    script_grow(ANSWER_MORE, 9000, 1);
    model_must_alloc(&model, 0, 3000);
    assert_int_equal(store.end, 4096);
    assert_int_equal(store.shrunk, 1);
    assert_int_equal(fixture_statistics(model.heap).region_bytes, 4096);
    model_finish(&model);
}

/* A store that gave an odd number of bytes has just enough left: no byte more is asked for than is missing. */
static void test_asks_for_what_is_missing_and_no_more(void **state) {
    (void)state;
    for (size_t odd = 0; odd < 20; odd++) {
        static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 4096};
        start(&policy);
        model_must_alloc(&model, 0, 100);
        (void)model_trim(&model);
        script_grow(ANSWER_LESS, odd + 1, 1);
        model_must_alloc(&model, 1, 1);
        (void)model_trim(&model);
        script_grow(ANSWER_LESS, odd + 1, 2);
        model_must_fail(&model, 2, 500);
        store.limit = store.end + survey_block_for(500) - model.survey.top_bytes;
        store.all_or_nothing = true;
        model_must_alloc(&model, 2, 500);
        assert_int_equal(store.end, store.limit);
        store.limit = UNIT_ARENA_SIZE;
        model_finish(&model);
    }
}

/* A maximum that is reached in two steps, as the store gave less at first, is one that can be reached. */
static void test_maximum_is_reached_in_two_steps(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .maximum = 4096};
    for (size_t given = 1; given < 3000; given = given * 2 + 1) {
        start(&policy);
        script_grow(ANSWER_LESS, given, 1);
        model_must_alloc(&model, 0,
                         ebb_get_geometry().granule * ((4096 - fixture_least_region()) / ebb_get_geometry().granule) -
                             ebb_get_geometry().header);
        model_finish(&model);
    }
}

/* What a store has refused twice is not asked for again, though there are more places to align a block at. */
static void test_aligned_request_is_refused_as_any_other(void **state) {
    (void)state;
    start(&grow_only);
    model_must_alloc(&model, 0, 100);
    script_grow(ANSWER_REFUSE, 0, SCRIPT_FOREVER);
    uint32_t calls = store.grow_calls;
    model_must_fail(&model, 1, 5000);
    uint32_t plain = store.grow_calls - calls;
    bool met = model_aligned_alloc(&model, 1, 512, 5000);
    assert_false(met);
    assert_int_equal(store.grow_calls - calls, 2 * plain);
    model_finish(&model);
}

/* Also where it takes all that is idle, to the last byte. */
static void test_aligned_request_that_fits_asks_for_nothing(void **state) {
    (void)state;
    start_on_granule(&grow_only, 64);
    model_must_alloc(&model, 0, 100);
    script_grow(ANSWER_REFUSE, 0, SCRIPT_FOREVER);
    bool met = false;
    for (size_t size = 600; !met && size > 0; size--) {
        uint32_t calls = store.grow_calls;
        met = model_aligned_alloc(&model, 1, 2 * ebb_get_geometry().granule, size);
        assert_true(!met || store.grow_calls == calls);
    }
    assert_true(met);
    model_finish(&model);
}

/* ---- Lies ---- */

static void test_start_below_the_end_is_a_lie(void **state) {
    (void)state;
    for (size_t below = 1; below < 600; below += 37) {
        start(&grow_only);
        model_must_alloc(&model, 0, 500);
        size_t region = store.end;
        script_grow(ANSWER_LIE, below, SCRIPT_FOREVER);
        (void)model_alloc(&model, 1, 4000);
        assert_true(store.lies > 0);
        assert_null(model.blocks[1].address);
        assert_int_equal(model.faults.fault, EBB_FAULT_STORE);
        assert_ptr_equal(model.faults.address, store.arena + region - below);
        assert_int_equal(store.end, region);
        assert_int_equal(fixture_statistics(model.heap).grows, store.grown);
        assert_int_equal(fixture_statistics(model.heap).refusals, store.refused + store.lies);
        model_verify_payloads(&model);
        store.grow_script.times = 0;
        model_must_alloc(&model, 1, 4000);
        model_finish(&model);
    }
}

/* Whether the start or the size is one, and whether or not somebody wants to know. */
static void test_lies_pass_in_silence_without_a_handler(void **state) {
    (void)state;
    fixture_store(&store, 0);
    struct ebb_heap *heap = ebb_create(&store.store, &grow_only);
    assert_non_null(heap);
    ebb_free(heap, fixture_alloc(heap, 1000));
    script_grow(ANSWER_LIE, 100, SCRIPT_FOREVER);
    void *none = ebb_alloc(heap, 4000);
    assert_null(none);
    script_shrink(ANSWER_LIE, 100, 1);
    assert_true(ebb_trim(heap) > 1000);
    assert_int_equal(store.lies, 2);
    fixture_assert_sound(heap, &store);
    (void)ebb_destroy(heap);
}

static void test_more_taken_than_offered_is_a_lie(void **state) {
    (void)state;
    static const size_t extras[] = {1, 16, 4096, SIZE_MAX / 2};
    for (size_t i = 0; i < COUNT_OF(extras); i++) {
        start(&grow_only);
        model_must_alloc(&model, 0, 500);
        model_must_alloc(&model, 1, 5000);
        model_free(&model, 1);
        script_shrink(ANSWER_LIE, extras[i], SCRIPT_FOREVER);
        size_t held = store.end;
        const unsigned char *end = (unsigned char *)model.heap + fixture_statistics(model.heap).region_bytes;
        size_t given_back = model_trim(&model);
        assert_true(store.lies > 0);
        assert_ptr_equal(model.faults.address, end);
        assert_int_equal(given_back, held - store.end);
        assert_true(given_back > 5000);
        store.shrink_script.times = 0;
        model_must_alloc(&model, 1, 5000);
        model_finish(&model);
    }
}

/* Nor of what it has just given beyond the maximum. */
static void test_more_surplus_taken_than_offered_is_a_lie(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .maximum = 4096};
    start(&policy);
    script_grow(ANSWER_MORE, 9000, 1);
    script_shrink(ANSWER_LIE, 16, 1);
    model_must_alloc(&model, 0, 3000);
    assert_int_equal(store.lies, 1);
    assert_ptr_equal(model.faults.address, (unsigned char *)model.heap + policy.maximum);
    assert_int_equal(store.end, policy.maximum);
    model_finish(&model);
}

/* ---- Shrinking ---- */

static void test_refused_trim_is_no_end(void **state) {
    (void)state;
    start(&grow_only);
    model_must_alloc(&model, 0, 500);
    model_must_alloc(&model, 1, 5000);
    model_free(&model, 1);
    script_shrink(ANSWER_REFUSE, 0, SCRIPT_FOREVER);
    size_t given_back = model_trim(&model);
    assert_int_equal(given_back, 0);
    model_must_alloc(&model, 1, 5000);
    model_free(&model, 1);
    store.shrink_script.times = 0;
    given_back = model_trim(&model);
    assert_true(given_back > 5000);
    model_finish(&model);
}

static void test_what_is_partly_taken_can_be_had_again(void **state) {
    (void)state;
    for (size_t taken = 1; taken < 5000; taken = taken * 3 + 1) {
        start(&grow_only);
        model_must_alloc(&model, 0, 500);
        model_must_alloc(&model, 1, 5000);
        model_free(&model, 1);
        script_shrink(ANSWER_LESS, taken, SCRIPT_FOREVER);
        size_t given_back = model_trim(&model);
        assert_true(given_back >= taken);
        model_must_alloc(&model, 1, 5000);
        model_free_all(&model);
        store.shrink_script.times = 0;
        model_finish(&model);
    }
}

/* A byte is taken when much is offered: the end is then where no block can end. */
static void test_odd_ends_heal(void **state) {
    (void)state;
    start(NULL);
    script_shrink(ANSWER_LESS, 1, SCRIPT_FOREVER);
    for (size_t round = 0; round < 100; round++) {
        model_must_alloc(&model, 0, 3000 + round);
        model_must_alloc(&model, 1, 30);
        model_free(&model, 1);
        model_free(&model, 0);
        (void)model_trim(&model);
    }
    store.shrink_script.times = 0;
    (void)model_trim(&model);
    assert_int_equal(store.end, fixture_least_region());
    model_finish(&model);
}

static void test_store_without_shrink_is_offered_nothing(void **state) {
    (void)state;
    for (uint32_t strategy = 0; strategy < 3; strategy++) {
        fixture_store(&store, 0);
        store.store.shrink = NULL;
        struct ebb_policy policy = {.strategy = strategy, .maximum = 40000};
        model_start(&model, &store, &policy);
        for (int round = 0; round < 30; round++) {
            model_must_alloc(&model, 0, 20000);
            model_must_alloc(&model, 1, 100);
            model_free(&model, 0);
            size_t given_back = model_trim(&model);
            assert_int_equal(given_back, 0);
            model_free(&model, 1);
        }
        assert_int_equal(fixture_statistics(model.heap).refusals, store.refused);
        size_t left = ebb_destroy(model.heap);
        assert_int_equal(left, store.end);
    }
}

/* ---- Every granule, every start ---- */

static void test_all_goes_back_with_each_granule_and_start(void **state) {
    (void)state;
    static const size_t granules[] = {1, 8, 512, 4096};
    for (size_t i = 0; i < COUNT_OF(granules) * 8; i++) {
        scripted_store_init(&store, fixture_arena(), UNIT_ARENA_SIZE, i * 5);
        store.store.granule = granules[i % COUNT_OF(granules)];
        model_start(&model, &store, NULL);
        for (size_t slot = 0; slot < 20; slot++) {
            model_must_alloc(&model, slot, slot * 53);
        }
        for (size_t slot = 0; slot < 20; slot += 2) {
            model_free(&model, slot);
        }
        (void)model_trim(&model);
        model_free_all(&model);
        (void)model_trim(&model);
        size_t least = i * 5 + ebb_get_geometry().control_block + 2 * ebb_get_geometry().granule;
        assert_true(store.end < least + granules[i % COUNT_OF(granules)]);
        model_finish(&model);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusal_is_no_end),
        cmocka_unit_test(test_the_same_is_not_asked_for_again),
        cmocka_unit_test(test_needs_less_than_it_wishes),
        cmocka_unit_test(test_less_is_kept),
        cmocka_unit_test(test_odd_crumbs_come_together),
        cmocka_unit_test(test_more_is_used_before_asking_again),
        cmocka_unit_test(test_surplus_goes_back),
        cmocka_unit_test(test_asks_for_what_is_missing_and_no_more),
        cmocka_unit_test(test_maximum_is_reached_in_two_steps),
        cmocka_unit_test(test_aligned_request_is_refused_as_any_other),
        cmocka_unit_test(test_aligned_request_that_fits_asks_for_nothing),
        cmocka_unit_test(test_start_below_the_end_is_a_lie),
        cmocka_unit_test(test_lies_pass_in_silence_without_a_handler),
        cmocka_unit_test(test_more_taken_than_offered_is_a_lie),
        cmocka_unit_test(test_more_surplus_taken_than_offered_is_a_lie),
        cmocka_unit_test(test_refused_trim_is_no_end),
        cmocka_unit_test(test_what_is_partly_taken_can_be_had_again),
        cmocka_unit_test(test_odd_ends_heal),
        cmocka_unit_test(test_store_without_shrink_is_offered_nothing),
        cmocka_unit_test(test_all_goes_back_with_each_granule_and_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
