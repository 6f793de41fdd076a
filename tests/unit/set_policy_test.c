/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What the policy of a heap is, what a change of it does at once, and when it is refused. */
#include "support/heap_fixture.h"
#include "support/test.h"

#include <string.h>

static struct scripted_store store;
static struct fault_log faults;
static struct snapshot snapshot;

static bool same_policy(const struct ebb_policy *a, const struct ebb_policy *b) {
    return a->strategy == b->strategy && a->maximum == b->maximum && a->quantum == b->quantum &&
           a->return_above == b->return_above && a->move_price == b->move_price;
}

/* ---- Setting and getting ---- */

static void test_null_and_zero_are_the_default_policy(void **state) {
    (void)state;
    static const struct ebb_policy zero;
    struct ebb_policy by_null;
    struct ebb_policy by_zero;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    ebb_get_policy(heap, &by_null);
    fixture_end(heap, &store, &faults);
    heap = fixture_heap(&store, 0, &zero, &faults);
    ebb_get_policy(heap, &by_zero);
    assert_true(same_policy(&by_null, &by_zero) != 0);
    assert_int_equal(by_null.strategy, EBB_GROW_AND_RETURN);
    assert_int_equal(by_null.maximum, ebb_get_geometry().largest_region);
    assert_int_equal(by_null.quantum, 0);
    assert_int_equal(by_null.move_price, 26000);
    assert_int_equal(by_null.return_above, 0);
    fixture_end(heap, &store, &faults);
}

static void test_policy_in_force_can_be_set_again(void **state) {
    (void)state;
    static const struct ebb_policy policies[] = {
        {.strategy = EBB_GROW_AND_RETURN},
        {.strategy = EBB_GROW_AND_RETURN, .quantum = 256},
        {.strategy = EBB_GROW_AND_RETURN, .quantum = 256, .return_above = 1024, .maximum = 9000},
        {.strategy = EBB_GROW_AND_RETURN, .move_price = 5},
        {.strategy = EBB_GROW_ONLY, .maximum = 10001},
        {.strategy = EBB_FIXED, .maximum = 8192},
        {.strategy = EBB_FIXED, .maximum = 5001},
    };
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        struct ebb_heap *heap = fixture_heap(&store, 0, &policies[i], &faults);
        struct ebb_policy first;
        struct ebb_policy second;
        ebb_get_policy(heap, &first);
        bool accepted = ebb_set_policy(heap, &first);
        assert_true(accepted);
        ebb_get_policy(heap, &second);
        assert_true(same_policy(&first, &second) != 0);
        assert_int_equal(first.strategy, policies[i].strategy);
        assert_int_equal(first.quantum, policies[i].quantum);
        assert_int_equal(first.return_above,
                         policies[i].return_above > first.quantum ? policies[i].return_above : first.quantum);
        assert_true(policies[i].maximum == 0 || first.maximum <= policies[i].maximum);
        assert_true(policies[i].maximum == 0 || policies[i].maximum - first.maximum < ebb_get_geometry().granule);
        assert_true(policies[i].move_price == 0 || first.move_price == policies[i].move_price);
        fixture_end(heap, &store, &faults);
    }
}

static void test_policy_says_what_the_heap_made_of_it(void **state) {
    (void)state;
    struct ebb_geometry geometry = ebb_get_geometry();
    struct ebb_policy policy = {
        .maximum = SIZE_MAX, .quantum = 16 * geometry.granule + 1, .return_above = 1, .move_price = UINT32_MAX};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    ebb_get_policy(heap, &policy);
    assert_int_equal(policy.maximum, geometry.largest_region);
    assert_int_equal(policy.quantum, 17 * geometry.granule);
    assert_int_equal(policy.return_above, policy.quantum);
    assert_int_equal(policy.move_price, sizeof(size_t) > sizeof(uint32_t) ? UINT32_MAX : (1 << 26) - 1);
    fixture_end(heap, &store, &faults);
}

