/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Where the numbers of the compact geometry end: requests, regions and gaps beyond what they can express. Needs more
 * memory than a board has.
 */
#include "support/heap_fixture.h"
#include "support/test.h"

#include <string.h>

enum { MEMORY = 3 * 1024 * 1024 };

static _Alignas(4096) unsigned char memory[MEMORY];
static struct scripted_store store;
static struct fault_log faults;

static struct ebb_heap *make_heap(const struct ebb_policy *policy) {
    scripted_store_init(&store, memory, MEMORY, 0);
    return fixture_heap_on(&store, policy, &faults);
}

static void assert_sound(const struct ebb_heap *heap) {
    fixture_assert_sound(heap, &store);
    struct survey survey;
    survey_take(&survey, heap);
    assert_true(survey.is_complete);
    assert_true(survey.is_orderly);
}

static void destroy(struct ebb_heap *heap) {
    (void)ebb_destroy(heap);
    bool intact = scripted_store_intact(&store);
    assert_true(intact);
}

static bool is_compact(void) {
    return ebb_get_geometry().largest_region < MEMORY;
}

/* For a test of where a region ends that is as large as can be. */
static void needs_compact(void) {
    if (!is_compact()) {
        print_message("the largest region exceeds the memory of this test; see wide_limits_test.c\n");
        skip();
    }
}

static void test_geometry_makes_sense(void **state) {
    (void)state;
    struct ebb_geometry geometry = ebb_get_geometry();
    assert_true(geometry.granule == 8 || geometry.granule == 16);
    /* At level 2, a seal as large as the rest comes to it. */
    assert_true(geometry.header <= (geometry.hardening == 2 ? geometry.granule : geometry.granule / 2));
    assert_int_equal(geometry.smallest_block % geometry.granule, 0);
    assert_true(geometry.smallest_block > geometry.header);
    assert_true(geometry.largest_request < geometry.largest_region);
    size_t least = fixture_least_region();
    assert_in_range(geometry.largest_region - geometry.largest_request, least, least + geometry.granule);
    assert_true(geometry.control_block < 512);
}

/* What docs/design.md says, where addresses reach as far. */
static void test_largest_region_is_as_documented(void **state) {
    (void)state;
    struct ebb_geometry geometry = ebb_get_geometry();
    size_t compact = (size_t)128 * 1024;
    size_t wide = sizeof(size_t) > sizeof(uint32_t) ? geometry.granule << 30 : SIZE_MAX / 2 + 1;
    assert_int_equal(geometry.largest_region + geometry.granule, is_compact() ? compact : wide);
}

/* Products beyond 32 bits are exact, too: the figures tell what was asked for. */
static void test_product_of_large_numbers_is_exact(void **state) {
    (void)state;
    size_t large = ((size_t)1 << (sizeof(size_t) > sizeof(uint32_t) ? 32 : 30)) + 5;
    if (large > ebb_get_geometry().largest_request) {
        print_message("no request has so many bytes in this geometry\n");
        skip();
    }
    struct ebb_heap *heap = make_heap(NULL);
    void *none = ebb_calloc(heap, 1, large);
    assert_null(none);
    assert_int_equal(fixture_statistics(heap).largest_request, large);
    destroy(heap);
}

static void test_largest_request_is_met_and_no_larger_one(void **state) {
    (void)state;
    size_t largest = ebb_get_geometry().largest_request;
    struct ebb_heap *heap = make_heap(NULL);
    void *none = ebb_alloc(heap, largest + 1);
    assert_null(none);
    if (largest < MEMORY / 2) {
        unsigned char *block = fixture_alloc(heap, largest);
        assert_true(ebb_usable_size(heap, block) >= largest);
        memset(block, 0x5a, largest);
        assert_sound(heap);
        none = ebb_realloc(heap, block, largest + 1);
        assert_null(none);
        unsigned char *same = ebb_realloc(heap, block, largest - 1);
        assert_ptr_equal(same, block);
        same = ebb_realloc(heap, block, largest);
        assert_ptr_equal(same, block);
        ebb_free_sized(heap, block, largest);
        assert_int_equal(fixture_statistics(heap).live_bytes, 0);
        void *aligned = ebb_aligned_alloc(heap, 4096, largest);
        assert_true(aligned == NULL || (uintptr_t)aligned % 4096 == 0);
        assert_sound(heap);
    }
    fault_log_expect_none(&faults);
    destroy(heap);
}

static void test_largest_alignment_is_an_alignment(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap(NULL);
    size_t alignment = 1;
    for (; alignment <= ebb_get_geometry().largest_request && alignment <= MEMORY / 16; alignment *= 2) {
        unsigned char *block = ebb_aligned_alloc(heap, alignment, 100);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % alignment, 0);
        memset(block, 0x5a, 100);
        ebb_free(heap, block);
        assert_sound(heap);
    }
    destroy(heap);
}

