/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The life of a heap: when ebb_create() fails and when it must not, and what ebb_destroy() leaves behind. */
#include "support/heap_fixture.h"
#include "support/test.h"

#include <ebb/buffer_store.h>

#include <string.h>

static const struct ebb_policy fixed = {.strategy = EBB_FIXED};

/* Of stores that give less or more than they were asked for, or somebody else's memory before it, too. */
static uint32_t most_calls(const struct ebb_policy *policy) {
    return policy != NULL && policy->strategy == EBB_FIXED ? 4 : 2;
}

static void assert_not_created(struct scripted_store *store, const struct ebb_policy *policy) {
    uint32_t calls = scripted_store_calls(store);
    struct ebb_heap *heap = ebb_create(&store->store, policy);
    assert_null(heap);
    assert_true(scripted_store_calls(store) - calls <= most_calls(policy));
    /* Whatever was given is given back, except below somebody else's memory. */
    assert_int_equal(store->end, store->piece);
    bool intact = scripted_store_intact(store);
    assert_true(intact);
}

static struct ebb_heap *assert_created(struct scripted_store *store, const struct ebb_policy *policy) {
    uint32_t calls = scripted_store_calls(store);
    struct ebb_heap *heap = ebb_create(&store->store, policy);
    assert_non_null(heap);
    assert_true(scripted_store_calls(store) - calls <= most_calls(policy));
    fixture_assert_sound(heap, store);
    return heap;
}

/* What lies before the handle, for alignment, is not of the region. */
static void assert_destroyed(struct ebb_heap *heap, struct scripted_store *store) {
    uint32_t calls = scripted_store_calls(store);
    size_t left = ebb_destroy(heap);
    assert_int_equal(left, 0);
    assert_int_equal(scripted_store_calls(store) - calls, 1);
    assert_true(store->end - store->start < ebb_get_geometry().granule);
    bool intact = scripted_store_intact(store);
    assert_true(intact);
}

static void test_a_new_heap_is_empty(void **state) {
    (void)state;
    struct scripted_store store;
    fixture_store(&store, 0);
    struct ebb_heap *heap = assert_created(&store, NULL);
    struct survey survey;
    survey_take(&survey, heap);
    assert_true(survey.is_complete);
    assert_true(survey.is_orderly);
    assert_int_equal(survey.used_blocks + survey.free_blocks + survey.gaps, 0);
    struct ebb_statistics statistics = fixture_statistics(heap);
    assert_int_equal(statistics.live_bytes, 0);
    assert_int_equal(statistics.peak_live_bytes, 0);
    assert_int_equal(statistics.region_bytes, store.end);
    assert_int_equal(statistics.peak_region_bytes, store.end);
    assert_int_equal(statistics.largest_request, 0);
    assert_int_equal(statistics.failed_requests, 0);
    assert_int_equal(statistics.grows, store.grown);
    assert_ptr_equal(heap, fixture_arena());
    assert_destroyed(heap, &store);
}

static void test_region_may_start_anywhere(void **state) {
    (void)state;
    size_t granule = ebb_get_geometry().granule;
    for (size_t start = 0; start <= 2 * granule + 1; start++) {
        struct scripted_store store;
        scripted_store_init(&store, fixture_arena(), UNIT_ARENA_SIZE, start);
        struct ebb_heap *heap = assert_created(&store, NULL);
        size_t skipped = (size_t)((unsigned char *)heap - fixture_arena()) - start;
        assert_true(skipped < granule);
        unsigned char *block = fixture_alloc(heap, 100);
        memset(block, 0xee, 100);
        assert_int_equal((uintptr_t)block % granule, 0);
        fixture_assert_sound(heap, &store);
        assert_destroyed(heap, &store);
    }
}

