/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* When the end of the region moves, and when it must not. */
#include "support/heap_fixture.h"
#include "support/test.h"

static struct scripted_store store;
static struct fault_log faults;

/* ---- Maximum ---- */

static void test_maximum_holds(void **state) {
    (void)state;
    static const size_t quanta[] = {0, 1, 256, 1000, 100000};
    static const size_t granules[] = {0, 512, 4096};
    for (size_t i = 0; i < COUNT_OF(quanta) * COUNT_OF(granules); i++) {
        struct ebb_policy policy = {.maximum = 9001, .quantum = quanta[i % COUNT_OF(quanta)]};
        fixture_store(&store, 0);
        store.store.granule = granules[i / COUNT_OF(quanta)];
        struct ebb_heap *heap = fixture_heap_on(&store, &policy, &faults);
        size_t block = survey_block_for(100);
        size_t count = fixture_fill(heap, 100, NULL, 0);
        assert_int_equal(count, (9001 - fixture_least_region()) / block);
        assert_true(store.peak <= 9001);
        fixture_end(heap, &store, &faults);
    }
}

/* ---- Fixed ---- */

static void use_and_trim(struct ebb_heap *heap) {
    unsigned char *a = fixture_alloc(heap, 700);
    unsigned char *b = fixture_alloc(heap, 900);
    a = ebb_realloc(heap, a, 1500);
    assert_non_null(a);
    ebb_free(heap, b);
    void *too_much = ebb_alloc(heap, 60000);
    assert_null(too_much);
    ebb_free(heap, a);
    (void)fixture_fill(heap, 33, NULL, 0);
    size_t given_back = ebb_trim(heap);
    assert_int_equal(given_back, 0);
}

static void test_fixed_never_calls_the_store_again(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_fixed_heap(&store, 8000, &faults);
    uint32_t calls = scripted_store_calls(&store);
    use_and_trim(heap);
    assert_int_equal(scripted_store_calls(&store), calls);
    assert_int_equal(fixture_statistics(heap).region_bytes, 8000);
    fixture_end(heap, &store, &faults);
}

static void test_becoming_fixed_reserves_the_maximum(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    (void)fixture_alloc(heap, 100);
    struct ebb_policy policy = {.strategy = EBB_FIXED, .maximum = 10000};
    uint32_t calls = scripted_store_calls(&store);
    bool accepted = ebb_set_policy(heap, &policy);
    assert_true(accepted);
    assert_int_equal(scripted_store_calls(&store) - calls, 1);
    assert_int_equal(fixture_statistics(heap).region_bytes, 10000);
    calls = scripted_store_calls(&store);
    use_and_trim(heap);
    assert_int_equal(scripted_store_calls(&store), calls);
    fixture_end(heap, &store, &faults);
}

/* ---- Grow only ---- */

static void test_grow_only_gives_back_on_trim_only(void **state) {
    (void)state;
    struct ebb_policy policy = {.strategy = EBB_GROW_ONLY};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    for (int round = 0; round < 500; round++) {
        unsigned char *big = fixture_alloc(heap, 30000);
        unsigned char *small = fixture_alloc(heap, 30);
        big = ebb_realloc(heap, big, 100);
        ebb_free(heap, small);
        ebb_free(heap, big);
    }
    assert_int_equal(store.shrink_calls, 0);
    assert_true(store.end > 30000);
    assert_true(store.end < 30000 + 2048);
    size_t held = store.end;
    size_t given_back = ebb_trim(heap);
    assert_int_equal(given_back, held - store.end);
    assert_int_equal(fixture_idle(heap), 0);
    fixture_end(heap, &store, &faults);
}

/* ---- Grow and return, as told ---- */

static void test_quantum_is_the_step(void **state) {
    (void)state;
    struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 1000};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    uint32_t grown = store.grown;
    size_t before = fixture_statistics(heap).region_bytes;
    for (int i = 0; i < 400; i++) {
        size_t region = fixture_statistics(heap).region_bytes;
        (void)fixture_alloc(heap, 50);
        size_t added = fixture_statistics(heap).region_bytes - region;
        /* The end of the region need not lie on the heap's granule, so a step may be a little off. */
        assert_true(added == 0 || (added >= 1000 && added < 1000 + ebb_get_geometry().granule));
    }
    assert_true((store.grown - grown) * 1000 <= fixture_statistics(heap).region_bytes - before);
    size_t region = fixture_statistics(heap).region_bytes;
    size_t top = fixture_idle(heap);
    (void)fixture_alloc(heap, 5000);
    size_t needed = survey_block_for(5000) - top;
    assert_int_equal(fixture_statistics(heap).region_bytes - region, needed);
    fixture_end(heap, &store, &faults);
}