static void test_region_becomes_as_large_as_can_be(void **state) {
    (void)state;
    static const struct ebb_policy policies[] = {
        {.strategy = EBB_GROW_AND_RETURN}, {.strategy = EBB_GROW_ONLY, .quantum = 100000}, {.strategy = EBB_FIXED}};
    size_t largest = ebb_get_geometry().largest_region < MEMORY ? ebb_get_geometry().largest_region : MEMORY;
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        struct ebb_heap *heap = make_heap(&policies[i]);
        static unsigned char *blocks[4000];
        size_t count = 0;
        while (count < COUNT_OF(blocks) && (blocks[count] = ebb_alloc(heap, 1000)) != NULL) {
            memset(blocks[count], 0x5a, 1000);
            count++;
        }
        assert_int_equal(count, (largest - fixture_least_region()) / survey_block_for(1000));
        assert_true(store.end <= largest);
        assert_sound(heap);
        for (size_t j = 0; j < count; j++) {
            ebb_free(heap, blocks[j]);
        }
        assert_sound(heap);
        (void)ebb_trim(heap);
        assert_sound(heap);
        size_t left = ebb_destroy(heap);
        assert_int_equal(left, 0);
    }
}

/* Nearly all of a region as large as can be: merged piece by piece, upwards or downwards, and cut up again. */
static void merge_and_cut_nearly_all(bool upwards) {
    static unsigned char *blocks[64];
    struct ebb_policy policy = {.strategy = EBB_GROW_ONLY};
    struct ebb_heap *heap = make_heap(&policy);
    size_t size = is_compact() ? ebb_get_geometry().largest_region / 66 : MEMORY / 66;
    for (size_t i = 0; i < COUNT_OF(blocks); i++) {
        blocks[i] = fixture_alloc(heap, size);
    }
    for (size_t i = 0; i + 1 < COUNT_OF(blocks); i += 2) {
        ebb_free(heap, blocks[i]);
    }
    for (size_t i = 1; i + 1 < COUNT_OF(blocks); i += 2) {
        ebb_free(heap, blocks[upwards ? i : COUNT_OF(blocks) - 2 - i]);
        assert_sound(heap);
    }
    size_t held = store.end;
    for (size_t i = 0; i + 1 < COUNT_OF(blocks); i++) {
        blocks[i] = fixture_alloc(heap, size);
    }
    assert_int_equal(store.end, held);
    assert_sound(heap);
    fault_log_expect_none(&faults);
    destroy(heap);
}

static void test_nearly_all_of_the_largest_region_is_merged_and_cut(void **state) {
    (void)state;
    merge_and_cut_nearly_all(true);
    merge_and_cut_nearly_all(false);
}

/* The highest size class has had a block, and has none any more: what is looked for then is not found beyond it. */
static void test_nothing_is_found_beyond_the_highest_class(void **state) {
    (void)state;
    needs_compact();
    struct ebb_heap *heap = make_heap(NULL);
    size_t granule = ebb_get_geometry().granule;
    size_t largest = ebb_get_geometry().largest_region / 32 * 25;
    unsigned char *large = fixture_alloc(heap, largest);
    (void)fixture_alloc(heap, 1);
    ebb_free(heap, large);
    assert_ptr_equal(fixture_alloc(heap, largest), large);
    /* In each of the classes up to there, as classes are looked at in pairs. */
    unsigned char *last = large + largest;
    for (size_t size = granule; size <= 40 * granule; size += granule) {
        unsigned char *block = fixture_alloc(heap, size);
        assert_true(block > last);
        last = block;
        assert_sound(heap);
    }
    fault_log_expect_none(&faults);
    destroy(heap);
}

static void test_gap_is_reached_over_as_far_as_numbers_reach(void **state) {
    (void)state;
    static const size_t gaps[] = {100000, 131064, 131072, 131080, 140000, 262136, 262144, 300000, 400000};
    for (size_t i = 0; i < COUNT_OF(gaps); i++) {
        struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 512};
        struct ebb_heap *heap = make_heap(&policy);
        unsigned char *low = fixture_alloc(heap, 100);
        store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = gaps[i], .times = 1};
        unsigned char *high = ebb_alloc(heap, 3000);
        bool is_in_reach = gaps[i] + 4096 <= ebb_get_geometry().largest_region;
        assert_int_equal(high != NULL, is_in_reach);
        assert_true(!is_in_reach || high >= memory + store.foreign[0].to);
        assert_sound(heap);
        unsigned char *other = ebb_alloc(heap, 3000);
        assert_int_equal(other != NULL, is_in_reach);
        ebb_free(heap, high);
        ebb_free(heap, low);
        ebb_free(heap, other);
        (void)ebb_trim(heap);
        assert_sound(heap);
        fault_log_expect_none(&faults);
        destroy(heap);
    }
}

