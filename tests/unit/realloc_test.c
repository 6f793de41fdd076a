/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* ebb_realloc(): in place where it can be, to the left where that spares memory, and never anything lost. */
#include "support/heap_fixture.h"
#include "support/test.h"

#include <string.h>

static struct scripted_store store;
static struct fault_log faults;
static struct snapshot snapshot;

static void write_tag(unsigned char *block, size_t size, unsigned char tag) {
    for (size_t i = 0; i < size; i++) {
        block[i] = (unsigned char)(tag + i * 3);
    }
}

static void assert_tag(const unsigned char *block, size_t size, unsigned char tag) {
    size_t wrong = 0;
    for (size_t i = 0; i < size; i++) {
        wrong += block[i] != (unsigned char)(tag + i * 3);
    }
    assert_int_equal(wrong, 0);
}

static unsigned char *tagged(struct ebb_heap *heap, size_t size, unsigned char tag) {
    unsigned char *block = fixture_alloc(heap, size);
    write_tag(block, size, tag);
    return block;
}

/* Leaves nothing free but what is too small for a block. Returns how many bytes that are. */
static size_t exhaust(struct ebb_heap *heap) {
    for (size_t size = 2048; size > 0; size /= 2) {
        (void)fixture_fill(heap, size, NULL, 0);
    }
    size_t left = ebb_free_bytes(heap);
    assert_true(left < ebb_get_geometry().smallest_block);
    return left;
}

/* The request that makes a block of exactly so many bytes. */
static size_t filling(size_t block) {
    return block - ebb_get_geometry().header;
}

/* A full fixed heap that starts with blocks of 160 bytes, a to e, which hold their tags 'a' to 'e'. */
struct row {
    struct ebb_heap *heap;
    size_t left; /* bytes at the end that are too few for a block */
    unsigned char *a, *b, *c, *d, *e;
};

enum { CELL = 160 };

static struct row make_row(void) {
    struct row row;
    size_t size = filling(CELL);
    row.heap = fixture_fixed_heap(&store, 6144, &faults);
    row.a = tagged(row.heap, size, 'a');
    row.b = tagged(row.heap, size, 'b');
    row.c = tagged(row.heap, size, 'c');
    row.d = tagged(row.heap, size, 'd');
    row.e = tagged(row.heap, size, 'e');
    row.left = exhaust(row.heap);
    return row;
}

static void test_same_size_is_same_block(void **state) {
    (void)state;
    struct row row = make_row();
    snapshot_take(&snapshot, row.heap);
    unsigned char *c = ebb_realloc(row.heap, row.c, filling(CELL));
    assert_ptr_equal(c, row.c);
    snapshot_assert_same_blocks(&snapshot, row.heap);
    fixture_end(row.heap, &store, &faults);
}

static void test_shrinking_stays_and_frees_the_rest(void **state) {
    (void)state;
    struct row row = make_row();
    size_t block = CELL;
    size_t idle = 0;
    while (block > ebb_get_geometry().smallest_block) {
        block -= ebb_get_geometry().granule;
        unsigned char *c = ebb_realloc(row.heap, row.c, filling(block));
        assert_ptr_equal(c, row.c);
        assert_tag(c, filling(block), 'c');
        size_t rest = CELL - block;
        idle = ebb_free_bytes(row.heap) - row.left;
        assert_true(idle <= rest && survey_stays(rest - idle, block));
        fixture_assert_sound(row.heap, &store);
    }
    unsigned char *rest = fixture_alloc(row.heap, filling(idle));
    assert_true(rest > row.c && rest < row.d);
    assert_tag(row.b, filling(CELL), 'b');
    assert_tag(row.d, filling(CELL), 'd');
    fixture_end(row.heap, &store, &faults);
}

static void test_zero_is_served_as_one(void **state) {
    (void)state;
    struct row row = make_row();
    unsigned char *c = ebb_realloc(row.heap, row.c, 0);
    assert_ptr_equal(c, row.c);
    size_t usable = ebb_usable_size(row.heap, c);
    assert_true(usable >= 1 && usable < ebb_get_geometry().smallest_block * 2);
    ebb_free_sized(row.heap, c, 0);
    fixture_end(row.heap, &store, &faults);
}