static void test_policy_is_copied(void **state) {
    (void)state;
    struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 512};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    memset(&policy, 0xff, sizeof policy);
    struct ebb_policy found;
    ebb_get_policy(heap, &found);
    assert_int_equal(found.strategy, EBB_GROW_ONLY);
    assert_int_equal(found.quantum, 512);
    fixture_end(heap, &store, &faults);
}

static void test_malformed_policy_changes_nothing(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    (void)fixture_alloc(heap, 300);
    assert_true(fixture_idle(heap) > 0);
    const struct ebb_policy malformed[] = {{.strategy = 3},
                                           {.strategy = UINT32_MAX},
                                           {.strategy = 7, .maximum = fixture_statistics(heap).region_bytes - 1}};
    snapshot_take(&snapshot, heap);
    for (size_t i = 0; i < COUNT_OF(malformed); i++) {
        uint32_t calls = scripted_store_calls(&store);
        bool accepted = ebb_set_policy(heap, &malformed[i]);
        assert_false(accepted);
        snapshot_assert_same(&snapshot, heap);
        assert_int_equal(scripted_store_calls(&store), calls);
    }
    fixture_end(heap, &store, &faults);
}

static void test_null_restores_the_default(void **state) {
    (void)state;
    struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 1024, .maximum = 20000, .move_price = 5};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    bool accepted = ebb_set_policy(heap, NULL);
    assert_true(accepted);
    ebb_get_policy(heap, &policy);
    assert_int_equal(policy.strategy, EBB_GROW_AND_RETURN);
    assert_int_equal(policy.quantum, 0);
    assert_int_equal(policy.move_price, 26000);
    (void)fixture_alloc(heap, 30000);
    fixture_end(heap, &store, &faults);
}

/* ---- Maximum ---- */

static void test_maximum_below_what_is_in_use_is_refused(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    (void)fixture_alloc(heap, 3000);
    (void)ebb_trim(heap);
    struct ebb_policy before;
    struct ebb_policy after;
    ebb_get_policy(heap, &before);
    for (uint32_t strategy = 0; strategy < 3; strategy++) {
        struct ebb_policy policy = {.strategy = strategy, .maximum = 2900};
        bool accepted = ebb_set_policy(heap, &policy);
        assert_false(accepted);
        ebb_get_policy(heap, &after);
        assert_true(same_policy(&before, &after) != 0);
        fixture_assert_sound(heap, &store);
    }
    (void)fixture_alloc(heap, 3000);
    fixture_end(heap, &store, &faults);
}

static void test_maximum_may_be_what_there_is(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    (void)fixture_alloc(heap, 3000);
    (void)ebb_trim(heap);
    size_t region = fixture_statistics(heap).region_bytes;
    struct ebb_policy policy = {.maximum = region};
    bool accepted = ebb_set_policy(heap, &policy);
    assert_true(accepted);
    policy.maximum = region - 1;
    accepted = ebb_set_policy(heap, &policy);
    assert_false(accepted);
    fixture_end(heap, &store, &faults);
}

/* A maximum amid a granule of the store, and all of it is had: then the end stays, though there is a better place. */
static void test_maximum_that_is_reached_moves_nothing(void **state) {
    (void)state;
    struct ebb_policy policy = {.strategy = EBB_FIXED, .maximum = 5000};
    fixture_store(&store, 0);
    store.store.granule = 512;
    struct ebb_heap *heap = ebb_create(&store.store, &policy);
    assert_non_null(heap);
    fault_log_attach(&faults, heap);
    uint32_t calls = scripted_store_calls(&store);
    for (uint32_t strategy = 0; strategy <= EBB_FIXED; strategy++) {
        policy.strategy = strategy;
        bool accepted = ebb_set_policy(heap, &policy);
        assert_true(accepted);
        assert_int_equal(scripted_store_calls(&store), calls);
    }
    fixture_end(heap, &store, &faults);
}