/* The control block and the header of an empty top are enough, and a byte less is not. */
static void test_control_block_and_header_of_top_are_enough(void **state) {
    (void)state;
    size_t least = fixture_least_region();
    for (size_t limit = 1; limit < least; limit++) {
        struct scripted_store store;
        fixture_store(&store, limit);
        assert_not_created(&store, NULL);
        fixture_store(&store, limit);
        assert_not_created(&store, &fixed);
    }
    struct scripted_store store;
    fixture_store(&store, least);
    struct ebb_heap *heap = assert_created(&store, NULL);
    void *block = ebb_alloc(heap, 1);
    assert_null(block);
    assert_destroyed(heap, &store);
    fixture_store(&store, least);
    assert_destroyed(assert_created(&store, &fixed), &store);
}

static void test_store_that_refuses_makes_no_heap(void **state) {
    (void)state;
    struct scripted_store store;
    fixture_store(&store, 0);
    store.grow_script = (struct script){.answer = ANSWER_REFUSE, .times = SCRIPT_FOREVER};
    assert_not_created(&store, NULL);
    assert_true(store.grow_calls > 0);
    fixture_store(&store, 0);
    store.grow_script = (struct script){.answer = ANSWER_REFUSE, .times = SCRIPT_FOREVER};
    assert_not_created(&store, &fixed);
}

static size_t held_at_zero;

static struct ebb_span give_at_zero(void *context, size_t size) {
    (void)context;
    struct ebb_span span = {.start = (void *)(uintptr_t)held_at_zero, .size = size};
    held_at_zero += size;
    return span;
}

static size_t take_at_zero(void *context, size_t size) {
    (void)context;
    held_at_zero -= size;
    return size;
}

/* Its handle would be NULL: so what is there goes back, and is not written to. */
static void test_memory_at_address_zero_makes_no_heap(void **state) {
    (void)state;
    static const struct ebb_store store = {.grow = give_at_zero, .shrink = take_at_zero};
    static const struct ebb_policy *const policies[] = {NULL, &fixed};
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        struct ebb_heap *heap = ebb_create(&store, policies[i]);
        assert_null(heap);
        assert_int_equal(held_at_zero, 0);
    }
    struct ebb_heap *heap = ebb_create_default(&store);
    assert_null(heap);
    assert_int_equal(held_at_zero, 0);
}

static void test_store_need_not_give_more_than_the_control_block(void **state) {
    (void)state;
    struct scripted_store store;
    fixture_store(&store, ebb_get_geometry().control_block + 64);
    store.all_or_nothing = true;
    assert_destroyed(assert_created(&store, NULL), &store);
}

static void test_malformed_store_makes_no_heap(void **state) {
    (void)state;
    static const size_t granules[] = {3, 6, 12, 4095, 4097, SIZE_MAX};
    struct scripted_store store;
    for (size_t i = 0; i < COUNT_OF(granules); i++) {
        fixture_store(&store, 0);
        store.store.granule = granules[i];
        assert_not_created(&store, NULL);
    }
    fixture_store(&store, 0);
    store.store.grow = NULL;
    assert_not_created(&store, NULL);
    assert_null(ebb_create(NULL, NULL));
}

static void test_absurd_granule_is_only_a_wish(void **state) {
    (void)state;
    static const size_t granules[] = {0, 1, 2, 8, 512, 4096, 65536, SIZE_MAX / 2 + 1};
    for (size_t i = 0; i < COUNT_OF(granules); i++) {
        struct scripted_store store;
        fixture_store(&store, 0);
        store.store.granule = granules[i];
        struct ebb_heap *heap = assert_created(&store, NULL);
        (void)fixture_alloc(heap, 1000);
        fixture_assert_sound(heap, &store);
        assert_destroyed(heap, &store);
    }
}

static void test_malformed_strategy_makes_no_heap(void **state) {
    (void)state;
    static const uint32_t strategies[] = {3, 4, 255, UINT32_MAX};
    for (size_t i = 0; i < COUNT_OF(strategies); i++) {
        struct scripted_store store;
        fixture_store(&store, 0);
        struct ebb_policy policy = {.strategy = strategies[i]};
        assert_not_created(&store, &policy);
    }
}