static void test_grows_to_the_right_in_place(void **state) {
    (void)state;
    for (size_t block = CELL + ebb_get_geometry().granule; block <= 2 * CELL; block += ebb_get_geometry().granule) {
        struct row row = make_row();
        ebb_free(row.heap, row.d);
        unsigned char *c = ebb_realloc(row.heap, row.c, filling(block));
        assert_ptr_equal(c, row.c);
        assert_tag(c, filling(CELL), 'c');
        memset(c, 0xab, ebb_usable_size(row.heap, c));
        size_t rest = 2 * CELL - block;
        size_t idle = ebb_free_bytes(row.heap) - row.left;
        assert_int_equal(idle, survey_stays(rest, block) ? 0 : rest);
        assert_tag(row.b, filling(CELL), 'b');
        assert_tag(row.e, filling(CELL), 'e');
        fixture_end(row.heap, &store, &faults);
    }
}

/* A block that is cut from free memory can grow into what is left of that. */
static void test_grows_into_what_it_was_cut_from(void **state) {
    (void)state;
    struct row row = make_row();
    ebb_free(row.heap, row.b);
    ebb_free(row.heap, row.c);
    unsigned char *small = tagged(row.heap, filling(CELL / 2), 's');
    assert_ptr_equal(small, row.b);
    unsigned char *grown = ebb_realloc(row.heap, small, filling(2 * CELL));
    assert_ptr_equal(grown, small);
    assert_tag(grown, filling(CELL / 2), 's');
    assert_int_equal(ebb_free_bytes(row.heap), row.left);
    fixture_end(row.heap, &store, &faults);
}

static void test_moves_to_the_left_when_full(void **state) {
    (void)state;
    struct row row = make_row();
    ebb_free(row.heap, row.b);
    unsigned char *c = ebb_realloc(row.heap, row.c, filling(2 * CELL));
    assert_ptr_equal(c, row.b);
    assert_tag(c, filling(CELL), 'c');
    memset(c, 0xab, filling(2 * CELL));
    assert_tag(row.a, filling(CELL), 'a');
    assert_tag(row.d, filling(CELL), 'd');
    assert_int_equal(ebb_free_bytes(row.heap), row.left);
    fixture_end(row.heap, &store, &faults);
}

/* By less than its size: where it is going to be, a part of it lies already. */
static void test_moves_to_the_left_over_itself(void **state) {
    (void)state;
    struct row row = make_row();
    size_t hole = CELL / 5 * 2;
    unsigned char *b = ebb_realloc(row.heap, row.b, filling(CELL - hole));
    assert_ptr_equal(b, row.b);
    unsigned char *c = ebb_realloc(row.heap, row.c, filling(CELL + hole));
    assert_ptr_equal(c, row.c - hole);
    assert_tag(c, filling(CELL), 'c');
    assert_tag(b, filling(CELL - hole), 'b');
    assert_tag(row.d, filling(CELL), 'd');
    fixture_end(row.heap, &store, &faults);
}

static void test_moves_to_the_left_and_leaves_the_rest(void **state) {
    (void)state;
    struct row row = make_row();
    ebb_free(row.heap, row.a);
    ebb_free(row.heap, row.b);
    unsigned char *c = ebb_realloc(row.heap, row.c, filling(CELL + 64));
    assert_non_null(c);
    assert_tag(c, filling(CELL), 'c');
    size_t idle = ebb_free_bytes(row.heap) - row.left;
    assert_int_equal(idle, 3 * CELL - (CELL + 64));
    fixture_assert_sound(row.heap, &store);
    assert_tag(row.d, filling(CELL), 'd');
    fixture_end(row.heap, &store, &faults);
}

static void test_joins_left_and_right(void **state) {
    (void)state;
    struct row row = make_row();
    ebb_free(row.heap, row.b);
    ebb_free(row.heap, row.d);
    unsigned char *c = ebb_realloc(row.heap, row.c, filling(3 * CELL));
    assert_ptr_equal(c, row.b);
    assert_tag(c, filling(CELL), 'c');
    memset(c, 0xab, filling(3 * CELL));
    assert_tag(row.a, filling(CELL), 'a');
    assert_tag(row.e, filling(CELL), 'e');
    fixture_end(row.heap, &store, &faults);
}

/* What is free to the left, the block, and what is idle at the end of the region, which cannot grow. */
static void test_joins_left_and_the_end(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_fixed_heap(&store, 4096, &faults);
    (void)fixture_alloc(heap, ebb_largest_free(heap) - (size_t)4 * CELL);
    unsigned char *a = fixture_alloc(heap, filling(CELL));
    unsigned char *b = tagged(heap, filling(CELL), 'b');
    size_t idle = ebb_free_bytes(heap);
    assert_in_range(idle, CELL, 3 * CELL);
    ebb_free(heap, a);
    unsigned char *joined = ebb_realloc(heap, b, filling(2 * CELL + idle));
    assert_ptr_equal(joined, a);
    assert_tag(joined, filling(CELL), 'b');
    assert_int_equal(ebb_free_bytes(heap), 0);
    fixture_end(heap, &store, &faults);
}