/* What is idle does not stand in the way of a maximum: it is given back. */
static void test_maximum_gives_back_what_is_idle_above_it(void **state) {
    (void)state;
    static const uint32_t strategies[] = {EBB_GROW_AND_RETURN, EBB_GROW_ONLY, EBB_FIXED};
    for (size_t i = 0; i < COUNT_OF(strategies); i++) {
        struct ebb_policy lazy = {.strategy = EBB_GROW_ONLY};
        struct ebb_heap *heap = fixture_heap(&store, 0, &lazy, &faults);
        ebb_free(heap, fixture_alloc(heap, 20000));
        assert_true(fixture_statistics(heap).region_bytes > 20000);
        struct ebb_policy policy = {.strategy = strategies[i], .maximum = 4096};
        bool accepted = ebb_set_policy(heap, &policy);
        assert_true(accepted);
        assert_int_equal(fixture_statistics(heap).region_bytes, 4096);
        assert_int_equal(store.end, 4096);
        fixture_end(heap, &store, &faults);
    }
}

/* What is idle lies below somebody else's memory: it cannot go back, and the store is not asked. */
static void test_maximum_below_somebody_else_is_refused(void **state) {
    (void)state;
    struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .maximum = 8000};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    ebb_free(heap, fixture_alloc(heap, 3000));
    store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = 8000, .times = 1};
    assert_null(ebb_alloc(heap, 6000));
    size_t region = fixture_statistics(heap).region_bytes;
    uint32_t asked = store.shrink_calls;
    policy.maximum = region - 1000;
    bool accepted = ebb_set_policy(heap, &policy);
    assert_false(accepted);
    assert_int_equal(store.shrink_calls, asked);
    assert_int_equal(fixture_statistics(heap).region_bytes, region);
    fixture_assert_sound(heap, &store);
    (void)ebb_destroy(heap);
}

/* The end goes to the highest place that the maximum and the store's granule allow, the end of the blocks included. */
static void test_maximum_moves_the_end_to_a_multiple_of_the_granule(void **state) {
    (void)state;
    enum { GRANULE = 1024 };
    static const struct ebb_policy grow_only = {.strategy = EBB_GROW_ONLY};
    for (size_t beyond = 0; beyond < GRANULE; beyond += GRANULE / 4) {
        fixture_store(&store, 0);
        store.store.granule = GRANULE;
        struct ebb_heap *heap = fixture_heap_on(&store, &grow_only, &faults);
        size_t used = fixture_statistics(heap).region_bytes - ebb_free_bytes(heap);
        (void)fixture_alloc(heap, (size_t)2 * GRANULE - used - ebb_get_geometry().header);
        ebb_free(heap, fixture_alloc(heap, (size_t)3 * GRANULE));
        struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .maximum = (size_t)4 * GRANULE + beyond};
        bool accepted = ebb_set_policy(heap, &policy);
        assert_true(accepted);
        assert_int_equal(fixture_statistics(heap).region_bytes, 4 * GRANULE);
        policy.maximum = (size_t)2 * GRANULE + beyond;
        accepted = ebb_set_policy(heap, &policy);
        assert_true(accepted);
        assert_int_equal(fixture_statistics(heap).region_bytes, 2 * GRANULE);
        assert_int_equal(ebb_free_bytes(heap), 0);
        fixture_end(heap, &store, &faults);
    }
}

/* The end is not moved below a block to please the store's granule, and a maximum between two multiples is kept. */
static void test_maximum_between_multiples_of_the_granule_is_kept(void **state) {
    (void)state;
    struct ebb_policy policy = {.strategy = EBB_FIXED};
    fixture_store(&store, 20000);
    store.store.granule = 512;
    struct ebb_heap *heap = fixture_heap_on(&store, &policy, &faults);
    assert_non_null(ebb_alloc(heap, 5000));
    policy = (struct ebb_policy){.maximum = 18900};
    bool accepted = ebb_set_policy(heap, &policy);
    assert_true(accepted);
    assert_int_equal(fixture_statistics(heap).region_bytes, 18900 / 512 * 512);
    (void)ebb_destroy(heap);
}

