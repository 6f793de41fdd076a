/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* When the end of the region moves, and when it must not. */
#include "support/heap_fixture.h"
#include "support/test.h"

#include <string.h>

static struct scripted_store store;
static struct fault_log faults;
static struct snapshot snapshot;

static size_t region_of(const struct ebb_heap *heap) {
    return fixture_statistics(heap).region_bytes;
}

static size_t top_of(const struct ebb_heap *heap) {
    struct survey survey;
    survey_take(&survey, heap);
    return survey.top_bytes;
}

static bool same_policy(const struct ebb_policy *a, const struct ebb_policy *b) {
    return a->strategy == b->strategy && a->maximum == b->maximum && a->quantum == b->quantum &&
           a->return_above == b->return_above && a->move_price == b->move_price;
}

static void end(struct ebb_heap *heap) {
    fixture_assert_sound(heap, &store);
    fault_log_expect_none(&faults);
    size_t left = ebb_destroy(heap);
    assert_int_equal(left, 0);
    assert_int_equal(store.end, 0);
}

/* ---- Setting and getting ---- */

static void test_null_and_zero_are_the_default_policy(void **state) {
    (void)state;
    static const struct ebb_policy zero;
    struct ebb_policy by_null;
    struct ebb_policy by_zero;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    ebb_get_policy(heap, &by_null);
    end(heap);
    heap = fixture_heap(&store, 0, &zero, &faults);
    ebb_get_policy(heap, &by_zero);
    assert_true(same_policy(&by_null, &by_zero) != 0);
    assert_int_equal(by_null.strategy, EBB_GROW_AND_RETURN);
    assert_int_equal(by_null.maximum, ebb_geometry().largest_region);
    assert_int_equal(by_null.quantum, 0);
    assert_int_equal(by_null.move_price, 26000);
    assert_int_equal(by_null.return_above, 0);
    end(heap);
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
        assert_true(policies[i].maximum == 0 || policies[i].maximum - first.maximum < ebb_geometry().granule);
        assert_true(policies[i].move_price == 0 || first.move_price == policies[i].move_price);
        end(heap);
    }
}

static void test_policy_says_what_the_heap_made_of_it(void **state) {
    (void)state;
    struct ebb_geometry geometry = ebb_geometry();
    struct ebb_policy policy = {
        .maximum = SIZE_MAX, .quantum = 16 * geometry.granule + 1, .return_above = 1, .move_price = UINT32_MAX};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    ebb_get_policy(heap, &policy);
    assert_int_equal(policy.maximum, geometry.largest_region);
    assert_int_equal(policy.quantum, 17 * geometry.granule);
    assert_int_equal(policy.return_above, policy.quantum);
    assert_int_equal(policy.move_price, sizeof(size_t) > sizeof(uint32_t) ? UINT32_MAX : (1 << 26) - 1);
    end(heap);
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
    end(heap);
}

static void test_malformed_policy_changes_nothing(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    (void)fixture_alloc(heap, 300);
    assert_true(top_of(heap) > 0);
    const struct ebb_policy malformed[] = {
        {.strategy = 3}, {.strategy = UINT32_MAX}, {.strategy = 7, .maximum = region_of(heap) - 1}};
    snapshot_take(&snapshot, heap);
    for (size_t i = 0; i < COUNT_OF(malformed); i++) {
        uint32_t calls = scripted_store_calls(&store);
        bool accepted = ebb_set_policy(heap, &malformed[i]);
        assert_false(accepted);
        snapshot_assert_same(&snapshot, heap);
        assert_int_equal(scripted_store_calls(&store), calls);
    }
    end(heap);
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
    end(heap);
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
    end(heap);
}