static void test_returns_above_the_threshold_only(void **state) {
    (void)state;
    struct ebb_policy policy = {.quantum = 256, .return_above = 1024};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    unsigned char *blocks[40];
    for (size_t i = 0; i < COUNT_OF(blocks); i++) {
        blocks[i] = fixture_alloc(heap, 120);
    }
    for (size_t i = COUNT_OF(blocks); i-- > 0;) {
        size_t idle = fixture_idle(heap) + survey_block_for(120);
        uint32_t calls = store.shrink_calls;
        ebb_free(heap, blocks[i]);
        if (idle <= 1024) {
            assert_int_equal(store.shrink_calls, calls);
            assert_int_equal(fixture_idle(heap), idle);
        } else {
            assert_int_equal(store.shrink_calls, calls + 1);
            assert_int_equal(fixture_idle(heap), 256);
        }
    }
    fixture_end(heap, &store, &faults);
}

/* What is idle up to the threshold stays, however long. */
static void test_what_is_at_the_threshold_stays(void **state) {
    (void)state;
    struct ebb_policy policy = {.strategy = EBB_GROW_AND_RETURN, .quantum = 256};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    unsigned char *hole = fixture_alloc(heap, 100);
    (void)fixture_alloc(heap, 1);
    ebb_free(heap, fixture_alloc(heap, 1000));
    (void)fixture_alloc(heap, 20);
    void *last = fixture_alloc(heap, 600);
    policy.return_above = fixture_idle(heap) + survey_block_for(600);
    bool accepted = ebb_set_policy(heap, &policy);
    assert_true(accepted);
    ebb_free(heap, last);
    assert_int_equal(fixture_idle(heap), policy.return_above);
    uint32_t calls = store.shrink_calls;
    for (int i = 0; i < 1000; i++) {
        ebb_free(heap, hole);
        hole = fixture_alloc(heap, 100);
    }
    assert_int_equal(store.shrink_calls, calls);
    assert_int_equal(fixture_idle(heap), policy.return_above);
    (void)ebb_destroy(heap);
}

/* A threshold below the quantum would give back what was just taken: growing leaves up to a quantum idle. */
static void test_threshold_is_at_least_the_quantum(void **state) {
    (void)state;
    struct ebb_policy policy = {.quantum = 1024, .return_above = 16};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    (void)fixture_alloc(heap, 500);
    assert_in_range(fixture_idle(heap), 200, 1024);
    uint32_t calls = scripted_store_calls(&store);
    for (int i = 0; i < 200; i++) {
        ebb_free(heap, fixture_alloc(heap, 100));
    }
    assert_int_equal(scripted_store_calls(&store), calls);
    unsigned char *block = fixture_alloc(heap, 3000);
    ebb_free(heap, block);
    assert_int_equal(fixture_idle(heap), 1024);
    fixture_end(heap, &store, &faults);
}

/* ---- Grow and return, adapting ---- */

static void run_waves(struct ebb_heap *heap, uint64_t *held) {
    unsigned char *blocks[30];
    for (int wave = 0; wave < 60; wave++) {
        for (size_t i = 0; i < COUNT_OF(blocks); i++) {
            blocks[i] = fixture_alloc(heap, 200);
            *held += fixture_statistics(heap).region_bytes;
        }
        for (size_t i = COUNT_OF(blocks); i-- > 0;) {
            ebb_free(heap, blocks[i]);
            *held += fixture_statistics(heap).region_bytes;
        }
    }
}