/* Below the maximum there is no place at all where the store likes the end: it goes to the maximum. */
static void test_maximum_below_the_first_multiple_of_the_granule_is_kept(void **state) {
    (void)state;
    static const struct ebb_policy grow_only = {.strategy = EBB_GROW_ONLY};
    scripted_store_init(&store, fixture_arena(), UNIT_ARENA_SIZE, 96);
    store.store.granule = 4096;
    struct ebb_heap *heap = fixture_heap_on(&store, &grow_only, &faults);
    ebb_free(heap, fixture_alloc(heap, 5000));
    struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .maximum = 2000};
    bool accepted = ebb_set_policy(heap, &policy);
    assert_true(accepted);
    assert_int_equal(fixture_statistics(heap).region_bytes, 2000);
    fixture_assert_sound(heap, &store);
    (void)ebb_destroy(heap);
}

/* Between the last block and the maximum there is no place where the store likes the end: it goes to the maximum. */
static void test_maximum_right_above_the_last_block_is_kept(void **state) {
    (void)state;
    struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 8192};
    fixture_store(&store, 20000);
    store.store.granule = 2048;
    struct ebb_heap *heap = fixture_heap_on(&store, &policy, &faults);
    assert_non_null(ebb_alloc(heap, 5000));
    size_t used = fixture_statistics(heap).region_bytes - fixture_idle(heap);
    policy.maximum = used + 16;
    assert_true(used / 2048 == policy.maximum / 2048);
    bool accepted = ebb_set_policy(heap, &policy);
    assert_true(accepted);
    assert_int_equal(fixture_statistics(heap).region_bytes, policy.maximum);
    fixture_assert_sound(heap, &store);
    (void)ebb_destroy(heap);
}

/*
 * Of a surplus that the store has kept, nothing is the heap's: if the maximum is raised, the next growth comes after
 * it.
 */
static bool is_met_beyond_a_surplus(size_t size, size_t more) {
    static const struct ebb_policy limited = {.strategy = EBB_GROW_ONLY, .maximum = 2000};
    static const struct ebb_policy unlimited = {.strategy = EBB_GROW_ONLY, .quantum = 256};
    struct ebb_heap *heap = fixture_heap(&store, 0, &limited, &faults);
    (void)fixture_alloc(heap, 100);
    store.grow_script = (struct script){.answer = ANSWER_MORE, .detail = 3000, .times = 1};
    store.shrink_script = (struct script){.answer = ANSWER_REFUSE, .times = 1};
    (void)fixture_alloc(heap, 1000);
    (void)fixture_fill(heap, 1, NULL, 0);
    assert_true(store.end > fixture_statistics(heap).region_bytes);
    assert_true(ebb_set_policy(heap, &unlimited));
    store.limit = store.end + survey_block_for(size) + more;
    store.all_or_nothing = true;
    bool is_met = ebb_alloc(heap, size) != NULL;
    fixture_assert_sound(heap, &store);
    (void)ebb_destroy(heap);
    return is_met;
}

/* What a request needs of the store beyond that, at most: two headers and a granule more. */
static void test_beyond_a_surplus_two_headers_and_a_granule_more_are_enough(void **state) {
    (void)state;
    struct ebb_geometry geometry = ebb_get_geometry();
    size_t more = (2 * geometry.header + 2 * geometry.granule - 1) / geometry.granule * geometry.granule;
    for (size_t size = 1; size < 500; size += 7) {
        assert_true(is_met_beyond_a_surplus(size, more));
    }
}