static void test_maximum_has_to_hold_control_block_and_one_block(void **state) {
    (void)state;
    size_t least = fixture_least_region() + ebb_get_geometry().smallest_block;
    for (uint32_t strategy = 0; strategy < 3; strategy++) {
        struct scripted_store store;
        for (size_t maximum = 1; maximum < least; maximum++) {
            fixture_store(&store, 0);
            struct ebb_policy policy = {.strategy = strategy, .maximum = maximum};
            assert_not_created(&store, &policy);
        }
        fixture_store(&store, 0);
        struct ebb_policy policy = {.strategy = strategy, .maximum = least};
        struct ebb_heap *heap = assert_created(&store, &policy);
        (void)fixture_alloc(heap, 1);
        void *second = ebb_alloc(heap, 1);
        assert_null(second);
        assert_int_equal(store.end, least);
        assert_destroyed(heap, &store);
    }
}

static void test_extreme_policies_are_policies(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 7, 4096, SIZE_MAX / 2, SIZE_MAX - 1, SIZE_MAX};
    static const uint32_t prices[] = {0, 1, UINT32_MAX};
    for (size_t i = 0; i < COUNT_OF(sizes) * COUNT_OF(sizes) * COUNT_OF(prices); i++) {
        struct ebb_policy policy = {
            .strategy = EBB_GROW_AND_RETURN,
            .maximum = SIZE_MAX,
            .quantum = sizes[i % COUNT_OF(sizes)],
            .return_above = sizes[i / COUNT_OF(sizes) % COUNT_OF(sizes)],
            .move_price = prices[i / COUNT_OF(sizes) / COUNT_OF(sizes)],
        };
        struct scripted_store store;
        fixture_store(&store, 20000);
        struct ebb_heap *heap = assert_created(&store, &policy);
        unsigned char *block = fixture_alloc(heap, 6000);
        (void)fixture_alloc(heap, 6000);
        /* As much asks only who is to have all there is. */
        assert_true(store.last_grow < ebb_get_geometry().largest_region);
        ebb_free(heap, block);
        fixture_assert_sound(heap, &store);
        assert_destroyed(heap, &store);
    }
}

static void test_fixed_takes_exactly_its_maximum(void **state) {
    (void)state;
    static const size_t maxima[] = {1024, 2048, 4096, 5001, 16384};
    for (size_t i = 0; i < COUNT_OF(maxima); i++) {
        struct ebb_policy policy = {.strategy = EBB_FIXED, .maximum = maxima[i]};
        struct scripted_store store;
        fixture_store(&store, maxima[i] - 1);
        assert_not_created(&store, &policy);
        fixture_store(&store, maxima[i]);
        struct ebb_heap *heap = assert_created(&store, &policy);
        assert_int_equal(fixture_statistics(heap).region_bytes, maxima[i]);
        assert_destroyed(heap, &store);
        fixture_store(&store, 0);
        heap = assert_created(&store, &policy);
        assert_int_equal(fixture_statistics(heap).region_bytes, maxima[i]);
        assert_destroyed(heap, &store);
    }
}

/* Of a heap that begins above the store's first byte, the bytes below it are given back as well. */
static void test_failed_creation_gives_back_what_alignment_took(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.strategy = EBB_FIXED, .maximum = 4000};
    for (size_t start = 1; start < ebb_get_geometry().granule; start++) {
        struct scripted_store store;
        scripted_store_init(&store, fixture_arena(), 3000, start);
        assert_not_created(&store, &policy);
        assert_int_equal(store.shrunk, 1);
    }
}

static void test_fixed_without_maximum_takes_all(void **state) {
    (void)state;
    static const size_t limits[] = {1024, 4096, 5001, 16384, 65536};
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        struct scripted_store store;
        fixture_store(&store, limits[i]);
        struct ebb_heap *heap = assert_created(&store, &fixed);
        assert_int_equal(store.last_grow, ebb_get_geometry().largest_region);
        assert_int_equal(fixture_statistics(heap).region_bytes, limits[i]);
        uint32_t calls = scripted_store_calls(&store);
        (void)fixture_fill(heap, 100, NULL, 0);
        assert_int_equal(scripted_store_calls(&store), calls);
        assert_destroyed(heap, &store);
    }
}