/* The end goes to the highest place that the maximum and the store's granule allow, the end of the blocks included. */
static void test_maximum_moves_the_end_to_a_multiple_of_the_granule(void **state) {
    (void)state;
    enum { GRANULE = 1024 };
    static const struct ebb_policy grow_only = {.strategy = EBB_GROW_ONLY};
    for (size_t beyond = 0; beyond < GRANULE; beyond += GRANULE / 4) {
        fixture_store(&store, 0);
        store.store.granule = GRANULE;
        struct ebb_heap *heap = ebb_create(&store.store, &grow_only);
        assert_non_null(heap);
        fault_log_attach(&faults, heap);
        size_t used = fixture_statistics(heap).region_bytes - ebb_free_bytes(heap);
        (void)fixture_alloc(heap, (size_t)2 * GRANULE - used - ebb_geometry().header);
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
        end(heap);
    }
}

static void test_maximum_may_be_what_there_is(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    (void)fixture_alloc(heap, 3000);
    (void)ebb_trim(heap);
    size_t region = region_of(heap);
    struct ebb_policy policy = {.maximum = region};
    bool accepted = ebb_set_policy(heap, &policy);
    assert_true(accepted);
    policy.maximum = region - 1;
    accepted = ebb_set_policy(heap, &policy);
    assert_false(accepted);
    end(heap);
}

/* What is idle does not stand in the way of a maximum: it is given back. */
static void test_maximum_gives_back_what_is_idle_above_it(void **state) {
    (void)state;
    static const uint32_t strategies[] = {EBB_GROW_AND_RETURN, EBB_GROW_ONLY, EBB_FIXED};
    for (size_t i = 0; i < COUNT_OF(strategies); i++) {
        struct ebb_policy lazy = {.strategy = EBB_GROW_ONLY};
        struct ebb_heap *heap = fixture_heap(&store, 0, &lazy, &faults);
        ebb_free(heap, fixture_alloc(heap, 20000));
        assert_true(region_of(heap) > 20000);
        struct ebb_policy policy = {.strategy = strategies[i], .maximum = 4096};
        bool accepted = ebb_set_policy(heap, &policy);
        assert_true(accepted);
        assert_int_equal(region_of(heap), 4096);
        assert_int_equal(store.end, 4096);
        end(heap);
    }
}

static void test_maximum_holds(void **state) {
    (void)state;
    static const size_t quanta[] = {0, 1, 256, 1000, 100000};
    static const size_t granules[] = {0, 512, 4096};
    for (size_t i = 0; i < COUNT_OF(quanta) * COUNT_OF(granules); i++) {
        struct ebb_policy policy = {.maximum = 9001, .quantum = quanta[i % COUNT_OF(quanta)]};
        fixture_store(&store, 0);
        store.store.granule = granules[i / COUNT_OF(quanta)];
        struct ebb_heap *heap = ebb_create(&store.store, &policy);
        assert_non_null(heap);
        fault_log_attach(&faults, heap);
        size_t block = survey_block_for(100);
        size_t count = fixture_fill(heap, 100, NULL, 0);
        assert_int_equal(count, (9001 - fixture_least_region()) / block);
        assert_true(store.peak <= 9001);
        end(heap);
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
    assert_int_equal(region_of(heap), 8000);
    end(heap);
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
    assert_int_equal(region_of(heap), 10000);
    calls = scripted_store_calls(&store);
    use_and_trim(heap);
    assert_int_equal(scripted_store_calls(&store), calls);
    end(heap);
}

static void test_becoming_fixed_takes_all(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 12345, NULL, &faults);
    struct ebb_policy policy = {.strategy = EBB_FIXED};
    bool accepted = ebb_set_policy(heap, &policy);
    assert_true(accepted);
    assert_int_equal(region_of(heap), 12345);
    end(heap);
}