/* Calls of a store that takes nothing back, when a heap that has more is to have at most 5001 bytes. */
static uint32_t offers_in_vain(uint32_t strategy, size_t granule) {
    static const struct ebb_policy grow_only = {.strategy = EBB_GROW_ONLY};
    fixture_store(&store, 0);
    store.store.granule = granule;
    struct ebb_heap *heap = fixture_heap_on(&store, &grow_only, &faults);
    ebb_free(heap, fixture_alloc(heap, 8000));
    size_t region = fixture_statistics(heap).region_bytes;
    uint32_t calls = scripted_store_calls(&store);
    uint32_t offers = store.shrink_calls;
    store.shrink_script = (struct script){.answer = ANSWER_REFUSE, .times = SCRIPT_FOREVER};
    struct ebb_policy policy = {.strategy = strategy, .maximum = 5001};
    bool accepted = ebb_set_policy(heap, &policy);
    assert_false(accepted);
    assert_int_equal(fixture_statistics(heap).region_bytes, region);
    calls = scripted_store_calls(&store) - calls;
    assert_int_equal(store.shrink_calls - offers, calls);
    fixture_assert_sound(heap, &store);
    (void)ebb_destroy(heap);
    return calls;
}

/*
 * What lies above a maximum is offered once; for a heap that is to be fixed, up to the maximum first, and then up to
 * where the store likes the end, if it has such places. Nothing is asked for if it was all in vain.
 */
static void test_maximum_is_not_offered_for_twice_in_vain(void **state) {
    (void)state;
    assert_int_equal(offers_in_vain(EBB_GROW_AND_RETURN, 512), 1);
    assert_int_equal(offers_in_vain(EBB_GROW_ONLY, 512), 1);
    assert_int_equal(offers_in_vain(EBB_FIXED, 512), 2);
    assert_int_equal(offers_in_vain(EBB_FIXED, 2), 2);
    assert_int_equal(offers_in_vain(EBB_FIXED, 1), 1);
    assert_int_equal(offers_in_vain(EBB_FIXED, 0), 1);
}

/* ---- Fixed and back ---- */

static void test_becoming_fixed_takes_all(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 12345, NULL, &faults);
    struct ebb_policy policy = {.strategy = EBB_FIXED};
    bool accepted = ebb_set_policy(heap, &policy);
    assert_true(accepted);
    assert_int_equal(fixture_statistics(heap).region_bytes, 12345);
    fixture_end(heap, &store, &faults);
}

/* The region has more than that: nothing of it goes back that would have to come again, as the store may refuse it. */
static void test_becoming_fixed_keeps_what_it_needs(void **state) {
    (void)state;
    static const struct ebb_policy grow_only = {.strategy = EBB_GROW_ONLY};
    static const struct ebb_policy fixed = {.strategy = EBB_FIXED, .maximum = 5000};
    fixture_store(&store, 0);
    store.store.granule = 512;
    struct ebb_heap *heap = fixture_heap_on(&store, &grow_only, &faults);
    ebb_free(heap, fixture_alloc(heap, 8000));
    store.grow_script = (struct script){.answer = ANSWER_REFUSE, .times = SCRIPT_FOREVER};
    bool accepted = ebb_set_policy(heap, &fixed);
    assert_true(accepted);
    assert_int_equal(fixture_statistics(heap).region_bytes, 5000);
    fixture_end(heap, &store, &faults);
}

static void test_becoming_fixed_fails_without_the_maximum(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 6000, NULL, &faults);
    (void)fixture_alloc(heap, 100);
    assert_true(fixture_idle(heap) > 0);
    size_t region = fixture_statistics(heap).region_bytes;
    struct ebb_policy policy = {.strategy = EBB_FIXED, .maximum = 6001};
    uint32_t calls = scripted_store_calls(&store);
    bool accepted = ebb_set_policy(heap, &policy);
    assert_false(accepted);
    /* There is less than was asked for, then nothing; and what there was goes back. */
    assert_int_equal(scripted_store_calls(&store) - calls, 3);
    assert_int_equal(fixture_statistics(heap).region_bytes, region);
    ebb_get_policy(heap, &policy);
    assert_int_equal(policy.strategy, EBB_GROW_AND_RETURN);
    policy = (struct ebb_policy){.strategy = EBB_FIXED, .maximum = 6000};
    accepted = ebb_set_policy(heap, &policy);
    assert_true(accepted);
    fixture_end(heap, &store, &faults);
}

