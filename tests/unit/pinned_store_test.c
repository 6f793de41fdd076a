/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A store that refuses to take memory back is asked ever more rarely, and never given up. */
#include "support/heap_fixture.h"
#include "support/random.h"
#include "support/test.h"

static struct scripted_store store;
static struct fault_log faults;

enum { SLOTS = 40, MOST_BYTES = 400 };

/* Half of the slots are empty at a time, and an average block is half as large; but it is not always as on average. */
enum { MOST_IN_USE = SLOTS * MOST_BYTES / 2 };

static unsigned char *slots[SLOTS];

static void churn(struct ebb_heap *heap, struct random *random, uint32_t calls) {
    for (uint32_t i = 0; i < calls; i++) {
        size_t slot = random_below(random, SLOTS);
        if (slots[slot] == NULL) {
            slots[slot] = ebb_alloc(heap, random_below(random, MOST_BYTES));
        } else {
            ebb_free(heap, slots[slot]);
            slots[slot] = NULL;
        }
    }
}

static void empty(struct ebb_heap *heap) {
    for (size_t slot = 0; slot < SLOTS; slot++) {
        ebb_free(heap, slots[slot]);
        slots[slot] = NULL;
    }
}

static struct ebb_heap *make_pinned(const struct ebb_policy *policy) {
    struct ebb_heap *heap = fixture_heap(&store, 0, policy, &faults);
    store.shrink_script = (struct script){.answer = ANSWER_REFUSE, .times = SCRIPT_FOREVER};
    /* Idle for ever, unless somebody takes it. */
    ebb_free(heap, fixture_alloc(heap, 50000));
    return heap;
}

static const struct ebb_policy policies[] = {
    {.strategy = EBB_GROW_AND_RETURN},
    {.strategy = EBB_GROW_AND_RETURN, .move_price = 100},
    {.strategy = EBB_GROW_AND_RETURN, .quantum = 256, .return_above = 1024},
};

/*
 * Within 1000 calls the distance between tries can double 10 times, and some more as the program grows at first and the
 * wait begins anew; up to the 100,000th call, 7 times more. Where addresses have 32 bits, it ends near 9000 calls.
 */
static void test_refusals_grow_rarer(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        struct random random;
        random_seed(&random, 11);
        struct ebb_heap *heap = make_pinned(&policies[i]);
        churn(heap, &random, 1000);
        uint32_t after_1000 = store.shrink_calls;
        churn(heap, &random, 99000);
        assert_in_range(after_1000, 1, 10 + 5);
        assert_in_range(store.shrink_calls - after_1000, 1, sizeof(size_t) > sizeof(uint32_t) ? 7 : 11);
        assert_int_equal(fixture_statistics(heap).refusals, store.refused);
        empty(heap);
        fixture_assert_sound(heap, &store);
        (void)ebb_destroy(heap);
    }
}

/* Calls until the store is asked again, or `most`. */
static uint32_t calls_until_asked_at_most(struct ebb_heap *heap, uint32_t most) {
    uint32_t asked = store.shrink_calls;
    uint32_t calls = 0;
    while (store.shrink_calls == asked && calls < most) {
        ebb_free(heap, fixture_alloc(heap, 100));
        calls++;
    }
    return calls;
}

static uint32_t calls_until_asked(struct ebb_heap *heap) {
    return calls_until_asked_at_most(heap, 100000);
}

/* A heap that has a hole for the blocks to come: so as much is idle at each call. */
static struct ebb_heap *make_pinned_with_a_hole(void) {
    /* For each 8192 idle bytes it waits as long again: of a multiple, nothing is lost by rounding. */
    static const struct ebb_policy policy = {.move_price = 55 * 8192};
    struct ebb_heap *heap = make_pinned(&policy);
    unsigned char *hole = fixture_alloc(heap, 100);
    (void)fixture_alloc(heap, 1);
    ebb_free(heap, hole);
    return heap;
}

static void assert_answer_doubles_the_wait(enum answer answer, size_t detail) {
    struct ebb_heap *heap = make_pinned_with_a_hole();
    store.shrink_script = (struct script){.answer = answer, .detail = detail, .times = SCRIPT_FOREVER};
    (void)calls_until_asked(heap);
    uint32_t wait = calls_until_asked(heap);
    /* Twice what so much idle memory costs until it has cost a move, and once more for each 8192 bytes of it. */
    assert_in_range(wait, 125, 135);
    for (int refusals = 0; refusals < 6; refusals++) {
        uint32_t next = calls_until_asked(heap);
        assert_in_range(next, 2 * wait - 2, 2 * wait + 2);
        wait = next;
    }
    (void)ebb_destroy(heap);
}