static void test_copies_into_another_hole(void **state) {
    (void)state;
    struct row row = make_row();
    ebb_free(row.heap, row.d);
    ebb_free(row.heap, row.e);
    unsigned char *a = ebb_realloc(row.heap, row.a, filling(2 * CELL));
    assert_ptr_equal(a, row.d);
    assert_tag(a, filling(CELL), 'a');
    unsigned char *again = fixture_alloc(row.heap, filling(CELL));
    assert_ptr_equal(again, row.a);
    assert_tag(row.b, filling(CELL), 'b');
    fixture_end(row.heap, &store, &faults);
}

static void test_failure_leaves_the_block(void **state) {
    (void)state;
    struct row row = make_row();
    ebb_free(row.heap, row.a);
    ebb_free(row.heap, row.d);
    snapshot_take(&snapshot, row.heap);
    const size_t sizes[] = {filling(2 * CELL) + 1,
                            filling(3 * CELL),
                            5000,
                            ebb_get_geometry().largest_request,
                            ebb_get_geometry().largest_request + 1,
                            SIZE_MAX / 2,
                            SIZE_MAX - 7,
                            SIZE_MAX};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        unsigned char *c = ebb_realloc(row.heap, row.c, sizes[i]);
        assert_null(c);
        snapshot_assert_same_blocks(&snapshot, row.heap);
        assert_tag(row.c, filling(CELL), 'c');
    }
    ebb_free_sized(row.heap, row.c, filling(CELL));
    fixture_end(row.heap, &store, &faults);
}

static void test_block_at_the_end_grows_into_top(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_fixed_heap(&store, 8192, &faults);
    (void)tagged(heap, 100, 'x');
    unsigned char *last = tagged(heap, 100, 'l');
    for (size_t size = 101; size < 6000; size += 57) {
        unsigned char *same = ebb_realloc(heap, last, size);
        assert_ptr_equal(same, last);
        assert_tag(last, 100, 'l');
    }
    size_t rest = ebb_largest_free(heap);
    unsigned char *same = ebb_realloc(heap, last, ebb_usable_size(heap, last) + rest + ebb_get_geometry().header);
    assert_ptr_equal(same, last);
    assert_int_equal(ebb_free_bytes(heap), 0);
    assert_tag(last, 100, 'l');
    fixture_end(heap, &store, &faults);
}

/* The end of the region moves, the block does not. */
static void test_block_at_the_end_grows_with_the_region(void **state) {
    (void)state;
    for (uint32_t strategy = 0; strategy < 2; strategy++) {
        struct ebb_policy policy = {.strategy = strategy};
        struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
        (void)tagged(heap, 40, 'x');
        unsigned char *last = tagged(heap, 100, 'l');
        for (size_t size = 200; size < 40000; size += size / 3) {
            uint32_t calls = scripted_store_calls(&store);
            unsigned char *same = ebb_realloc(heap, last, size);
            assert_ptr_equal(same, last);
            assert_tag(last, 100, 'l');
            assert_true(scripted_store_calls(&store) - calls <= 1);
        }
        fixture_end(heap, &store, &faults);
    }
}

static void test_block_before_a_free_end_grows_with_the_region(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    unsigned char *block = tagged(heap, 100, 'l');
    unsigned char *neighbour = fixture_alloc(heap, 300);
    ebb_free(heap, neighbour);
    unsigned char *same = ebb_realloc(heap, block, 20000);
    assert_ptr_equal(same, block);
    assert_tag(block, 100, 'l');
    fixture_end(heap, &store, &faults);
}

/* What lies free beside a block serves without the store, however little is idle at the end. */
static void test_block_amid_others_grows_without_the_store(void **state) {
    (void)state;
    for (int is_right_free = 0; is_right_free < 2; is_right_free++) {
        struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
        unsigned char *left = fixture_alloc(heap, filling(CELL));
        unsigned char *block = tagged(heap, filling(CELL), 'b');
        unsigned char *right = fixture_alloc(heap, filling(CELL));
        (void)fixture_alloc(heap, 1);
        ebb_free(heap, is_right_free ? right : left);
        (void)ebb_trim(heap);
        uint32_t calls = scripted_store_calls(&store);
        unsigned char *grown = ebb_realloc(heap, block, filling((size_t)2 * CELL));
        assert_ptr_equal(grown, is_right_free ? block : left);
        assert_tag(grown, filling(CELL), 'b');
        assert_int_equal(scripted_store_calls(&store), calls);
        fixture_end(heap, &store, &faults);
    }
}

