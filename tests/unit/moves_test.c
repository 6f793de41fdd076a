/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* How often the end of a region moves, which costs time each time: as seldom as the program allows. */
#include "support/console.h"
#include "support/heap_fixture.h"
#include "support/test.h"

static struct scripted_store store;
static struct fault_log faults;

static uint32_t moves_of_pairs(const struct ebb_policy *policy, size_t base, size_t size) {
    struct ebb_heap *heap = fixture_heap(&store, 0, policy, &faults);
    (void)fixture_alloc(heap, base);
    uint32_t calls = scripted_store_calls(&store);
    for (int i = 0; i < 1000; i++) {
        ebb_free(heap, fixture_alloc(heap, size));
    }
    uint32_t moves = scripted_store_calls(&store) - calls;
    fixture_end(heap, &store, &faults);
    return moves;
}

static void test_pairs_at_the_end_move_it_rarely(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 16, 100, 256, 500, 1000, 2000, 4000, 8000};
    static const size_t bases[] = {1, 300, 5000};
    for (size_t i = 0; i < COUNT_OF(sizes) * COUNT_OF(bases); i++) {
        uint32_t moves = moves_of_pairs(NULL, bases[i / COUNT_OF(sizes)], sizes[i % COUNT_OF(sizes)]);
        console_say("moves of the end in 1000 pairs", moves);
        /* Up once, and down and up again until it is known how much idle memory is regretted. */
        assert_true(moves <= 5);
    }
}

static uint32_t moves_of_pairs_within_pairs(size_t base, size_t outer_size, size_t inner_size) {
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    (void)fixture_alloc(heap, base);
    uint32_t calls = scripted_store_calls(&store);
    for (int i = 0; i < 1000; i++) {
        unsigned char *outer = fixture_alloc(heap, outer_size);
        ebb_free(heap, fixture_alloc(heap, inner_size));
        ebb_free(heap, outer);
    }
    uint32_t moves = scripted_store_calls(&store) - calls;
    fixture_end(heap, &store, &faults);
    return moves;
}

/* The same where growth follows soon, but not by the next call: a block within the life of another. */
static void test_pairs_within_pairs_at_the_end_move_it_rarely(void **state) {
    (void)state;
    static const size_t sizes[] = {700, 1000, 1300, 2000, 3000, 3300, 4000, 5000, 8000};
    static const size_t bases[] = {1, 300, 5000};
    for (size_t i = 0; i < COUNT_OF(sizes) * COUNT_OF(sizes) * COUNT_OF(bases); i++) {
        size_t outer = sizes[i % COUNT_OF(sizes)];
        size_t inner = sizes[i / COUNT_OF(sizes) % COUNT_OF(sizes)];
        uint32_t moves = moves_of_pairs_within_pairs(bases[i / COUNT_OF(sizes) / COUNT_OF(sizes)], outer, inner);
        /* Up for each block, and down and up again until it is known how much idle memory is regretted. */
        assert_true(moves <= 13);
    }
}

/* The same where the inner block is small: to take more than it needs, each time, is worth no move. */
static void test_small_pairs_within_large_pairs_move_it_rarely(void **state) {
    (void)state;
    static const size_t large[] = {1000, 3000, 3300, 4000, 5000, 6500, 8000, 12000};
    static const size_t small[] = {1, 100, 500};
    for (size_t i = 0; i < COUNT_OF(large) * COUNT_OF(small); i++) {
        uint32_t moves = moves_of_pairs_within_pairs(5000, large[i / COUNT_OF(small)], small[i % COUNT_OF(small)]);
        assert_true(moves <= 15);
    }
}