static void test_no_longer_fixed_moves_its_end_again(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_fixed_heap(&store, 30000, &faults);
    unsigned char *block = fixture_alloc(heap, 20000);
    bool accepted = ebb_set_policy(heap, NULL);
    assert_true(accepted);
    ebb_free(heap, block);
    (void)ebb_trim(heap);
    assert_int_equal(store.end, fixture_least_region());
    (void)fixture_alloc(heap, 25000);
    fixture_end(heap, &store, &faults);
}

/* ---- What is refused ---- */

/* A change to a fixed heap fails, and the store does not take back what it gave for it: the heap stays sound. */
static void test_refused_change_that_cannot_be_undone_keeps_what_came(void **state) {
    (void)state;
    struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .maximum = 4000, .quantum = 256};
    struct ebb_heap *heap = fixture_heap(&store, 20000, &policy, &faults);
    assert_non_null(ebb_alloc(heap, 100));
    store.shrink_script = (struct script){.answer = ANSWER_REFUSE, .times = SCRIPT_FOREVER};
    policy = (struct ebb_policy){.strategy = EBB_FIXED, .maximum = 30000};
    bool accepted = ebb_set_policy(heap, &policy);
    assert_false(accepted);
    fixture_assert_sound(heap, &store);
    ebb_get_policy(heap, &policy);
    assert_int_equal(policy.strategy, EBB_GROW_ONLY);
    assert_int_equal(policy.maximum, fixture_statistics(heap).region_bytes);
    (void)ebb_destroy(heap);
}

/* What came for a change that is refused goes back to the byte, wherever the store likes the end. */
static void test_refused_change_leaves_the_end_where_it_was(void **state) {
    (void)state;
    for (uint32_t strategy = 0; strategy <= EBB_FIXED; strategy++) {
        struct ebb_policy policy = {.strategy = strategy, .maximum = 5000, .quantum = 256};
        fixture_store(&store, 20000);
        store.store.granule = 4096;
        struct ebb_heap *heap = fixture_heap_on(&store, &policy, &faults);
        (void)fixture_fill(heap, 100, NULL, 0);
        assert_int_equal(fixture_statistics(heap).region_bytes, 5000);
        const struct ebb_policy refused = {.strategy = EBB_FIXED, .maximum = 30000};
        bool accepted = ebb_set_policy(heap, &refused);
        assert_false(accepted);
        assert_true(store.peak > 8192);
        assert_int_equal(fixture_statistics(heap).region_bytes, 5000);
        ebb_get_policy(heap, &policy);
        assert_int_equal(policy.maximum, 5000);
        fixture_end(heap, &store, &faults);
    }
}

/* A change that is refused leaves each number of the policy as it was. */
static void test_refused_change_leaves_the_policy(void **state) {
    (void)state;
    static const struct ebb_policy policies[] = {
        {.strategy = EBB_GROW_AND_RETURN, .maximum = 6000, .move_price = 777},
        {.strategy = EBB_GROW_AND_RETURN, .maximum = 6000, .quantum = 256, .return_above = 1024},
        {.strategy = EBB_GROW_ONLY, .maximum = 6000, .quantum = 512, .return_above = 512, .move_price = 3},
    };
    static const struct ebb_policy refused = {.strategy = EBB_FIXED, .maximum = 30000, .quantum = 64, .move_price = 9};
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        struct ebb_heap *heap = fixture_heap(&store, 20000, &policies[i], &faults);
        struct ebb_policy before;
        struct ebb_policy after;
        ebb_get_policy(heap, &before);
        bool accepted = ebb_set_policy(heap, &refused);
        assert_false(accepted);
        ebb_get_policy(heap, &after);
        assert_true(same_policy(&before, &after) != 0);
        fixture_end(heap, &store, &faults);
    }
}