static void test_each_refusal_doubles_the_wait(void **state) {
    (void)state;
    assert_answer_doubles_the_wait(ANSWER_REFUSE, 0);
}

static void test_next_to_nothing_taken_is_a_refusal(void **state) {
    (void)state;
    assert_answer_doubles_the_wait(ANSWER_LESS, 10);
}

/* Who trims may do so as often as can be: that says nothing about how long the store refuses. */
static void test_refused_trims_do_not_make_the_wait_longer(void **state) {
    (void)state;
    for (int takes_some = 0; takes_some < 2; takes_some++) {
        struct ebb_heap *heap = make_pinned_with_a_hole();
        (void)calls_until_asked(heap);
        uint32_t wait = calls_until_asked(heap);
        if (takes_some) {
            store.shrink_script = (struct script){.answer = ANSWER_LESS, .detail = 1, .times = SCRIPT_FOREVER};
        }
        for (int trims = 0; trims < 20; trims++) {
            assert_int_equal(ebb_trim(heap), takes_some);
        }
        for (int refusals = 0; refusals < 3; refusals++) {
            uint32_t next = calls_until_asked(heap);
            assert_in_range(next, 2 * wait - 2, 2 * wait + 2);
            wait = next;
        }
        (void)ebb_destroy(heap);
    }
}

/* However often it refused, the wait never turns into none. */
static void test_wait_has_an_end_but_no_turn(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        struct ebb_heap *heap = make_pinned(&policies[i]);
        for (size_t rounds = 0; rounds < 130; rounds++) {
            /* Growth, after which the wait begins anew. */
            ebb_free(heap, fixture_alloc(heap, 52000 + rounds * 150));
            uint32_t calls = calls_until_asked_at_most(heap, 20);
            assert_true(rounds < 20 || calls == 20);
        }
        store.shrink_script.times = 0;
        assert_true(ebb_trim(heap) >= 52000 + (size_t)129 * 150);
        (void)ebb_destroy(heap);
    }
}

/* However little it was offered. */
static void test_refusals_of_a_few_bytes_count(void **state) {
    (void)state;
    const struct ebb_policy policy = {.quantum = 1, .return_above = 1};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    store.shrink_script = (struct script){.answer = ANSWER_REFUSE, .times = SCRIPT_FOREVER};
    for (int pairs = 0; pairs < 1000; pairs++) {
        ebb_free(heap, fixture_alloc(heap, 2 * ebb_get_geometry().granule));
    }
    /* The wait can double 10 times within 1000 pairs. */
    assert_in_range(store.shrink_calls, 1, 10);
    assert_true(store.last_shrink < 32 * ebb_get_geometry().granule / 8);
    (void)ebb_destroy(heap);
}

/* The longer it refused, the longer it may take; but never longer than it refused, and some. */
static void test_recovers_when_taken_again(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        struct random random;
        random_seed(&random, 12);
        struct ebb_heap *heap = make_pinned(&policies[i]);
        churn(heap, &random, 2000);
        assert_true(fixture_statistics(heap).region_bytes > 50000);
        store.shrink_script.times = 0;
        churn(heap, &random, 8000);
        assert_true(fixture_statistics(heap).region_bytes < MOST_IN_USE);
        /* Once taken, it is asked as often as ever. */
        empty(heap);
        ebb_free(heap, fixture_alloc(heap, 50000));
        churn(heap, &random, 1000);
        assert_true(fixture_statistics(heap).region_bytes < MOST_IN_USE);
        empty(heap);
        fixture_assert_sound(heap, &store);
        (void)ebb_destroy(heap);
    }
}

/* What a free could not give back at once goes back in time: as much of it, all but a quantum. */
static void test_what_was_refused_goes_back_but_for_a_quantum(void **state) {
    (void)state;
    enum { QUANTUM = 256 };
    static const struct ebb_policy policy = {.quantum = QUANTUM, .return_above = 1024};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    unsigned char *hole = fixture_alloc(heap, 100);
    (void)fixture_alloc(heap, 1);
    store.shrink_script = (struct script){.answer = ANSWER_REFUSE, .times = 1};
    ebb_free(heap, fixture_alloc(heap, 5000));
    assert_int_equal(store.shrink_calls, 1);
    for (int calls = 0; store.shrink_calls == 1 && calls < 100; calls++) {
        ebb_free(heap, hole);
        hole = fixture_alloc(heap, 100);
    }
    assert_int_equal(store.shrink_calls, 2);
    struct survey survey;
    survey_take(&survey, heap);
    assert_int_equal(survey.top_bytes, QUANTUM);
    (void)ebb_destroy(heap);
}