/* What comes first has to hold the control block: a piece of it goes back. */
static void test_control_block_is_not_taken_in_pieces(void **state) {
    (void)state;
    size_t control = ebb_get_geometry().control_block;
    for (size_t piece = 1; piece < control; piece++) {
        struct scripted_store store;
        fixture_store(&store, 0);
        store.grow_script = (struct script){.answer = ANSWER_LESS, .detail = piece, .times = 1};
        assert_not_created(&store, NULL);
        assert_int_equal(store.grow_calls, 1);
    }
}

static void test_crumbs_make_no_heap(void **state) {
    (void)state;
    struct ebb_policy reserved = {.strategy = EBB_FIXED, .maximum = 1024};
    struct scripted_store store;
    for (size_t crumb = 1; crumb < 8; crumb++) {
        fixture_store(&store, 0);
        store.grow_script = (struct script){.answer = ANSWER_LESS, .detail = crumb, .times = SCRIPT_FOREVER};
        assert_not_created(&store, NULL);
        fixture_store(&store, 0);
        store.grow_script = (struct script){.answer = ANSWER_LESS, .detail = crumb, .times = SCRIPT_FOREVER};
        assert_not_created(&store, &reserved);
    }
}

/* A reservation that comes in two pieces, somebody else's memory between them, is one all the same. */
static void test_fixed_reaches_over_somebody_else(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.strategy = EBB_FIXED, .maximum = 4000};
    struct scripted_store store;
    fixture_store(&store, 0);
    store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = 24, .times = 1, .skip = 1};
    struct ebb_heap *heap = assert_created(&store, &policy);
    assert_int_equal(store.foreign_count, 1);
    assert_int_equal(fixture_statistics(heap).region_bytes, 4000);
    (void)fixture_fill(heap, 100, NULL, 0);
    fixture_assert_sound(heap, &store);
    ebb_destroy(heap);
    bool intact = scripted_store_intact(&store);
    assert_true(intact);
}

/* Of one that fails, the lower piece cannot go back, and some bytes above the gap are its header. */
static void test_failed_creation_gives_back_what_is_above_somebody_else(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.strategy = EBB_FIXED, .maximum = 4000};
    struct scripted_store store;
    fixture_store(&store, 2000);
    store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = 24, .times = 1, .skip = 1};
    struct ebb_heap *heap = ebb_create(&store.store, &policy);
    assert_null(heap);
    assert_int_equal(store.foreign_count, 1);
    assert_true(store.end - store.piece < fixture_lost_above_gap());
    bool intact = scripted_store_intact(&store);
    assert_true(intact);
}

/* What is too little to reach over somebody else's memory goes back, and nothing below is offered to the store. */
static void test_failed_creation_offers_nothing_below_somebody_else(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.strategy = EBB_FIXED, .maximum = 4000};
    for (size_t crumb = 1; crumb < ebb_get_geometry().header; crumb++) {
        struct scripted_store store;
        fixture_store(&store, fixture_least_region() + ebb_get_geometry().granule - 1 + 24 + crumb);
        store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = 24, .times = 1, .skip = 1};
        assert_not_created(&store, &policy);
        assert_int_equal(store.foreign_count, 1);
    }
}

/* Whether 4000 bytes are reserved although somebody else has those up to `end`, but for the first few. */
static bool is_reserved_with_gap_up_to(size_t end) {
    static const struct ebb_policy policy = {.strategy = EBB_FIXED, .maximum = 4000};
    struct scripted_store store;
    fixture_store(&store, 0);
    size_t first = fixture_least_region() + ebb_get_geometry().granule - 1;
    store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = end - first, .times = 1, .skip = 1};
    struct ebb_heap *heap = ebb_create(&store.store, &policy);
    assert_int_equal(store.foreign_count, 1);
    /* What is of no use goes back, and so does what lies beyond the maximum. */
    assert_int_equal(store.end, heap != NULL ? policy.maximum : end);
    bool intact = scripted_store_intact(&store);
    assert_true(intact);
    return heap != NULL;
}