/* And where the small block is there every other time, while others are freed and allocated below. */
static void test_a_small_block_above_a_large_one_moves_it_rarely(void **state) {
    (void)state;
    for (size_t size = 2000; size < 12000; size += 1500) {
        struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
        (void)fixture_alloc(heap, 4000);
        unsigned char *below = fixture_alloc(heap, 94);
        (void)fixture_alloc(heap, 1);
        unsigned char *small = NULL;
        uint32_t calls = scripted_store_calls(&store);
        for (int i = 0; i < 1000; i++) {
            unsigned char *large = fixture_alloc(heap, size);
            ebb_free(heap, small);
            small = small == NULL ? fixture_alloc(heap, 6) : NULL;
            for (int again = 0; again < 2; again++) {
                ebb_free(heap, below);
                below = fixture_alloc(heap, 94);
            }
            ebb_free(heap, large);
        }
        assert_true(scripted_store_calls(&store) - calls <= 15);
        fixture_end(heap, &store, &faults);
    }
}

static void test_pairs_under_a_quantum_move_it_once(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.quantum = 256, .return_above = 1024};
    for (size_t size = 1; size < 1000; size += 37) {
        uint32_t moves = moves_of_pairs(&policy, 100, size);
        assert_true(moves <= 1);
    }
}

/* Resizing at the end is no more restless than freeing there. */
static void test_resizing_at_the_end_moves_it_once(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    unsigned char *last = fixture_alloc(heap, 100);
    uint32_t calls = scripted_store_calls(&store);
    for (int i = 0; i < 1000; i++) {
        last = ebb_realloc(heap, last, 1100);
        assert_non_null(last);
        last = ebb_realloc(heap, last, 100);
        assert_non_null(last);
    }
    assert_int_equal(scripted_store_calls(&store) - calls, 1);
    fixture_end(heap, &store, &faults);
}

enum { FIRST_LOT = 512 };

static uint32_t moves_of_growth(struct ebb_heap *heap, size_t size, size_t count) {
    uint32_t calls = scripted_store_calls(&store);
    for (size_t i = 0; i < count; i++) {
        (void)fixture_alloc(heap, size);
    }
    uint32_t moves = scripted_store_calls(&store) - calls;
    console_say("moves of the end in as many allocations", moves);
    return moves;
}

static size_t lots_of(size_t size, size_t count) {
    return count * survey_block_for(size) / FIRST_LOT;
}

/* Many small allocations are not as many moves: each brings a lot. */
static void test_growing_slowly_moves_it_once_for_each_lot(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    assert_true(moves_of_growth(heap, 40, 1000) <= lots_of(40, 1000) + 1);
    fixture_end(heap, &store, &faults);
}

/* Where a lot is soon used up, the next one is twice as large: here, until it is four times the first. */
static void test_growing_fast_takes_few_moves(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    assert_true(moves_of_growth(heap, 400, 150) <= lots_of(400, 150) / 3);
    struct survey survey;
    survey_take(&survey, heap);
    assert_true(survey.top_bytes <= (size_t)4 * FIRST_LOT);
    fixture_end(heap, &store, &faults);
}

/* Lots that were made small, as nobody wanted what was idle, grow again with the program. */
static void test_growing_after_a_quiet_time_takes_few_moves_more(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    unsigned char *below = fixture_alloc(heap, 100);
    (void)fixture_alloc(heap, 100);
    ebb_free(heap, below);
    for (int i = 0; i < 20000; i++) {
        ebb_free(heap, fixture_alloc(heap, 100));
    }
    assert_true(moves_of_growth(heap, 40, 1000) <= lots_of(40, 1000) + 8);
    fixture_end(heap, &store, &faults);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs_at_the_end_move_it_rarely),
        cmocka_unit_test(test_pairs_within_pairs_at_the_end_move_it_rarely),
        cmocka_unit_test(test_small_pairs_within_large_pairs_move_it_rarely),
        cmocka_unit_test(test_a_small_block_above_a_large_one_moves_it_rarely),
        cmocka_unit_test(test_pairs_under_a_quantum_move_it_once),
        cmocka_unit_test(test_resizing_at_the_end_moves_it_once),
        cmocka_unit_test(test_growing_slowly_moves_it_once_for_each_lot),
        cmocka_unit_test(test_growing_fast_takes_few_moves),
        cmocka_unit_test(test_growing_after_a_quiet_time_takes_few_moves_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