/* What a free gave back at once and was regretted: twice as much has to be idle then, also after a refusal. */
static void test_refusal_makes_no_regret_undone(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.move_price = 8000};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    unsigned char *hole = fixture_alloc(heap, 100);
    (void)fixture_alloc(heap, 1);
    ebb_free(heap, fixture_alloc(heap, 1400));
    assert_int_equal(store.shrink_calls, 1);
    unsigned char *regretted = fixture_alloc(heap, 1400);
    ebb_free(heap, regretted);
    assert_int_equal(store.shrink_calls, 1);
    store.shrink_script = (struct script){.answer = ANSWER_REFUSE, .times = 1};
    for (int calls = 0; store.shrink_calls == 1 && calls < 100; calls++) {
        ebb_free(heap, hole);
        hole = fixture_alloc(heap, 100);
    }
    assert_int_equal(store.refused, 1);
    assert_true(ebb_trim(heap) > 0);
    uint32_t calls = store.shrink_calls;
    ebb_free(heap, fixture_alloc(heap, 1400));
    assert_int_equal(store.shrink_calls, calls);
    (void)ebb_destroy(heap);
}

/* What the store has not taken need not be taken from it again: growth soon after a refusal makes no burst larger. */
static void test_refusal_is_nothing_to_regret(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.move_price = 8000};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    (void)fixture_alloc(heap, 1);
    store.shrink_script = (struct script){.answer = ANSWER_REFUSE, .times = 1};
    ebb_free(heap, fixture_alloc(heap, 1400));
    assert_int_equal(store.refused, 1);
    ebb_free(heap, fixture_alloc(heap, 3000));
    assert_int_equal(store.shrink_calls, 1);
    assert_true(ebb_trim(heap) > 0);
    uint32_t calls = store.shrink_calls;
    ebb_free(heap, fixture_alloc(heap, 1400));
    assert_int_equal(store.shrink_calls, calls + 1);
    (void)ebb_destroy(heap);
}

/* Nor does a refusal hide what went back before it: growth is regretted all the same. */
static void test_refusal_hides_no_regret(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.move_price = 8000};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    (void)fixture_alloc(heap, 1);
    unsigned char *low = fixture_alloc(heap, 1400);
    ebb_free(heap, fixture_alloc(heap, 1400));
    assert_int_equal(store.shrunk, 1);
    store.shrink_script = (struct script){.answer = ANSWER_REFUSE, .times = 1};
    ebb_free(heap, low);
    assert_int_equal(store.shrink_calls, 2);
    (void)fixture_alloc(heap, 3000);
    (void)fixture_alloc(heap, 100);
    /* Now the store is trusted again. */
    assert_true(ebb_trim(heap) > 0);
    ebb_free(heap, fixture_alloc(heap, 1400));
    assert_int_equal(store.shrink_calls, 3);
    (void)ebb_destroy(heap);
}

/* Where the store likes the end no lower, it is not asked, and so it has refused nothing. */
static void test_what_is_not_offered_is_not_refused(void **state) {
    (void)state;
    enum { GRANULE = 4096 };
    fixture_store(&store, 0);
    store.store.granule = GRANULE;
    struct ebb_heap *heap = ebb_create(&store.store, NULL);
    assert_non_null(heap);
    unsigned char *hole = fixture_alloc(heap, 100);
    (void)fixture_alloc(heap, 1);
    unsigned char *last = fixture_alloc(heap, 2 * GRANULE);
    assert_in_range(fixture_idle(heap), 3000, GRANULE - 1);
    /* Patience is used up every ten calls or so. */
    for (int calls = 0; calls < 200; calls++) {
        ebb_free(heap, hole);
        hole = fixture_alloc(heap, 100);
    }
    assert_int_equal(store.shrink_calls, 0);
    ebb_free(heap, last);
    assert_int_equal(store.shrink_calls, 1);
    fixture_assert_sound(heap, &store);
    (void)ebb_destroy(heap);
}