/* Memory that is too far away to be numbered is of no use; the heap goes on without it. */
static void test_memory_out_of_reach_is_left_alone(void **state) {
    (void)state;
    needs_compact();
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY};
    for (size_t short_of = 0; short_of < 5000; short_of = short_of * 2 + 8) {
        struct ebb_heap *heap = make_heap(&policy);
        unsigned char *low = fixture_alloc(heap, 1000);
        size_t gap = ebb_get_geometry().largest_region - store.end - short_of;
        store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = gap, .times = 1};
        struct ebb_statistics before = fixture_statistics(heap);
        unsigned char *high = ebb_alloc(heap, 6000);
        assert_null(high);
        assert_sound(heap);
        struct ebb_statistics after = fixture_statistics(heap);
        assert_true(after.region_bytes > before.region_bytes || after.grows == before.grows);
        ebb_free(heap, low);
        (void)fixture_alloc(heap, 900);
        assert_sound(heap);
        (void)ebb_trim(heap);
        assert_sound(heap);
        destroy(heap);
    }
}

/* The store gives more than can be numbered. */
static void test_more_than_the_largest_region_is_not_taken(void **state) {
    (void)state;
    needs_compact();
    struct ebb_heap *heap = make_heap(NULL);
    store.grow_script = (struct script){.answer = ANSWER_MORE, .detail = ebb_get_geometry().largest_region, .times = 1};
    (void)fixture_alloc(heap, 5000);
    assert_sound(heap);
    size_t count = 0;
    while (ebb_alloc(heap, 10000) != NULL) {
        count++;
    }
    size_t room = ebb_get_geometry().largest_region - fixture_least_region() - survey_block_for(5000);
    assert_int_equal(count, room / survey_block_for(10000));
    assert_sound(heap);
    destroy(heap);
}

/* Nothing of it could be used, and a store that gives so much need not take it back. */
static void test_fixed_heap_that_has_all_asks_for_no_more(void **state) {
    (void)state;
    needs_compact();
    struct ebb_heap *heap = make_heap(NULL);
    (void)fixture_alloc(heap, ebb_get_geometry().largest_request);
    uint32_t calls = scripted_store_calls(&store);
    static const struct ebb_policy policy = {.strategy = EBB_FIXED};
    bool done = ebb_set_policy(heap, &policy);
    assert_true(done);
    assert_int_equal(scripted_store_calls(&store), calls);
    assert_sound(heap);
    destroy(heap);
}

static void test_largest_block_at_the_end_grows_no_further(void **state) {
    (void)state;
    needs_compact();
    static const struct ebb_policy policy = {.strategy = EBB_FIXED};
    struct ebb_heap *heap = make_heap(&policy);
    unsigned char *block = fixture_alloc(heap, 1000);
    memset(block, 0x21, 1000);
    unsigned char *same = ebb_realloc(heap, block, ebb_get_geometry().largest_request);
    assert_ptr_equal(same, block);
    unsigned char *none = ebb_realloc(heap, block, ebb_get_geometry().largest_request + 1);
    assert_null(none);
    assert_int_equal(block[999], 0x21);
    assert_sound(heap);
    same = ebb_realloc(heap, block, 1);
    assert_ptr_equal(same, block);
    assert_sound(heap);
    ebb_free(heap, block);
    assert_sound(heap);
    destroy(heap);
}

/* As many bytes as the geometry and the memory allow, beside some blocks. */
static size_t much(void) {
    return is_compact() ? 110 * 1024 : MEMORY / 2;
}

/* A block of so many, and idle from now on. */
static size_t leave_much_idle(struct ebb_heap *heap) {
    ebb_free(heap, fixture_alloc(heap, much()));
    return fixture_idle(heap);
}

/* So many are idle, and no block ever had them. */
static size_t be_given_much(struct ebb_heap *heap) {
    store.grow_script = (struct script){.answer = ANSWER_MORE, .detail = much(), .times = 1};
    (void)fixture_alloc(heap, 1000);
    return fixture_idle(heap);
}

/* Frees that touch neither top nor the end, until the store is asked to take something, or `most`. */
static size_t calls_until_asked(struct ebb_heap *heap, unsigned char **hole, size_t most) {
    uint32_t asked = store.shrink_calls;
    size_t calls = 0;
    while (store.shrink_calls == asked && calls < most) {
        ebb_free(heap, *hole);
        *hole = ebb_alloc(heap, 100);
        calls++;
    }
    return calls;
}

