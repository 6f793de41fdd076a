/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Somebody else moves the end of the region: what they have becomes a gap, and the heap goes on above it. */
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

/* Before the next growth, somebody else takes so many bytes from the end on. */
static void others_take(size_t bytes) {
    store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = bytes, .times = 1};
}

/* The heap has one block, of so many bytes, and nothing idle; what comes next comes above `gap` bytes of others. */
static void start_below_others(const struct ebb_policy *policy, size_t size, size_t gap) {
    start(policy);
    model_must_alloc(&model, 0, size);
    (void)model_trim(&model);
    others_take(gap);
}

/* The store's limit is off, and the heap ends. */
static void finish_without_limit(void) {
    store.limit = UNIT_ARENA_SIZE;
    model_free_all(&model);
    model_finish(&model);
}

static void test_memory_above_a_gap_is_used(void **state) {
    (void)state;
    for (size_t gap = 1; gap < 70; gap += 3) {
        start(&grow_only);
        model_must_alloc(&model, 0, 100);
        others_take(gap);
        model_must_alloc(&model, 1, 3000);
        assert_true(store.foreign_count == 1);
        assert_true(model.blocks[1].address >= store.arena + store.foreign[0].to);
        model_must_alloc(&model, 2, 500);
        model_free(&model, 1);
        model_free(&model, 0);
        model_must_alloc(&model, 0, 100);
        model_must_alloc(&model, 1, 2500);
        model_free_all(&model);
        (void)model_trim(&model);
        model_finish(&model);
    }
}

static void test_walk_shows_a_gap(void **state) {
    (void)state;
    start(&grow_only);
    model_must_alloc(&model, 0, 100);
    others_take(1000);
    model_must_alloc(&model, 1, 3000);
    assert_true(model.survey.gaps >= 1);
    assert_true(model.survey.gap_bytes >= 1000);
    /* Its two headers, and what the granule takes at both ends. */
    assert_true(model.survey.gap_bytes < 1000 + 2 * (ebb_get_geometry().header + ebb_get_geometry().granule));
    model_free_all(&model);
    model_finish(&model);
}

static void test_idle_end_below_a_gap_is_not_lost(void **state) {
    (void)state;
    start(&grow_only);
    model_must_alloc(&model, 0, 100);
    size_t idle = model.survey.top_bytes;
    others_take(128);
    model_must_alloc(&model, 1, 3000);
    assert_true(idle >= 64);
    uint32_t calls = store.grow_calls;
    model_must_alloc(&model, 2, idle - 48);
    assert_true(model.blocks[2].address < store.arena + store.foreign[0].from);
    assert_int_equal(store.grow_calls, calls);
    model_finish(&model);
}

static void test_memory_above_many_gaps_is_used(void **state) {
    (void)state;
    start(&grow_only);
    for (size_t slot = 0; slot < 40; slot++) {
        others_take(1 + slot * 7);
        (void)model_alloc(&model, slot, 300);
    }
    assert_int_equal(store.foreign_count, 40);
    assert_int_equal(model.survey.gaps, 40);
    model_free_all(&model);
    size_t slot = 0;
    while (slot < 40 && model_alloc(&model, slot, 100)) {
        slot++;
    }
    model_free_all(&model);
    (void)model_trim(&model);
    model_finish(&model);
}

/* So little is given above the gap that not even a block's header fits: it is asked for more, but once. */
static void test_crumbs_above_a_gap_are_no_end(void **state) {
    (void)state;
    for (size_t crumb = 1; crumb < 48; crumb++) {
        start_below_others(&grow_only, 100, 40);
        store.limit = store.end + 40 + crumb;
        uint32_t calls = store.grow_calls;
        (void)model_alloc(&model, 1, 200);
        assert_int_equal(store.grow_calls - calls, 2);
        store.limit = UNIT_ARENA_SIZE;
        model_must_alloc(&model, 2, 1000);
        model_free_all(&model);
        model_must_alloc(&model, 3, 2000);
        (void)model_trim(&model);
        model_finish(&model);
    }
}

/* What a heap asks for by small quanta is too little for the headers of a gap: it has to ask for more, not to fail. */
static void test_small_quanta_get_over_a_gap(void **state) {
    (void)state;
    struct ebb_policy by_granule = {.strategy = EBB_GROW_ONLY, .quantum = ebb_get_geometry().granule};
    for (size_t gap = 1; gap < 64; gap++) {
        start(&by_granule);
        model_must_alloc(&model, 0, 1);
        others_take(gap);
        for (size_t slot = 1; slot < 20; slot++) {
            model_must_alloc(&model, slot, 1);
        }
        assert_int_equal(store.foreign_count, 1);
        model_free_all(&model);
        model_finish(&model);
    }
}