/* By how much the region grows for a small block, so many calls after the store has refused to take back 1400 bytes. */
static size_t growth_after(int calls) {
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    (void)fixture_alloc(heap, 8000);
    unsigned char *hole = fixture_alloc(heap, 100);
    (void)fixture_alloc(heap, 1);
    (void)ebb_trim(heap);
    store.shrink_script = (struct script){.answer = ANSWER_REFUSE, .times = SCRIPT_FOREVER};
    ebb_free(heap, fixture_alloc(heap, 1400));
    while (store.refused == 0) {
        ebb_free(heap, hole);
        hole = fixture_alloc(heap, 100);
    }
    for (int i = 0; i < calls; i++) {
        ebb_free(heap, hole);
        hole = fixture_alloc(heap, 100);
    }
    (void)fixture_alloc(heap, fixture_idle(heap) - 2 * ebb_get_geometry().granule);
    size_t region = fixture_statistics(heap).region_bytes;
    (void)fixture_alloc(heap, 60);
    size_t growth = fixture_statistics(heap).region_bytes - region;
    assert_int_equal(store.shrink_calls, 2);
    (void)ebb_destroy(heap);
    return growth;
}

/* That the store is asked ever more rarely does not make growth soon that is not. */
static void test_growth_is_no_sooner_for_a_long_wait(void **state) {
    (void)state;
    size_t growth = growth_after(10);
    assert_true(growth > survey_block_for(60));
    assert_int_equal(growth, growth_after(30));
}

static void test_trim_asks_at_once(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        struct random random;
        random_seed(&random, 13);
        struct ebb_heap *heap = make_pinned(&policies[i]);
        churn(heap, &random, 5000);
        empty(heap);
        uint32_t calls = store.shrink_calls;
        size_t given_back = ebb_trim(heap);
        assert_int_equal(given_back, 0);
        assert_true(store.shrink_calls > calls);
        store.shrink_script.times = 0;
        given_back = ebb_trim(heap);
        assert_true(given_back >= 50000);
        (void)ebb_destroy(heap);
    }
}

/* A trim that is taken shows that the store no longer refuses: what is left of a long wait for that is void. */
static void test_trim_that_is_taken_ends_the_wait(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    (void)fixture_alloc(heap, 100);
    unsigned char *small = fixture_alloc(heap, 2000);
    store.shrink_script = (struct script){.answer = ANSWER_REFUSE, .times = SCRIPT_FOREVER};
    ebb_free(heap, fixture_alloc(heap, 30000));
    for (int refusals = 0; refusals < 16; refusals++) {
        (void)calls_until_asked(heap);
    }
    store.shrink_script.times = 0;
    size_t given_back = ebb_trim(heap);
    assert_true(given_back >= 30000);
    ebb_free(heap, small);
    uint32_t calls = calls_until_asked(heap);
    /* As a move costs, and not 2 to the 16th as much. */
    assert_in_range(calls, 1, 10);
    fixture_assert_sound(heap, &store);
    (void)ebb_destroy(heap);
}

/* Nor does it begin a new one: what is left is idle as it was, and has cost what it has cost. */
static void test_trim_that_is_taken_does_not_prolong_the_wait(void **state) {
    (void)state;
    struct ebb_heap *heap = make_pinned_with_a_hole();
    (void)calls_until_asked(heap);
    uint32_t wait = 2 * calls_until_asked(heap);
    uint32_t calls = calls_until_asked_at_most(heap, wait - 2);
    assert_int_equal(calls, wait - 2);
    store.shrink_script = (struct script){.answer = ANSWER_LESS, .detail = 25000, .times = SCRIPT_FOREVER};
    assert_int_equal(ebb_trim(heap), 25000);
    /* Half as much is idle, so what is left lasts twice as long; a wait of its own would last for 16 calls. */
    calls = calls_until_asked(heap);
    assert_in_range(calls, 1, 8);
    fixture_assert_sound(heap, &store);
    (void)ebb_destroy(heap);
}

/* A store that takes only part of what it is offered is offered the rest. */
static void test_partial_answers_are_progress(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        struct random random;
        random_seed(&random, 14);
        struct ebb_heap *heap = fixture_heap(&store, 0, &policies[i], &faults);
        store.shrink_script = (struct script){.answer = ANSWER_LESS, .detail = 2000, .times = SCRIPT_FOREVER};
        ebb_free(heap, fixture_alloc(heap, 50000));
        churn(heap, &random, 2000);
        assert_true(fixture_statistics(heap).region_bytes < MOST_IN_USE);
        empty(heap);
        fixture_assert_sound(heap, &store);
        (void)ebb_destroy(heap);
    }
}