/* What came for a change that is refused came beyond a gap: nothing below that is offered to the store. */
static void test_refused_change_offers_nothing_below_a_gap(void **state) {
    (void)state;
    static const struct ebb_policy refused = {.strategy = EBB_FIXED, .maximum = 30000};
    for (size_t gap = 1; gap < 1000; gap += 111) {
        struct ebb_heap *heap = fixture_heap(&store, 20000, NULL, &faults);
        (void)fixture_alloc(heap, 100);
        store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = gap, .times = 1};
        bool accepted = ebb_set_policy(heap, &refused);
        assert_false(accepted);
        assert_int_equal(store.foreign_count, 1);
        assert_int_equal(fixture_idle(heap), 0);
        assert_in_range(store.end, store.piece, store.piece + fixture_lost_above_gap() - 1);
        fixture_assert_sound(heap, &store);
        (void)ebb_destroy(heap);
    }
}

/* Of a fixed heap, the store took back too little for the change: what is left is what the heap keeps. */
static void test_refused_change_of_a_fixed_heap_keeps_what_is_left(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_fixed_heap(&store, 8000, &faults);
    (void)fixture_alloc(heap, 100);
    store.shrink_script = (struct script){.answer = ANSWER_LESS, .detail = 1000, .times = 1};
    struct ebb_policy policy = {.strategy = EBB_FIXED, .maximum = 4000};
    bool accepted = ebb_set_policy(heap, &policy);
    assert_false(accepted);
    ebb_get_policy(heap, &policy);
    assert_int_equal(policy.strategy, EBB_FIXED);
    assert_int_equal(policy.maximum, 7000);
    uint32_t calls = scripted_store_calls(&store);
    void *none = ebb_alloc(heap, 7200);
    assert_null(none);
    assert_int_equal(scripted_store_calls(&store), calls);
    fixture_end(heap, &store, &faults);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_null_and_zero_are_the_default_policy),
        cmocka_unit_test(test_policy_in_force_can_be_set_again),
        cmocka_unit_test(test_policy_says_what_the_heap_made_of_it),
        cmocka_unit_test(test_policy_is_copied),
        cmocka_unit_test(test_malformed_policy_changes_nothing),
        cmocka_unit_test(test_null_restores_the_default),
        cmocka_unit_test(test_maximum_below_what_is_in_use_is_refused),
        cmocka_unit_test(test_maximum_may_be_what_there_is),
        cmocka_unit_test(test_maximum_that_is_reached_moves_nothing),
        cmocka_unit_test(test_maximum_gives_back_what_is_idle_above_it),
        cmocka_unit_test(test_maximum_below_somebody_else_is_refused),
        cmocka_unit_test(test_maximum_moves_the_end_to_a_multiple_of_the_granule),
        cmocka_unit_test(test_maximum_between_multiples_of_the_granule_is_kept),
        cmocka_unit_test(test_maximum_below_the_first_multiple_of_the_granule_is_kept),
        cmocka_unit_test(test_maximum_right_above_the_last_block_is_kept),
        cmocka_unit_test(test_beyond_a_surplus_two_headers_and_a_granule_more_are_enough),
        cmocka_unit_test(test_maximum_is_not_offered_for_twice_in_vain),
        cmocka_unit_test(test_becoming_fixed_takes_all),
        cmocka_unit_test(test_becoming_fixed_keeps_what_it_needs),
        cmocka_unit_test(test_becoming_fixed_fails_without_the_maximum),
        cmocka_unit_test(test_no_longer_fixed_moves_its_end_again),
        cmocka_unit_test(test_refused_change_that_cannot_be_undone_keeps_what_came),
        cmocka_unit_test(test_refused_change_leaves_the_end_where_it_was),
        cmocka_unit_test(test_refused_change_leaves_the_policy),
        cmocka_unit_test(test_refused_change_offers_nothing_below_a_gap),
        cmocka_unit_test(test_refused_change_of_a_fixed_heap_keeps_what_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