static void test_expensive_moves_are_fewer_and_hold_more(void **state) {
    (void)state;
    static const uint32_t prices[] = {100, 26000, 4000000};
    uint32_t moves[3];
    uint64_t held[3] = {0, 0, 0};
    for (size_t i = 0; i < 3; i++) {
        struct ebb_policy policy = {.move_price = prices[i]};
        struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
        run_waves(heap, &held[i]);
        moves[i] = store.grown + store.shrunk;
        fixture_end(heap, &store, &faults);
    }
    assert_true(moves[0] > moves[1]);
    assert_true(moves[1] > moves[2]);
    assert_true(held[0] < held[1]);
    assert_true(held[1] < held[2]);
}

/* What idle memory has cost under the old price is settled: from a change on, the new one counts, and no longer. */
static void test_new_price_counts_from_now_on(void **state) {
    (void)state;
    static const struct ebb_policy lazy = {.move_price = UINT32_MAX};
    static const struct ebb_policy eager = {.move_price = 50000};
    struct ebb_heap *heap = fixture_heap(&store, 0, &lazy, &faults);
    unsigned char *hole = fixture_alloc(heap, 100);
    (void)fixture_alloc(heap, 1);
    ebb_free(heap, fixture_alloc(heap, 5000));
    bool accepted = ebb_set_policy(heap, &eager);
    assert_true(accepted);
    size_t calls = 0;
    for (; store.shrink_calls == 0 && calls < 100; calls++) {
        ebb_free(heap, hole);
        hole = fixture_alloc(heap, 100);
    }
    /* The price of a move, and of clearing what is idle. */
    assert_in_range(calls, 50000 / 6000 + 50000 / 8192, 50000 / 5000 + 50000 / 8192 + 1);
    fixture_end(heap, &store, &faults);
}

/* One free that leaves idle what costs an eighth of a move at each call is waited with; a byte more is not. */
static void test_what_is_very_much_goes_back_at_once(void **state) {
    (void)state;
    for (size_t beyond = 0; beyond < 2; beyond++) {
        struct ebb_policy policy = {.move_price = UINT32_MAX};
        struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
        (void)fixture_alloc(heap, 1);
        unsigned char *last = fixture_alloc(heap, 3000);
        size_t idle = fixture_idle(heap) + survey_block_for(3000);
        policy.move_price = (uint32_t)(8 * (idle - beyond));
        bool accepted = ebb_set_policy(heap, &policy);
        assert_true(accepted);
        ebb_free(heap, last);
        assert_int_equal(store.shrink_calls, beyond);
        fixture_end(heap, &store, &faults);
    }
}

/* A few small blocks from the end, and then calls that need next to nothing, until patience has given those back. */
static void use_little_for_long(struct ebb_heap *heap) {
    enum { FEW = 4 };
    unsigned char *few[FEW];
    for (size_t i = 0; i < FEW; i++) {
        few[i] = fixture_alloc(heap, 700);
    }
    for (size_t i = FEW; i-- > 0;) {
        ebb_free(heap, few[i]);
    }
    for (int i = 0; i < 30; i++) {
        ebb_free(heap, fixture_alloc(heap, 40));
    }
}

/*
 * Growth soon after patience has given a little back regrets no free that left very much idle: the next one that does
 * gives it back at once, however often that was so.
 */
static void test_what_patience_gives_back_says_nothing_about_very_much(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    (void)fixture_alloc(heap, 4000);
    ebb_free(heap, fixture_alloc(heap, 40000));
    for (int i = 0; i < 40; i++) {
        use_little_for_long(heap);
        assert_true(fixture_idle(heap) < 2000);
    }
    ebb_free(heap, fixture_alloc(heap, 30000));
    assert_true(fixture_idle(heap) < 2000);
    fixture_end(heap, &store, &faults);
}

static void test_idle_memory_is_returned_but_for_a_lot(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    (void)fixture_alloc(heap, 64);
    ebb_free(heap, fixture_alloc(heap, 40000));
    for (int i = 0; i < 2000; i++) {
        ebb_free(heap, fixture_alloc(heap, 40));
    }
    /* A lot is left, at most. */
    assert_true(fixture_statistics(heap).region_bytes <= fixture_least_region() + survey_block_for(64) + 512);
    fixture_end(heap, &store, &faults);
}