/* A store that takes nothing would have taken less if it could: it is not asked for that. */
static void test_less_is_not_offered_after_a_refusal(void **state) {
    (void)state;
    enum { GRANULE = 1024 };
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY};
    for (size_t granules = 1; granules <= 4; granules++) {
        fixture_store(&store, 0);
        store.store.granule = GRANULE;
        struct ebb_heap *heap = fixture_heap_on(&store, &policy, &faults);
        (void)fixture_alloc(heap, 300);
        ebb_free(heap, fixture_alloc(heap, granules * GRANULE));
        assert_in_range(ebb_free_bytes(heap), granules * GRANULE, (granules + 1) * GRANULE - 1);
        store.shrink_script = (struct script){.answer = ANSWER_REFUSE, .times = SCRIPT_FOREVER};
        assert_int_equal(ebb_trim(heap), 0);
        assert_int_equal(store.shrink_calls, 1);
        assert_int_equal(store.last_shrink, granules * GRANULE);
        fixture_assert_sound(heap, &store);
        (void)ebb_destroy(heap);
    }
}

/*
 * As long as somebody else has what lies above the region, nothing is offered. That is no refusal: when they have left,
 * what is idle goes back as soon as ever.
 */
static void test_idle_memory_goes_back_soon_once_others_have_left(void **state) {
    (void)state;
    enum { CALLS = 20000, SOON = 100 };
    static const struct ebb_policy policy = {.maximum = 8000};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    fixture_alloc(heap, 500);
    unsigned char *block = fixture_alloc(heap, 1500);
    store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = 8000, .times = 1};
    assert_null(ebb_alloc(heap, 3000));
    ebb_free(heap, block);
    uint32_t asked = store.shrink_calls;
    for (uint32_t i = 0; i < CALLS; i++) {
        ebb_free(heap, fixture_alloc(heap, 1));
    }
    assert_int_equal(store.shrink_calls, asked);
    while (store.foreign_count > 0) {
        scripted_store_others_leave(&store);
    }
    ebb_free(heap, fixture_alloc(heap, 2500));
    for (uint32_t i = 0; i < SOON && store.shrink_calls == asked; i++) {
        ebb_free(heap, fixture_alloc(heap, 1));
    }
    assert_true(store.shrink_calls > asked);
    fixture_assert_sound(heap, &store);
}

/*
 * What came beyond a gap was of no use, and the store has it back. For the store, its end is above the gap by now: what
 * it took next would not be the heap's.
 */
static void test_trim_below_others_offers_nothing(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .maximum = 8000};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    unsigned char *block = fixture_alloc(heap, 1500);
    store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = 8000, .times = 1};
    assert_null(ebb_alloc(heap, 3000));
    assert_int_equal(store.end, store.piece);
    ebb_free(heap, block);
    uint32_t calls = scripted_store_calls(&store);
    size_t taken = ebb_trim(heap);
    assert_int_equal(taken, 0);
    assert_int_equal(scripted_store_calls(&store), calls);
    fixture_assert_sound(heap, &store);
    (void)ebb_destroy(heap);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusals_grow_rarer),
        cmocka_unit_test(test_each_refusal_doubles_the_wait),
        cmocka_unit_test(test_next_to_nothing_taken_is_a_refusal),
        cmocka_unit_test(test_refused_trims_do_not_make_the_wait_longer),
        cmocka_unit_test(test_wait_has_an_end_but_no_turn),
        cmocka_unit_test(test_refusals_of_a_few_bytes_count),
        cmocka_unit_test(test_recovers_when_taken_again),
        cmocka_unit_test(test_what_was_refused_goes_back_but_for_a_quantum),
        cmocka_unit_test(test_refusal_makes_no_regret_undone),
        cmocka_unit_test(test_refusal_is_nothing_to_regret),
        cmocka_unit_test(test_refusal_hides_no_regret),
        cmocka_unit_test(test_what_is_not_offered_is_not_refused),
        cmocka_unit_test(test_growth_is_no_sooner_for_a_long_wait),
        cmocka_unit_test(test_trim_asks_at_once),
        cmocka_unit_test(test_trim_that_is_taken_ends_the_wait),
        cmocka_unit_test(test_trim_that_is_taken_does_not_prolong_the_wait),
        cmocka_unit_test(test_partial_answers_are_progress),
        cmocka_unit_test(test_less_is_not_offered_after_a_refusal),
        cmocka_unit_test(test_idle_memory_goes_back_soon_once_others_have_left),
        cmocka_unit_test(test_trim_below_others_offers_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