static void test_becoming_fixed_fails_without_the_maximum(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 6000, NULL, &faults);
    (void)fixture_alloc(heap, 100);
    assert_true(top_of(heap) > 0);
    size_t region = region_of(heap);
    struct ebb_policy policy = {.strategy = EBB_FIXED, .maximum = 6001};
    uint32_t calls = scripted_store_calls(&store);
    bool accepted = ebb_set_policy(heap, &policy);
    assert_false(accepted);
    /* There is less than was asked for, then nothing; and what there was goes back. */
    assert_int_equal(scripted_store_calls(&store) - calls, 3);
    assert_int_equal(region_of(heap), region);
    ebb_get_policy(heap, &policy);
    assert_int_equal(policy.strategy, EBB_GROW_AND_RETURN);
    policy = (struct ebb_policy){.strategy = EBB_FIXED, .maximum = 6000};
    accepted = ebb_set_policy(heap, &policy);
    assert_true(accepted);
    end(heap);
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
    end(heap);
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
    assert_int_equal(top_of(heap), 0);
    end(heap);
}

/* ---- Grow and return, as told ---- */

static void test_quantum_is_the_step(void **state) {
    (void)state;
    struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 1000};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    uint32_t grown = store.grown;
    size_t before = region_of(heap);
    for (int i = 0; i < 400; i++) {
        size_t region = region_of(heap);
        (void)fixture_alloc(heap, 50);
        size_t added = region_of(heap) - region;
        /* The end of the region need not lie on the heap's granule, so a step may be a little off. */
        assert_true(added == 0 || (added >= 1000 && added < 1000 + ebb_geometry().granule));
    }
    assert_true((store.grown - grown) * 1000 <= region_of(heap) - before);
    size_t region = region_of(heap);
    size_t top = top_of(heap);
    (void)fixture_alloc(heap, 5000);
    size_t needed = survey_block_for(5000) - top;
    assert_int_equal(region_of(heap) - region, needed);
    end(heap);
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
        size_t idle = top_of(heap) + survey_block_for(120);
        uint32_t calls = store.shrink_calls;
        ebb_free(heap, blocks[i]);
        if (idle <= 1024) {
            assert_int_equal(store.shrink_calls, calls);
            assert_int_equal(top_of(heap), idle);
        } else {
            assert_int_equal(store.shrink_calls, calls + 1);
            assert_int_equal(top_of(heap), 256);
        }
    }
    end(heap);
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
    policy.return_above = top_of(heap) + survey_block_for(600);
    bool accepted = ebb_set_policy(heap, &policy);
    assert_true(accepted);
    ebb_free(heap, last);
    assert_int_equal(top_of(heap), policy.return_above);
    uint32_t calls = store.shrink_calls;
    for (int i = 0; i < 1000; i++) {
        ebb_free(heap, hole);
        hole = fixture_alloc(heap, 100);
    }
    assert_int_equal(store.shrink_calls, calls);
    assert_int_equal(top_of(heap), policy.return_above);
    (void)ebb_destroy(heap);
}

/* A threshold below the quantum would give back what was just taken: growing leaves up to a quantum idle. */
static void test_threshold_is_at_least_the_quantum(void **state) {
    (void)state;
    struct ebb_policy policy = {.quantum = 1024, .return_above = 16};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    (void)fixture_alloc(heap, 500);
    assert_in_range(top_of(heap), 200, 1024);
    uint32_t calls = scripted_store_calls(&store);
    for (int i = 0; i < 200; i++) {
        ebb_free(heap, fixture_alloc(heap, 100));
    }
    assert_int_equal(scripted_store_calls(&store), calls);
    unsigned char *block = fixture_alloc(heap, 3000);
    ebb_free(heap, block);
    assert_int_equal(top_of(heap), 1024);
    end(heap);
}

/* ---- Grow and return, adapting ---- */

static void run_waves(struct ebb_heap *heap, uint64_t *held) {
    unsigned char *blocks[30];
    for (int wave = 0; wave < 60; wave++) {
        for (size_t i = 0; i < COUNT_OF(blocks); i++) {
            blocks[i] = fixture_alloc(heap, 200);
            *held += region_of(heap);
        }
        for (size_t i = COUNT_OF(blocks); i-- > 0;) {
            ebb_free(heap, blocks[i]);
            *held += region_of(heap);
        }
    }
}