/* And no more than a few granules, where the store has just what is needed. */
static void test_what_a_gap_needs_is_little(void **state) {
    (void)state;
    size_t granule = ebb_get_geometry().granule;
    struct ebb_policy by_granule = {.strategy = EBB_GROW_ONLY, .quantum = granule};
    for (size_t gap = 1; gap < 64; gap += 3) {
        start_below_others(&by_granule, 1, gap);
        store.limit = store.end + gap + survey_block_for(1) + 5 * granule;
        store.all_or_nothing = true;
        model_must_alloc(&model, 1, 1);
        assert_int_equal(store.foreign_count, 1);
        finish_without_limit();
    }
}

/* Where the store has a granule more than is needed, and refuses more, a request fails once: until the gap is known. */
static void test_what_a_gap_needs_is_asked_for_to_the_granule(void **state) {
    (void)state;
    struct ebb_geometry geometry = ebb_get_geometry();
    for (size_t gap = 1; gap < 4 * geometry.granule; gap++) {
        start_below_others(&grow_only, 1, gap);
        size_t above = store.end + gap + 2 * geometry.header + geometry.granule - 1;
        store.limit = (above / geometry.granule + 1) * geometry.granule + survey_block_for(1);
        store.all_or_nothing = true;
        model_must_fail(&model, 1, 1);
        model_must_alloc(&model, 1, 1);
        finish_without_limit();
    }
}

/* Two headers above a gap are enough: whatever comes next is then for blocks alone. */
static void test_two_headers_get_over_a_gap(void **state) {
    (void)state;
    struct ebb_geometry geometry = ebb_get_geometry();
    size_t headers = (2 * geometry.header + geometry.granule - 1) / geometry.granule * geometry.granule;
    for (size_t gap = geometry.granule; gap < 100; gap += geometry.granule) {
        start_below_others(&grow_only, 100, gap);
        store.limit = store.end + gap + headers;
        model_must_fail(&model, 1, 1000);
        assert_int_equal(model.survey.gaps, 1);
        store.limit = store.end + survey_block_for(1000);
        store.all_or_nothing = true;
        model_must_alloc(&model, 1, 1000);
        finish_without_limit();
    }
}

/* Others take the memory above the region at both growths of a request for `size` bytes, which fails; then they go. */
static void others_come_and_leave(size_t size) {
    store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = 4000, .times = 2};
    model_must_fail(&model, 1, size);
    while (store.foreign_count > 0) {
        scripted_store_others_leave(&store);
    }
}

/* Who had the memory above the region has left it: what is missing there is little again. */
static void test_gap_that_is_none_any_more_is_forgotten(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 256, .maximum = 4096};
    start(&policy);
    model_must_alloc(&model, 0, 1);
    others_come_and_leave(1000);
    size_t granule = ebb_get_geometry().granule;
    store.limit = store.end + granule;
    store.all_or_nothing = true;
    model_must_alloc(&model, 1, ebb_free_bytes(model.heap) / granule * granule + granule - ebb_get_geometry().header);
    store.limit = UNIT_ARENA_SIZE;
    model_finish(&model);
}

/* The same where a gap's headers would be too much for the maximum: what is missing without them is asked for still. */
static void test_gap_that_is_none_any_more_takes_nothing_of_the_maximum(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 4096, .maximum = 4096};
    start(&policy);
    store.grow_script = (struct script){.answer = ANSWER_LESS, .detail = 400, .times = 1};
    model_must_alloc(&model, 0, 1);
    others_come_and_leave(3000);
    store.grow_script = (struct script){.answer = ANSWER_REFUSE, .times = 1};
    size_t granule = ebb_get_geometry().granule;
    size_t room = policy.maximum - store.end;
    model_must_alloc(&model, 1, room / granule * granule - ebb_get_geometry().header);
    model_finish(&model);
}

/* All above the gap is given back; the next growth may be anywhere. */
static void test_region_shrinks_to_a_gap_and_grows_again(void **state) {
    (void)state;
    for (int twice = 0; twice < 2; twice++) {
        start(&grow_only);
        model_must_alloc(&model, 0, 100);
        others_take(200);
        model_must_alloc(&model, 1, 3000);
        model_free(&model, 1);
        (void)model_trim(&model);
        assert_true(store.end - store.piece < fixture_lost_above_gap());
        if (twice) {
            others_take(333);
        }
        model_must_alloc(&model, 1, 3000);
        model_free_all(&model);
        model_finish(&model);
    }
}

static void test_realloc_across_a_gap_moves(void **state) {
    (void)state;
    start_below_others(&grow_only, 100, 64);
    bool met = model_realloc(&model, 0, 2000);
    assert_true(met);
    assert_true(model.blocks[0].address >= store.arena + store.foreign[0].to);
    model_finish(&model);
}