/* So it is while a program does nothing but make a block larger and smaller: the last block, or one before it. */
static void test_idle_memory_is_returned_while_a_block_is_resized(void **state) {
    (void)state;
    for (int is_last = 0; is_last < 2; is_last++) {
        struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
        unsigned char *resized = fixture_alloc(heap, 200);
        unsigned char *other = is_last ? NULL : fixture_alloc(heap, 64);
        ebb_free(heap, fixture_alloc(heap, 2000));
        assert_true(fixture_idle(heap) >= 2000);
        for (size_t i = 0; i < 2000; i++) {
            resized = ebb_realloc(heap, resized, i % 2 == 0 ? 100 : 200);
            assert_non_null(resized);
        }
        assert_true(fixture_idle(heap) <= 512);
        ebb_free(heap, other);
        fixture_end(heap, &store, &faults);
    }
}

/* So it is while a program does nothing but take aligned blocks, with free memory to their left, and free them. */
static void test_idle_memory_is_returned_while_blocks_are_aligned(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    unsigned char *other = fixture_alloc(heap, 64);
    ebb_free(heap, fixture_alloc(heap, 2500));
    assert_true(fixture_idle(heap) >= 2500);
    for (size_t i = 0; i < 2000; i++) {
        void *aligned = ebb_aligned_alloc(heap, 1024, 40);
        assert_non_null(aligned);
        struct surroundings around;
        survey_around(&around, heap, aligned);
        assert_int_equal(around.left.kind, EBB_BLOCK_FREE);
        ebb_free(heap, aligned);
    }
    /* What such a block needs, up to 1024 bytes before it, and a lot. */
    assert_true(fixture_idle(heap) <= 1024 + 512);
    ebb_free(heap, other);
    fixture_end(heap, &store, &faults);
}

/* So it is while a program does nothing but free and take a block right above somebody else's memory. */
static void test_idle_memory_is_returned_while_a_block_above_a_gap_is_freed(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    (void)fixture_alloc(heap, 64);
    (void)ebb_trim(heap);
    store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = 64, .times = 1};
    unsigned char *above = fixture_alloc(heap, 100);
    (void)fixture_alloc(heap, 1);
    struct surroundings around;
    survey_around(&around, heap, above);
    assert_int_equal(around.left.kind, EBB_BLOCK_GAP);
    assert_true(around.left.size >= 64);
    ebb_free(heap, fixture_alloc(heap, 2000));
    assert_true(fixture_idle(heap) >= 2000);
    for (int i = 0; i < 2000; i++) {
        ebb_free(heap, above);
        above = fixture_alloc(heap, 100);
    }
    assert_true(fixture_idle(heap) <= 512);
    fixture_assert_sound(heap, &store);
    (void)ebb_destroy(heap);
}

/* ---- The store's granule ---- */

static void test_end_moves_to_multiples_of_the_granule(void **state) {
    (void)state;
    static const size_t granules[] = {8, 512, 4096};
    static const size_t quanta[] = {0, 100, 256, 5000};
    for (size_t i = 0; i < COUNT_OF(granules) * COUNT_OF(quanta) * 2; i++) {
        size_t granule = granules[i % COUNT_OF(granules)];
        struct ebb_policy policy = {
            .strategy = (uint32_t)(i / COUNT_OF(granules) / COUNT_OF(quanta)),
            .quantum = quanta[i / COUNT_OF(granules) % COUNT_OF(quanta)],
        };
        fixture_store(&store, 0);
        store.store.granule = granule;
        struct ebb_heap *heap = fixture_heap_on(&store, &policy, &faults);
        for (size_t round = 0; round < 100; round++) {
            unsigned char *a = fixture_alloc(heap, round * 37);
            unsigned char *b = fixture_alloc(heap, round * 91);
            a = ebb_realloc(heap, a, round * 150);
            assert_int_equal(store.end % granule, 0);
            ebb_free(heap, b);
            ebb_free(heap, a);
            assert_int_equal(store.end % granule, 0);
            (void)(round % 10 == 0 && ebb_trim(heap) > 0);
            assert_int_equal(store.end % granule, 0);
        }
        fixture_end(heap, &store, &faults);
    }
}