static void test_dear_moves_are_fewer_and_hold_more(void **state) {
    (void)state;
    static const uint32_t prices[] = {100, 26000, 4000000};
    uint32_t moves[3];
    uint64_t held[3] = {0, 0, 0};
    for (size_t i = 0; i < 3; i++) {
        struct ebb_policy policy = {.move_price = prices[i]};
        struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
        run_waves(heap, &held[i]);
        moves[i] = store.grown + store.shrunk;
        end(heap);
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
    end(heap);
}

/* One free that leaves idle what costs an eighth of a move at each call is waited with; a byte more is not. */
static void test_what_is_very_much_goes_back_at_once(void **state) {
    (void)state;
    for (size_t beyond = 0; beyond < 2; beyond++) {
        struct ebb_policy policy = {.move_price = UINT32_MAX};
        struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
        (void)fixture_alloc(heap, 1);
        unsigned char *last = fixture_alloc(heap, 3000);
        size_t idle = top_of(heap) + survey_block_for(3000);
        policy.move_price = (uint32_t)(8 * (idle - beyond));
        bool accepted = ebb_set_policy(heap, &policy);
        assert_true(accepted);
        ebb_free(heap, last);
        assert_int_equal(store.shrink_calls, beyond);
        end(heap);
    }
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
    assert_true(region_of(heap) <= fixture_least_region() + survey_block_for(64) + 512);
    end(heap);
}

/* So it is while a program does nothing but make a block larger and smaller, at the end of the blocks or amid them. */
static void test_idle_memory_is_returned_while_a_block_is_resized(void **state) {
    (void)state;
    for (int is_amid = 0; is_amid < 2; is_amid++) {
        struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
        unsigned char *resized = fixture_alloc(heap, 200);
        unsigned char *other = is_amid ? fixture_alloc(heap, 64) : NULL;
        ebb_free(heap, fixture_alloc(heap, 2000));
        assert_true(top_of(heap) >= 2000);
        for (size_t i = 0; i < 2000; i++) {
            resized = ebb_realloc(heap, resized, i % 2 == 0 ? 100 : 200);
            assert_non_null(resized);
        }
        assert_true(top_of(heap) <= 512);
        ebb_free(heap, other);
        end(heap);
    }
}

/* So it is while a program does nothing but take aligned blocks, which have free memory to their left, and free them. */
static void test_idle_memory_is_returned_while_blocks_are_aligned(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    unsigned char *other = fixture_alloc(heap, 64);
    ebb_free(heap, fixture_alloc(heap, 2500));
    assert_true(top_of(heap) >= 2500);
    for (size_t i = 0; i < 2000; i++) {
        void *aligned = ebb_aligned_alloc(heap, 1024, 40);
        assert_non_null(aligned);
        struct surroundings around;
        survey_around(&around, heap, aligned);
        assert_int_equal(around.left.kind, EBB_BLOCK_FREE);
        ebb_free(heap, aligned);
    }
    /* What such a block needs, up to 1024 bytes before it, and a lot. */
    assert_true(top_of(heap) <= 1024 + 512);
    ebb_free(heap, other);
    end(heap);
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
        struct ebb_heap *heap = ebb_create(&store.store, &policy);
        assert_non_null(heap);
        fault_log_attach(&faults, heap);
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
        end(heap);
    }
}

/* When the last multiple is past and there is memory still, that is taken too. */
static void test_granule_does_not_keep_from_the_last_bytes(void **state) {
    (void)state;
    for (int all_or_nothing = 0; all_or_nothing < 2; all_or_nothing++) {
        fixture_store(&store, 4096 + 3001);
        store.store.granule = 4096;
        store.all_or_nothing = all_or_nothing != 0;
        struct ebb_heap *heap = ebb_create(&store.store, NULL);
        assert_non_null(heap);
        fault_log_attach(&faults, heap);
        size_t count = fixture_fill(heap, 100, NULL, 0);
        assert_int_equal(count, (4096 + 3001 - fixture_least_region()) / survey_block_for(100));
        end(heap);
    }
}

