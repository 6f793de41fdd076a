/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Where the wide geometry ends: heaps of gibibytes, of which only headers are ever touched. The system gives addresses
 * for that, and pages for what is written. At level 2 all free memory is written, so not there.
 */
#include "support/test.h"

#include <ebb/buffer_store.h>
#include <ebb/heap.h>

#include <stdbool.h>
#include <sys/mman.h>

static struct ebb_buffer_store store;
static unsigned char *memory;

static const size_t gibibyte = (size_t)1 << 30;

static void say_fault(void *told, enum ebb_fault fault, const void *address) {
    (void)fault;
    (void)address;
    *(bool *)told = true;
}

static bool is_told;

/* Once for all tests. Skips the test where the system gives no more addresses than there is memory. */
static void reserve_addresses(void) {
    size_t size = ebb_get_geometry().largest_region;
    if (memory == NULL) {
        void *start = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        memory = start != MAP_FAILED ? start : NULL;
    }
    if (memory == NULL) {
        print_message("the system gives no more addresses than it has memory\n");
        skip();
    }
}

static struct ebb_heap *make_heap(const struct ebb_policy *policy) {
    reserve_addresses();
    ebb_buffer_store_init(&store, memory, ebb_get_geometry().largest_region);
    struct ebb_heap *heap = ebb_create(&store.store, policy);
    assert_non_null(heap);
    is_told = false;
    ebb_set_fault_handler(heap, say_fault, &is_told);
    return heap;
}

static void assert_sound(const struct ebb_heap *heap) {
    struct ebb_finding finding = ebb_check(heap);
    assert_int_equal(finding.damage, EBB_SOUND);
    assert_false(is_told);
}

static unsigned char *must_alloc(struct ebb_heap *heap, size_t size) {
    unsigned char *block = ebb_alloc(heap, size);
    assert_non_null(block);
    assert_true(ebb_usable_size(heap, block) >= size);
    block[0] = 0x5a;
    block[size - 1] = 0xa5;
    assert_sound(heap);
    return block;
}

static void must_free(struct ebb_heap *heap, unsigned char *block, size_t size) {
    assert_int_equal(block[0], 0x5a);
    assert_int_equal(block[size - 1], 0xa5);
    ebb_free_sized(heap, block, size);
    assert_sound(heap);
}

static void end(struct ebb_heap *heap) {
    struct ebb_statistics statistics;
    ebb_get_statistics(heap, &statistics);
    assert_int_equal(statistics.live_bytes, 0);
    size_t left = ebb_destroy(heap);
    assert_int_equal(left, 0);
}

static const struct ebb_policy policies[] = {
    {.strategy = EBB_FIXED},
    {.strategy = EBB_GROW_ONLY},
    {.strategy = EBB_GROW_AND_RETURN, .quantum = SIZE_MAX, .return_above = SIZE_MAX},
    {.strategy = EBB_GROW_AND_RETURN, .maximum = SIZE_MAX, .move_price = UINT32_MAX},
};

static void test_largest_request_is_all_there_is(void **state) {
    (void)state;
    size_t largest = ebb_get_geometry().largest_request;
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        struct ebb_heap *heap = make_heap(&policies[i]);
        void *none = ebb_alloc(heap, largest + 1);
        assert_null(none);
        unsigned char *all = must_alloc(heap, largest);
        none = ebb_alloc(heap, 1);
        assert_null(none);
        struct ebb_statistics statistics;
        ebb_get_statistics(heap, &statistics);
        assert_int_equal(statistics.peak_region_bytes, ebb_get_geometry().largest_region);
        unsigned char *same = ebb_realloc(heap, all, 100);
        assert_ptr_equal(same, all);
        same = ebb_realloc(heap, all, largest);
        assert_ptr_equal(same, all);
        must_free(heap, all, largest);
        end(heap);
    }
}

/* Half of all, a small block, a quarter of all, another: sizes and links need all bits of a number. */
static void test_far_blocks_are_blocks(void **state) {
    (void)state;
    size_t half = ebb_get_geometry().largest_region / 2;
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        struct ebb_heap *heap = make_heap(&policies[i]);
        unsigned char *low = must_alloc(heap, half);
        unsigned char *small = must_alloc(heap, 1000);
        unsigned char *high = must_alloc(heap, half / 2);
        unsigned char *last = must_alloc(heap, 1000);
        must_free(heap, low, half);
        must_free(heap, high, half / 2);
        low = must_alloc(heap, half - 1000);
        high = must_alloc(heap, half / 2 - 1000);
        assert_true(low < small && small < high && high < last);
        must_free(heap, low, half - 1000);
        must_free(heap, high, half / 2 - 1000);
        unsigned char *moved = ebb_realloc(heap, small, half + half / 2);
        assert_true(moved < small);
        assert_int_equal(moved[0], 0x5a);
        assert_int_equal(moved[999], 0xa5);
        assert_sound(heap);
        ebb_free(heap, moved);
        must_free(heap, last, 1000);
        end(heap);
    }
}