static void test_shrinking_the_last_block_widens_top(void **state) {
    (void)state;
    struct ebb_policy policy = {.strategy = EBB_GROW_ONLY};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    unsigned char *last = tagged(heap, 20000, 'l');
    size_t held = store.end;
    unsigned char *same = ebb_realloc(heap, last, 100);
    assert_ptr_equal(same, last);
    assert_tag(last, 100, 'l');
    struct survey survey;
    survey_take(&survey, heap);
    assert_int_equal(survey.free_blocks, 0);
    (void)fixture_alloc(heap, 19000);
    assert_int_equal(store.end, held);
    fixture_end(heap, &store, &faults);
}

/* A large block that shrinks at the end is given back as one that is freed there. */
static void test_shrinking_the_last_block_gives_back(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    unsigned char *last = tagged(heap, 60000, 'l');
    last = ebb_realloc(heap, last, 100);
    for (int i = 0; i < 200; i++) {
        ebb_free(heap, fixture_alloc(heap, 20));
    }
    /* A lot is left, at most. */
    assert_true(store.end <= fixture_least_region() + survey_block_for(100) + 512);
    assert_tag(last, 100, 'l');
    fixture_end(heap, &store, &faults);
}

/* It becomes one with the hole beside it, and what was merged last serves a small request. */
static void test_what_a_shrunk_block_leaves_is_used_next(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_fixed_heap(&store, 6144, &faults);
    const size_t granule = ebb_get_geometry().granule;
    unsigned char *block = fixture_alloc(heap, filling(20 * granule));
    unsigned char *hole = fixture_alloc(heap, filling(8 * granule));
    (void)fixture_alloc(heap, 1);
    unsigned char *left = fixture_alloc(heap, filling(8 * granule));
    unsigned char *right = fixture_alloc(heap, filling(8 * granule));
    (void)fixture_alloc(heap, 1);
    ebb_free(heap, hole);
    ebb_free(heap, left);
    ebb_free(heap, right);
    unsigned char *same = ebb_realloc(heap, block, filling(10 * granule));
    assert_ptr_equal(same, block);
    assert_ptr_equal(fixture_alloc(heap, filling(5 * granule)), block + 10 * granule);
    fixture_end(heap, &store, &faults);
}

static void test_each_small_size_becomes_each_other(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_fixed_heap(&store, 8192, &faults);
    for (size_t from = 0; from < 70; from++) {
        for (size_t to = 0; to < 70; to++) {
            unsigned char *before = tagged(heap, 30, 'b');
            unsigned char *block = tagged(heap, from, 't');
            unsigned char *after = tagged(heap, 30, 'a');
            ebb_free(heap, (from + to) % 3 == 0 ? before : NULL);
            block = ebb_realloc(heap, block, to);
            assert_non_null(block);
            assert_tag(block, from < to ? from : to, 't');
            memset(block, 0x99, ebb_usable_size(heap, block));
            assert_tag(after, 30, 'a');
            ebb_free_sized(heap, block, to);
            ebb_free(heap, after);
            ebb_free(heap, (from + to) % 3 == 0 ? NULL : before);
        }
        assert_int_equal(fixture_statistics(heap).live_bytes, 0);
        fixture_assert_sound(heap, &store);
    }
    fixture_end(heap, &store, &faults);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_size_is_same_block),
        cmocka_unit_test(test_shrinking_stays_and_frees_the_rest),
        cmocka_unit_test(test_zero_is_served_as_one),
        cmocka_unit_test(test_grows_to_the_right_in_place),
        cmocka_unit_test(test_grows_into_what_it_was_cut_from),
        cmocka_unit_test(test_moves_to_the_left_when_full),
        cmocka_unit_test(test_moves_to_the_left_over_itself),
        cmocka_unit_test(test_moves_to_the_left_and_leaves_the_rest),
        cmocka_unit_test(test_joins_left_and_right),
        cmocka_unit_test(test_joins_left_and_the_end),
        cmocka_unit_test(test_copies_into_another_hole),
        cmocka_unit_test(test_failure_leaves_the_block),
        cmocka_unit_test(test_block_at_the_end_grows_into_top),
        cmocka_unit_test(test_block_at_the_end_grows_with_the_region),
        cmocka_unit_test(test_block_before_a_free_end_grows_with_the_region),
        cmocka_unit_test(test_block_amid_others_grows_without_the_store),
        cmocka_unit_test(test_shrinking_the_last_block_widens_top),
        cmocka_unit_test(test_shrinking_the_last_block_gives_back),
        cmocka_unit_test(test_what_a_shrunk_block_leaves_is_used_next),
        cmocka_unit_test(test_each_small_size_becomes_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