/* A maximum amid a granule is not gone to as long as a multiple below it will do, however large a lot is. */
static void test_lot_does_not_lead_past_the_last_multiple_of_the_granule(void **state) {
    (void)state;
    enum { GRANULE = 4096, LAST_MULTIPLE = 3 * GRANULE, MAXIMUM = LAST_MULTIPLE + 1000 };
    static const size_t quanta[] = {1500, 5000, SIZE_MAX};
    for (size_t i = 0; i < COUNT_OF(quanta); i++) {
        const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .maximum = MAXIMUM, .quantum = quanta[i]};
        fixture_store(&store, 0);
        store.store.granule = GRANULE;
        struct ebb_heap *heap = ebb_create(&store.store, &policy);
        assert_non_null(heap);
        fault_log_attach(&faults, heap);
        size_t count = 0;
        for (; ebb_alloc(heap, 100) != NULL; count++) {
            bool is_needed = region_of(heap) - top_of(heap) > LAST_MULTIPLE;
            assert_int_equal(store.end % GRANULE, is_needed ? MAXIMUM % GRANULE : 0);
        }
        assert_int_equal(count, (MAXIMUM - fixture_least_region()) / survey_block_for(100));
        end(heap);
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
        assert_int_equal(top_of(heap), 0);
        given_back = ebb_trim(heap);
        assert_int_equal(given_back, 0);
        ebb_free(heap, block);
        (void)ebb_trim(heap);
        assert_int_equal(store.end, fixture_least_region());
        (void)fixture_alloc(heap, 100);
        end(heap);
    }
}

/* The end is not moved below a block to please the store's granule, and a maximum between two multiples is kept. */
static void test_maximum_between_multiples_of_the_granule_is_kept(void **state) {
    (void)state;
    struct ebb_policy policy = {.strategy = EBB_FIXED};
    fixture_store(&store, 20000);
    store.store.granule = 512;
    struct ebb_heap *heap = ebb_create(&store.store, &policy);
    assert_non_null(heap);
    assert_non_null(ebb_alloc(heap, 5000));
    policy = (struct ebb_policy){.maximum = 18900};
    bool accepted = ebb_set_policy(heap, &policy);
    assert_true(accepted);
    assert_int_equal(region_of(heap), 18900 / 512 * 512);
    (void)ebb_destroy(heap);
}

/* Below the maximum there is no place at all where the store likes the end: it goes to the maximum. */
static void test_maximum_below_the_first_multiple_of_the_granule_is_kept(void **state) {
    (void)state;
    static const struct ebb_policy grow_only = {.strategy = EBB_GROW_ONLY};
    scripted_store_init(&store, fixture_arena(), UNIT_ARENA_SIZE, 96);
    store.store.granule = 4096;
    struct ebb_heap *heap = ebb_create(&store.store, &grow_only);
    assert_non_null(heap);
    fault_log_attach(&faults, heap);
    ebb_free(heap, fixture_alloc(heap, 5000));
    struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .maximum = 2000};
    bool accepted = ebb_set_policy(heap, &policy);
    assert_true(accepted);
    assert_int_equal(region_of(heap), 2000);
    fixture_assert_sound(heap, &store);
    (void)ebb_destroy(heap);
}

/* Between the last block and the maximum there is no place where the store likes the end: it goes to the maximum. */
static void test_maximum_right_above_the_last_block_is_kept(void **state) {
    (void)state;
    struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 8192};
    fixture_store(&store, 20000);
    store.store.granule = 2048;
    struct ebb_heap *heap = ebb_create(&store.store, &policy);
    assert_non_null(heap);
    fault_log_attach(&faults, heap);
    assert_non_null(ebb_alloc(heap, 5000));
    size_t used = region_of(heap) - top_of(heap);
    policy.maximum = used + 16;
    assert_true(used / 2048 == policy.maximum / 2048);
    bool accepted = ebb_set_policy(heap, &policy);
    assert_true(accepted);
    assert_int_equal(region_of(heap), policy.maximum);
    fixture_assert_sound(heap, &store);
    (void)ebb_destroy(heap);
}

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
    assert_int_equal(policy.maximum, region_of(heap));
    (void)ebb_destroy(heap);
}

