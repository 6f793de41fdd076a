/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A store of whole pages, and a maximum inside one: what is left of that page is nobody's. */
#include "support/guard.h"
#include "support/heap_fixture.h"
#include "support/test.h"

#include <ebb/buffer_store.h>

enum { PAGE = 256 };

/* Gives whole pages, and takes back as many as are in what it is offered: as systems with pages do. */
struct page_store {
    struct ebb_store store;
    struct ebb_buffer_store memory;
};

static struct ebb_span grow_by_pages(void *context, size_t size) {
    struct page_store *self = context;
    return self->memory.store.grow(&self->memory, (size + PAGE - 1) / PAGE * PAGE);
}

static size_t shrink_by_pages(void *context, size_t size) {
    struct page_store *self = context;
    return size < PAGE ? 0 : self->memory.store.shrink(&self->memory, size / PAGE * PAGE);
}

static struct ebb_heap *heap_on_pages(struct page_store *pages, const struct ebb_policy *policy) {
    guard_open(fixture_arena(), 0, UNIT_ARENA_SIZE);
    ebb_buffer_store_init(&pages->memory, fixture_arena(), UNIT_ARENA_SIZE / PAGE * PAGE);
    pages->store =
        (struct ebb_store){.grow = grow_by_pages, .shrink = shrink_by_pages, .context = pages, .granule = PAGE};
    struct ebb_heap *heap = ebb_create(&pages->store, policy);
    assert_non_null(heap);
    return heap;
}

static size_t count_gaps(const struct ebb_heap *heap) {
    struct survey survey;
    survey_take(&survey, heap);
    assert_int_equal(ebb_check(heap).damage, EBB_SOUND);
    return survey.gaps;
}

/*
 * A maximum inside a page leaves the rest of that page to nobody, and the store keeps it: so nothing can go back. Or it
 * would be a gap when the end moves up again, and another one each time that the heap is full.
 */
static void test_rest_of_a_page_beyond_the_maximum_is_lost_once_at_most(void **state) {
    (void)state;
    /* The last page has room for a block, whatever part of it the heap may have. */
    for (size_t maximum = 4096 + PAGE / 2; maximum <= 4096 + PAGE; maximum += PAGE / 8) {
        const bool is_inside_page = maximum % PAGE != 0;
        const struct ebb_policy policy = {.maximum = maximum};
        struct page_store pages;
        struct ebb_heap *heap = heap_on_pages(&pages, &policy);
        unsigned char *blocks[64];
        size_t first_count = 0;
        for (int round = 0; round < 10; round++) {
            size_t count = fixture_fill(heap, 100, blocks, COUNT_OF(blocks));
            first_count = round == 0 ? count : first_count;
            assert_int_equal(count, first_count);
            const size_t full = pages.memory.used;
            assert_int_equal(full, (maximum + PAGE - 1) / PAGE * PAGE);
            for (size_t i = 0; i < count; i++) {
                ebb_free(heap, blocks[i]);
            }
            (void)ebb_trim(heap);
            assert_int_equal(pages.memory.used == full, is_inside_page);
            assert_int_equal(pages.memory.used, (fixture_statistics(heap).region_bytes + PAGE - 1) / PAGE * PAGE);
            assert_int_equal(count_gaps(heap), 0);
        }
        assert_int_equal(ebb_destroy(heap), is_inside_page ? maximum : 0);
    }
}

/* A heap that never needs the page in which its maximum lies can give back all that it has. */
static void test_lot_does_not_lead_into_a_page_that_is_cut_by_the_maximum(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.maximum = 16 * PAGE + PAGE / 2, .quantum = 8 * PAGE};
    struct page_store pages;
    struct ebb_heap *heap = heap_on_pages(&pages, &policy);
    unsigned char *blocks[64];
    size_t count = 0;
    while (ebb_largest_free(heap) >= 100 || pages.memory.used < 16 * PAGE) {
        blocks[count] = fixture_alloc(heap, 100);
        count++;
    }
    assert_int_equal(pages.memory.used, 16 * PAGE);
    while (count-- > 0) {
        ebb_free(heap, blocks[count]);
    }
    (void)ebb_trim(heap);
    assert_true(pages.memory.used < fixture_least_region() + PAGE);
    assert_int_equal(ebb_destroy(heap), 0);
    assert_int_equal(pages.memory.used, 0);
}

static size_t shrink_exactly(void *context, size_t size) {
    struct page_store *self = context;
    return self->memory.store.shrink(&self->memory, size);
}

static void test_rest_of_a_page_that_was_taken_back_is_not_offered_again(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.maximum = 4000};
    struct page_store pages;
    struct ebb_heap *heap = heap_on_pages(&pages, &policy);
    pages.store.shrink = shrink_exactly;
    unsigned char *blocks[64];
    size_t count = fixture_fill(heap, 100, blocks, COUNT_OF(blocks));
    assert_int_equal(pages.memory.used, 4000);
    ebb_free(heap, blocks[count - 1]);
    ebb_free(heap, blocks[count - 2]);
    ebb_free(heap, blocks[count - 3]);
    size_t taken = ebb_trim(heap);
    assert_true(taken > 0);
    assert_int_equal(pages.memory.used, 4000 - taken);
    assert_int_equal(pages.memory.used, fixture_statistics(heap).region_bytes);
    assert_int_equal(ebb_destroy(heap), 0);
    assert_int_equal(pages.memory.used, 0);
}

static void test_memory_goes_back_again_after_growth_beyond_the_rest_of_a_page(void **state) {
    (void)state;
    struct ebb_policy policy = {.maximum = 4000};
    struct page_store pages;
    struct ebb_heap *heap = heap_on_pages(&pages, &policy);
    (void)fixture_fill(heap, 100, NULL, 0);
    assert_int_equal(pages.memory.used, 4096);
    policy.maximum = 6144;
    assert_true(ebb_set_policy(heap, &policy));
    unsigned char *blocks[64];
    size_t count = fixture_fill(heap, 100, blocks, COUNT_OF(blocks));
    assert_int_equal(pages.memory.used, 6144);
    assert_int_equal(count_gaps(heap), 1);
    for (size_t i = 0; i < count; i++) {
        ebb_free(heap, blocks[i]);
    }
    assert_true(ebb_trim(heap) > 0);
    assert_in_range(pages.memory.used, 4096, 4096 + PAGE);
    assert_int_equal(count_gaps(heap), 1);
    (void)ebb_destroy(heap);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rest_of_a_page_beyond_the_maximum_is_lost_once_at_most),
        cmocka_unit_test(test_lot_does_not_lead_into_a_page_that_is_cut_by_the_maximum),
        cmocka_unit_test(test_rest_of_a_page_that_was_taken_back_is_not_offered_again),
        cmocka_unit_test(test_memory_goes_back_again_after_growth_beyond_the_rest_of_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