static void test_reservation_fails_if_a_gap_leaves_too_little_of_it(void **state) {
    (void)state;
    size_t headers = 2 * ebb_get_geometry().header;
    for (size_t end = 4000 - 2 * headers; end < 4000 + 2 * headers; end++) {
        assert_int_equal(is_reserved_with_gap_up_to(end), end <= 4000 - headers);
    }
}

static void test_more_than_asked_for_is_kept(void **state) {
    (void)state;
    static const size_t extras[] = {1, 3, 8, 100, 1001, 5000};
    for (size_t i = 0; i < COUNT_OF(extras); i++) {
        struct scripted_store store;
        fixture_store(&store, 0);
        store.grow_script = (struct script){.answer = ANSWER_MORE, .detail = extras[i], .times = 1};
        struct ebb_heap *heap = assert_created(&store, NULL);
        assert_int_equal(fixture_statistics(heap).region_bytes, store.end);
        assert_true(store.end >= ebb_get_geometry().control_block + extras[i]);
        assert_destroyed(heap, &store);
    }
}

/* Ends a heap on a store that answers so, and takes so many bytes of the region, or all if that is more. */
static void assert_taken_at_the_end(enum answer answer, size_t detail, size_t taken) {
    struct scripted_store store;
    fixture_store(&store, 0);
    store.shrink_script = (struct script){.answer = answer, .detail = detail, .times = SCRIPT_FOREVER};
    struct ebb_heap *heap = assert_created(&store, NULL);
    (void)fixture_alloc(heap, 500);
    size_t region = store.end;
    size_t left = ebb_destroy(heap);
    assert_int_equal(left, store.end);
    assert_int_equal(region - left, taken < region ? taken : region);
}

static void test_destroy_returns_what_the_store_leaves(void **state) {
    (void)state;
    assert_taken_at_the_end(ANSWER_REFUSE, 0, 0);
    assert_taken_at_the_end(ANSWER_LESS, 77, 77);
    /* More than it was offered is a lie, and means all. */
    assert_taken_at_the_end(ANSWER_LIE, 77, SIZE_MAX);
}

/* Nothing of ours lies above a gap that could not be reached over: to offer anything would be to offer theirs. */
static void test_destroy_below_somebody_else_offers_nothing(void **state) {
    (void)state;
    struct scripted_store store;
    fixture_store(&store, 0);
    struct ebb_heap *heap = assert_created(&store, NULL);
    store.limit = store.end + 24 + 1;
    store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = 24, .times = 1};
    void *none = ebb_alloc(heap, 1000);
    assert_null(none);
    assert_int_equal(store.foreign_count, 1);
    size_t region = fixture_statistics(heap).region_bytes;
    uint32_t calls = scripted_store_calls(&store);
    size_t left = ebb_destroy(heap);
    assert_int_equal(left, region);
    assert_int_equal(scripted_store_calls(&store), calls);
    bool intact = scripted_store_intact(&store);
    assert_true(intact);
}

static void test_destroy_without_shrink_leaves_all(void **state) {
    (void)state;
    struct scripted_store store;
    fixture_store(&store, 3000);
    store.store.shrink = NULL;
    struct ebb_heap *heap = assert_created(&store, NULL);
    (void)fixture_fill(heap, 50, NULL, 0);
    size_t left = ebb_destroy(heap);
    assert_int_equal(left, 3000);
}

static void test_failed_creation_needs_no_shrink(void **state) {
    (void)state;
    struct scripted_store store;
    fixture_store(&store, ebb_get_geometry().control_block - 1);
    store.store.shrink = NULL;
    struct ebb_heap *heap = ebb_create(&store.store, NULL);
    assert_null(heap);
}

/* A heap is bytes of its region only: where one was, another can be. */
static void test_heap_fits_where_one_was(void **state) {
    (void)state;
    struct scripted_store store;
    fixture_store(&store, 4096);
    size_t first_count = 0;
    for (int round = 0; round < 3; round++) {
        struct ebb_heap *heap = assert_created(&store, NULL);
        size_t count = fixture_fill(heap, 24, NULL, 0);
        first_count = round == 0 ? count : first_count;
        assert_int_equal(count, first_count);
        assert_destroyed(heap, &store);
    }
}