static void test_large_alignments_are_met(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap(NULL);
    size_t largest = ebb_get_geometry().largest_request;
    for (size_t alignment = gibibyte / 64; alignment <= largest / 4; alignment *= 2) {
        unsigned char *block = ebb_aligned_alloc(heap, alignment, 1000);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % alignment, 0);
        assert_sound(heap);
        void *none = ebb_aligned_alloc(heap, alignment, largest - alignment / 2);
        assert_null(none);
        ebb_free(heap, block);
        assert_sound(heap);
    }
    end(heap);
}

static void test_large_gap_is_reached_over(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY};
    struct ebb_heap *heap = make_heap(&policy);
    size_t size = gibibyte / 64;
    unsigned char *below = must_alloc(heap, size);
    store.used = ebb_get_geometry().largest_region - 2 * size;
    unsigned char *above = must_alloc(heap, size);
    assert_true(above > memory + ebb_get_geometry().largest_region - 2 * size);
    void *none = ebb_alloc(heap, size);
    assert_null(none);
    must_free(heap, below, size);
    below = must_alloc(heap, size);
    assert_true(below < above);
    must_free(heap, below, size);
    must_free(heap, above, size);
    (void)ebb_trim(heap);
    assert_sound(heap);
}

/* A store that only gives `can_give` bytes at a time, and notes the most that it was ever asked for. */
struct stingy_store {
    struct ebb_store store;
    size_t can_give;
    size_t most_asked;
};

static struct ebb_span grow_stingily(void *context, size_t size) {
    struct stingy_store *self = context;
    self->most_asked = size > self->most_asked ? size : self->most_asked;
    return size > self->can_give ? (struct ebb_span){NULL, 0} : store.store.grow(store.store.context, size);
}

/*
 * What a lot as large as a heap can be, on top of the region and up to a granule, comes to does not fit into an address
 * of 32 bits.
 */
static void test_no_request_is_for_more_than_there_is_room(void **state) {
    (void)state;
    reserve_addresses();
    size_t largest = ebb_get_geometry().largest_region;
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = SIZE_MAX};
    for (size_t granule = SIZE_MAX / 2 + 1; granule >= gibibyte / 4; granule /= 2) {
        ebb_buffer_store_init(&store, memory, largest);
        struct stingy_store stingy = {.store = {.granule = granule, .grow = grow_stingily, .context = &stingy}};
        stingy.can_give = gibibyte / 16 + 1000;
        struct ebb_heap *heap = ebb_create(&stingy.store, &policy);
        assert_non_null(heap);
        struct ebb_statistics statistics;
        do {
            (void)ebb_alloc(heap, gibibyte / 16);
            ebb_get_statistics(heap, &statistics);
            assert_true(stingy.most_asked < largest);
        } while (statistics.failed_requests == 0);
        assert_true(largest - statistics.region_bytes < gibibyte / 16 + 1000);
    }
}

/* Gives all from an address to the last one, and then what lies far below. */
static struct ebb_span grow_to_the_last_address(void *context, size_t size) {
    unsigned char **next = context;
    unsigned char *start = *next;
    *next = memory;
    return (struct ebb_span){start, start != memory ? 0 - (uintptr_t)start : size};
}

/* The end of that region is 0 to an address. Only where they have 32 bits does a heap reach so far. */
static void test_what_lies_below_the_last_address_is_a_lie_above_it(void **state) {
    (void)state;
    reserve_addresses();
    unsigned char *start = memory + ebb_get_geometry().largest_region - ((size_t)1 << 16);
    size_t above = 0 - (uintptr_t)start;
    if (above > ebb_get_geometry().largest_region / 2) {
        print_message("no heap reaches the last address from here\n");
        skip();
    }
    unsigned char *next = start;
    struct ebb_store to_the_last = {.grow = grow_to_the_last_address, .context = &next};
    struct ebb_heap *heap = ebb_create(&to_the_last, NULL);
    assert_non_null(heap);
    is_told = false;
    ebb_set_fault_handler(heap, say_fault, &is_told);
    void *none = ebb_alloc(heap, above);
    assert_null(none);
    assert_true(is_told);
    struct ebb_finding finding = ebb_check(heap);
    assert_int_equal(finding.damage, EBB_SOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_largest_request_is_all_there_is),
        cmocka_unit_test(test_far_blocks_are_blocks),
        cmocka_unit_test(test_large_alignments_are_met),
        cmocka_unit_test(test_large_gap_is_reached_over),
        cmocka_unit_test(test_no_request_is_for_more_than_there_is_room),
        cmocka_unit_test(test_what_lies_below_the_last_address_is_a_lie_above_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