/* What came for a change that is refused goes back to the byte, wherever the store likes the end. */
static void test_refused_change_leaves_the_end_where_it_was(void **state) {
    (void)state;
    for (uint32_t strategy = 0; strategy <= EBB_FIXED; strategy++) {
        struct ebb_policy policy = {.strategy = strategy, .maximum = 5000, .quantum = 256};
        fixture_store(&store, 20000);
        store.store.granule = 4096;
        struct ebb_heap *heap = ebb_create(&store.store, &policy);
        assert_non_null(heap);
        fault_log_attach(&faults, heap);
        (void)fixture_fill(heap, 100, NULL, 0);
        assert_int_equal(region_of(heap), 5000);
        const struct ebb_policy refused = {.strategy = EBB_FIXED, .maximum = 30000};
        bool accepted = ebb_set_policy(heap, &refused);
        assert_false(accepted);
        assert_true(store.peak > 8192);
        assert_int_equal(region_of(heap), 5000);
        ebb_get_policy(heap, &policy);
        assert_int_equal(policy.maximum, 5000);
        end(heap);
    }
}

/* Of a fixed heap, the store took back too little for the change: what is left is what the heap has, for good. */
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
    end(heap);
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
        cmocka_unit_test(test_maximum_moves_the_end_to_a_multiple_of_the_granule),
        cmocka_unit_test(test_maximum_may_be_what_there_is),
        cmocka_unit_test(test_maximum_gives_back_what_is_idle_above_it),
        cmocka_unit_test(test_maximum_holds),
        cmocka_unit_test(test_fixed_never_calls_the_store_again),
        cmocka_unit_test(test_becoming_fixed_reserves_the_maximum),
        cmocka_unit_test(test_becoming_fixed_takes_all),
        cmocka_unit_test(test_becoming_fixed_fails_without_the_maximum),
        cmocka_unit_test(test_no_longer_fixed_moves_its_end_again),
        cmocka_unit_test(test_grow_only_gives_back_on_trim_only),
        cmocka_unit_test(test_quantum_is_the_step),
        cmocka_unit_test(test_returns_above_the_threshold_only),
        cmocka_unit_test(test_what_is_at_the_threshold_stays),
        cmocka_unit_test(test_threshold_is_at_least_the_quantum),
        cmocka_unit_test(test_dear_moves_are_fewer_and_hold_more),
        cmocka_unit_test(test_new_price_counts_from_now_on),
        cmocka_unit_test(test_what_is_very_much_goes_back_at_once),
        cmocka_unit_test(test_idle_memory_is_returned_but_for_a_lot),
        cmocka_unit_test(test_idle_memory_is_returned_while_a_block_is_resized),
        cmocka_unit_test(test_idle_memory_is_returned_while_blocks_are_aligned),
        cmocka_unit_test(test_end_moves_to_multiples_of_the_granule),
        cmocka_unit_test(test_granule_does_not_keep_from_the_last_bytes),
        cmocka_unit_test(test_lot_does_not_lead_past_the_last_multiple_of_the_granule),
        cmocka_unit_test(test_trim_gives_back_all),
        cmocka_unit_test(test_maximum_between_multiples_of_the_granule_is_kept),
        cmocka_unit_test(test_maximum_right_above_the_last_block_is_kept),
        cmocka_unit_test(test_maximum_below_the_first_multiple_of_the_granule_is_kept),
        cmocka_unit_test(test_refused_change_that_cannot_be_undone_keeps_what_came),
        cmocka_unit_test(test_refused_change_leaves_the_end_where_it_was),
        cmocka_unit_test(test_refused_change_of_a_fixed_heap_keeps_what_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