/* What a call leaves of a buffer: all bytes of the heap, and where the store ends. */
struct outcome {
    size_t offset; /* of the heap; SIZE_MAX: there is none */
    size_t used;
    unsigned char bytes[1024];
};

static void create_in_buffer(struct outcome *outcome, size_t start, size_t size, bool by_default) {
    static _Alignas(16) unsigned char buffer[1024];
    /* Its address is in the heap. */
    static struct ebb_buffer_store store;
    memset(buffer, 0, sizeof buffer);
    ebb_buffer_store_init(&store, buffer + start, size);
    struct ebb_heap *heap = by_default ? ebb_create_default(&store.store) : ebb_create(&store.store, NULL);
    outcome->offset = heap == NULL ? SIZE_MAX : (size_t)((unsigned char *)heap - buffer);
    outcome->used = store.used;
    memcpy(outcome->bytes, buffer, sizeof buffer);
}

static void test_by_default_a_heap_is_as_without_a_policy(void **state) {
    (void)state;
    for (size_t start = 0; start < 16; start++) {
        for (size_t size = 0; size <= 1024 - start; size++) {
            static struct outcome one;
            static struct outcome other;
            create_in_buffer(&one, start, size, false);
            create_in_buffer(&other, start, size, true);
            assert_int_equal(one.offset, other.offset);
            assert_int_equal(one.used, other.used);
            assert_memory_equal(one.bytes, other.bytes, sizeof one.bytes);
        }
    }
}

static void test_by_default_a_malformed_store_is_refused_too(void **state) {
    (void)state;
    struct scripted_store store;
    fixture_store(&store, 0);
    assert_null(ebb_create_default(NULL));
    struct ebb_store malformed = store.store;
    malformed.grow = NULL;
    assert_null(ebb_create_default(&malformed));
    malformed = store.store;
    malformed.granule = 24;
    assert_null(ebb_create_default(&malformed));
    assert_int_equal(scripted_store_calls(&store), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_heap_is_empty),
        cmocka_unit_test(test_by_default_a_heap_is_as_without_a_policy),
        cmocka_unit_test(test_by_default_a_malformed_store_is_refused_too),
        cmocka_unit_test(test_region_may_start_anywhere),
        cmocka_unit_test(test_control_block_and_header_of_top_are_enough),
        cmocka_unit_test(test_store_that_refuses_makes_no_heap),
        cmocka_unit_test(test_memory_at_address_zero_makes_no_heap),
        cmocka_unit_test(test_store_need_not_give_more_than_the_control_block),
        cmocka_unit_test(test_malformed_store_makes_no_heap),
        cmocka_unit_test(test_absurd_granule_is_only_a_wish),
        cmocka_unit_test(test_malformed_strategy_makes_no_heap),
        cmocka_unit_test(test_maximum_has_to_hold_control_block_and_one_block),
        cmocka_unit_test(test_extreme_policies_are_policies),
        cmocka_unit_test(test_fixed_takes_exactly_its_maximum),
        cmocka_unit_test(test_failed_creation_gives_back_what_alignment_took),
        cmocka_unit_test(test_fixed_without_maximum_takes_all),
        cmocka_unit_test(test_control_block_is_not_taken_in_pieces),
        cmocka_unit_test(test_crumbs_make_no_heap),
        cmocka_unit_test(test_fixed_reaches_over_somebody_else),
        cmocka_unit_test(test_failed_creation_gives_back_what_is_above_somebody_else),
        cmocka_unit_test(test_failed_creation_offers_nothing_below_somebody_else),
        cmocka_unit_test(test_reservation_fails_if_a_gap_leaves_too_little_of_it),
        cmocka_unit_test(test_more_than_asked_for_is_kept),
        cmocka_unit_test(test_destroy_returns_what_the_store_leaves),
        cmocka_unit_test(test_destroy_below_somebody_else_offers_nothing),
        cmocka_unit_test(test_destroy_without_shrink_leaves_all),
        cmocka_unit_test(test_failed_creation_needs_no_shrink),
        cmocka_unit_test(test_heap_fits_where_one_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