/* When the last multiple is past and there is memory still, that is taken too. */
static void test_granule_does_not_keep_from_the_last_bytes(void **state) {
    (void)state;
    for (int all_or_nothing = 0; all_or_nothing < 2; all_or_nothing++) {
        fixture_store(&store, 4096 + 3001);
        store.store.granule = 4096;
        store.all_or_nothing = all_or_nothing != 0;
        struct ebb_heap *heap = fixture_heap_on(&store, NULL, &faults);
        size_t count = fixture_fill(heap, 100, NULL, 0);
        assert_int_equal(count, (4096 + 3001 - fixture_least_region()) / survey_block_for(100));
        fixture_end(heap, &store, &faults);
    }
}

/* However large a lot is, the end goes to a maximum that is no multiple of the granule only when that is needed. */
static void test_lot_does_not_lead_past_the_last_multiple_of_the_granule(void **state) {
    (void)state;
    enum { GRANULE = 4096, LAST_MULTIPLE = 3 * GRANULE, MAXIMUM = LAST_MULTIPLE + 1000 };
    static const size_t quanta[] = {1500, 5000, SIZE_MAX};
    for (size_t i = 0; i < COUNT_OF(quanta); i++) {
        const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .maximum = MAXIMUM, .quantum = quanta[i]};
        fixture_store(&store, 0);
        store.store.granule = GRANULE;
        struct ebb_heap *heap = fixture_heap_on(&store, &policy, &faults);
        size_t count = 0;
        for (; ebb_alloc(heap, 100) != NULL; count++) {
            bool is_needed = fixture_statistics(heap).region_bytes - fixture_idle(heap) > LAST_MULTIPLE;
            assert_int_equal(store.end % GRANULE, is_needed ? MAXIMUM % GRANULE : 0);
        }
        assert_int_equal(count, (MAXIMUM - fixture_least_region()) / survey_block_for(100));
        fixture_end(heap, &store, &faults);
    }
}

static void test_trim_gives_back_all(void **state) {
    (void)state;
    for (uint32_t strategy = 0; strategy < 2; strategy++) {
        struct ebb_policy policy = {.strategy = strategy, .quantum = 4096};
        struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
        unsigned char *block = fixture_alloc(heap, 100);
        unsigned char *other = fixture_alloc(heap, 10000);
        ebb_free(heap, other);
        size_t held = store.end;
        size_t given_back = ebb_trim(heap);
        assert_int_equal(given_back, held - store.end);
        assert_int_equal(fixture_idle(heap), 0);
        given_back = ebb_trim(heap);
        assert_int_equal(given_back, 0);
        ebb_free(heap, block);
        (void)ebb_trim(heap);
        assert_int_equal(store.end, fixture_least_region());
        (void)fixture_alloc(heap, 100);
        fixture_end(heap, &store, &faults);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_maximum_holds),
        cmocka_unit_test(test_fixed_never_calls_the_store_again),
        cmocka_unit_test(test_becoming_fixed_reserves_the_maximum),
        cmocka_unit_test(test_grow_only_gives_back_on_trim_only),
        cmocka_unit_test(test_quantum_is_the_step),
        cmocka_unit_test(test_returns_above_the_threshold_only),
        cmocka_unit_test(test_what_is_at_the_threshold_stays),
        cmocka_unit_test(test_threshold_is_at_least_the_quantum),
        cmocka_unit_test(test_expensive_moves_are_fewer_and_hold_more),
        cmocka_unit_test(test_new_price_counts_from_now_on),
        cmocka_unit_test(test_what_is_very_much_goes_back_at_once),
        cmocka_unit_test(test_what_patience_gives_back_says_nothing_about_very_much),
        cmocka_unit_test(test_idle_memory_is_returned_but_for_a_lot),
        cmocka_unit_test(test_idle_memory_is_returned_while_a_block_is_resized),
        cmocka_unit_test(test_idle_memory_is_returned_while_blocks_are_aligned),
        cmocka_unit_test(test_idle_memory_is_returned_while_a_block_above_a_gap_is_freed),
        cmocka_unit_test(test_end_moves_to_multiples_of_the_granule),
        cmocka_unit_test(test_granule_does_not_keep_from_the_last_bytes),
        cmocka_unit_test(test_lot_does_not_lead_past_the_last_multiple_of_the_granule),
        cmocka_unit_test(test_trim_gives_back_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