/* The more is idle, the longer the policy waits; but no longer than for 128 KiB. */
static void test_patience_is_longer_the_more_is_idle_up_to_a_bound(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.move_price = 64 * 1000 * 1000};
    for (int was_used = 0; was_used < 2; was_used++) {
        struct ebb_heap *heap = make_heap(&policy);
        unsigned char *hole = ebb_alloc(heap, 100);
        (void)ebb_alloc(heap, 1);
        size_t idle = was_used ? leave_much_idle(heap) : be_given_much(heap);
        size_t counted = idle < 128 * 1024 ? idle : 128 * 1024;
        /* The wait that began when little was idle would come first. */
        bool accepted = ebb_set_policy(heap, &policy);
        assert_true(accepted);
        size_t expected = policy.move_price / idle + policy.move_price / 8192 * counted / idle;
        size_t calls = calls_until_asked(heap, &hole, 2 * expected);
        assert_in_range(calls, expected, expected + 2);
        destroy(heap);
    }
}

/* However many frees that merge to the left put off what is due: the next one that can do it does. */
static void test_what_was_put_off_for_long_is_done(void **state) {
    (void)state;
    struct ebb_policy policy = {.move_price = 64 * 1000 * 1000};
    static unsigned char *blocks[2000];
    /* In the compact geometry, more would leave too little room to be idle. */
    size_t count = is_compact() ? 300 : COUNT_OF(blocks);
    struct ebb_heap *heap = make_heap(&policy);
    unsigned char *hole = ebb_alloc(heap, 100);
    (void)ebb_alloc(heap, 1);
    for (size_t i = 0; i < count; i++) {
        blocks[i] = ebb_alloc(heap, 1);
    }
    (void)ebb_alloc(heap, 1);
    size_t idle = leave_much_idle(heap);
    /* So dear that nothing goes back at once. */
    policy.move_price = (uint32_t)(8 * idle);
    bool accepted = ebb_set_policy(heap, &policy);
    assert_true(accepted);
    for (size_t i = 0; i < count; i++) {
        ebb_free(heap, blocks[i]);
    }
    ebb_free(heap, hole);
    assert_true(fixture_idle(heap) < idle / 2);
    assert_sound(heap);
    destroy(heap);
}

/* However often a store refused, and however much is idle, the wait never turns into none. */
static void test_longest_wait_never_turns_into_none(void **state) {
    (void)state;
    /* Doubled again and again, it comes close to a power of two. */
    static const struct ebb_policy policy = {.move_price = (1 << 26) - 1};
    struct ebb_heap *heap = make_heap(&policy);
    unsigned char *hole = ebb_alloc(heap, 100);
    (void)ebb_alloc(heap, 1);
    store.shrink_script = (struct script){.answer = ANSWER_REFUSE, .times = SCRIPT_FOREVER};
    size_t idle = leave_much_idle(heap);
    for (size_t rounds = 0; rounds < 130; rounds++) {
        (void)calls_until_asked(heap, &hole, 1000);
    }
    /* What had begun before may still be short. */
    size_t counted = idle < 128 * 1024 ? idle : 128 * 1024;
    size_t without_refusals = policy.move_price / idle + policy.move_price / 8192 * counted / idle;
    size_t calls = 0;
    for (size_t waits = 0; waits < 3 && calls < without_refusals; waits++) {
        calls = calls_until_asked(heap, &hole, without_refusals);
    }
    assert_int_equal(calls, without_refusals);
    destroy(heap);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_geometry_makes_sense),
        cmocka_unit_test(test_largest_region_is_as_documented),
        cmocka_unit_test(test_product_of_large_numbers_is_exact),
        cmocka_unit_test(test_largest_request_is_met_and_no_larger_one),
        cmocka_unit_test(test_largest_alignment_is_an_alignment),
        cmocka_unit_test(test_region_becomes_as_large_as_can_be),
        cmocka_unit_test(test_nearly_all_of_the_largest_region_is_merged_and_cut),
        cmocka_unit_test(test_nothing_is_found_beyond_the_highest_class),
        cmocka_unit_test(test_gap_is_reached_over_as_far_as_numbers_reach),
        cmocka_unit_test(test_memory_out_of_reach_is_left_alone),
        cmocka_unit_test(test_more_than_the_largest_region_is_not_taken),
        cmocka_unit_test(test_fixed_heap_that_has_all_asks_for_no_more),
        cmocka_unit_test(test_largest_block_at_the_end_grows_no_further),
        cmocka_unit_test(test_patience_is_longer_the_more_is_idle_up_to_a_bound),
        cmocka_unit_test(test_what_was_put_off_for_long_is_done),
        cmocka_unit_test(test_longest_wait_never_turns_into_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