/* A free block to the left and what is idle at the end would do, but while the heap asks for more, a gap opens. */
static void test_realloc_between_free_and_gap_keeps_the_content(void **state) {
    (void)state;
    struct ebb_geometry geometry = ebb_get_geometry();
    struct ebb_policy by_granule = {.strategy = EBB_GROW_ONLY, .quantum = geometry.granule};
    for (size_t gap = geometry.granule; gap < 100; gap += geometry.granule) {
        start(&by_granule);
        model_must_alloc(&model, 0, 1);
        model_must_alloc(&model, 1, 1);
        model_free(&model, 0);
        store.grow_script = (struct script){
            .answer = ANSWER_REFUSE, .times = 1, .skip = 1, .earlier = ANSWER_HIGHER, .earlier_detail = gap};
        (void)model_realloc(&model, 1, 2 * geometry.smallest_block - geometry.header + 1);
        model_verify_payloads(&model);
        model_free_all(&model);
        model_finish(&model);
    }
}

/* Wherever that puts top, and however much is needed there to come to an aligned place. */
static void test_aligned_request_is_met_above_a_gap(void **state) {
    (void)state;
    for (size_t gap = 1; gap < 1100; gap += 24) {
        start_below_others(&grow_only, 100, gap);
        for (size_t slot = 1; slot < 3; slot++) {
            bool met = model_aligned_alloc(&model, slot, 512, 100);
            assert_true(met);
        }
        model_free_all(&model);
        model_finish(&model);
    }
}

enum { ALIGNMENT = 512 };

static struct ebb_span (*plain_grow)(void *context, size_t size);
static size_t places;

/* At every other call, somebody else has moved the end to where a granule more comes before an aligned place. */
static struct ebb_span grow_at_ever_worse_places(void *context, size_t size) {
    struct ebb_geometry geometry = ebb_get_geometry();
    bool is_moved = store.grow_script.answer == ANSWER_HONEST;
    places += is_moved;
    size_t before = geometry.smallest_block + places * geometry.granule;
    uintptr_t lowest_top = (uintptr_t)store.arena + store.end + 2 * geometry.header;
    size_t gap = ALIGNMENT - (size_t)((lowest_top + before) % ALIGNMENT);
    store.grow_script =
        (struct script){.answer = is_moved ? ANSWER_HIGHER : ANSWER_HONEST, .detail = gap, .times = SCRIPT_FOREVER};
    return plain_grow(context, size);
}

/* Each place that the end is moved to needs more than was asked for at the last one: that is not followed for ever. */
static void test_aligned_request_does_not_follow_the_end_for_ever(void **state) {
    (void)state;
    struct ebb_geometry geometry = ebb_get_geometry();
    struct ebb_policy by_granule = {.strategy = EBB_GROW_ONLY, .quantum = geometry.granule};
    start(&by_granule);
    /* The idle end starts as little before an aligned place as it can. */
    bool met = model_aligned_alloc(&model, 0, ALIGNMENT, ALIGNMENT - geometry.smallest_block - geometry.header);
    assert_true(met);
    (void)model_trim(&model);
    plain_grow = store.store.grow;
    store.store.grow = grow_at_ever_worse_places;
    places = 0;
    store.grow_script = (struct script){.answer = ANSWER_HONEST, .times = SCRIPT_FOREVER};
    (void)model_aligned_alloc(&model, 1, ALIGNMENT, 100);
    assert_int_equal(places, 2);
    store.store.grow = plain_grow;
    store.grow_script.times = 0;
    model_free_all(&model);
    model_finish(&model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_above_a_gap_is_used),
        cmocka_unit_test(test_walk_shows_a_gap),
        cmocka_unit_test(test_idle_end_below_a_gap_is_not_lost),
        cmocka_unit_test(test_memory_above_many_gaps_is_used),
        cmocka_unit_test(test_crumbs_above_a_gap_are_no_end),
        cmocka_unit_test(test_small_quanta_get_over_a_gap),
        cmocka_unit_test(test_what_a_gap_needs_is_little),
        cmocka_unit_test(test_what_a_gap_needs_is_asked_for_to_the_granule),
        cmocka_unit_test(test_two_headers_get_over_a_gap),
        cmocka_unit_test(test_gap_that_is_none_any_more_is_forgotten),
        cmocka_unit_test(test_gap_that_is_none_any_more_takes_nothing_of_the_maximum),
        cmocka_unit_test(test_region_shrinks_to_a_gap_and_grows_again),
        cmocka_unit_test(test_realloc_across_a_gap_moves),
        cmocka_unit_test(test_realloc_between_free_and_gap_keeps_the_content),
        cmocka_unit_test(test_aligned_request_is_met_above_a_gap),
        cmocka_unit_test(test_aligned_request_does_not_follow_the_end_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
