/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The store on a plain buffer, alone and under a heap. */
#include "support/bytes.h"
#include "support/test.h"

#include <ebb/buffer_store.h>
#include <ebb/heap.h>

#include <string.h>

static _Alignas(16) unsigned char buffer[4096];

static void test_gives_from_the_start(void **state) {
    (void)state;
    struct ebb_buffer_store self;
    ebb_buffer_store_init(&self, buffer, 100);
    assert_ptr_equal(self.buffer, buffer);
    assert_int_equal(self.size, 100);
    assert_int_equal(self.used, 0);
    struct ebb_span span = self.store.grow(self.store.context, 30);
    assert_ptr_equal(span.start, buffer);
    assert_int_equal(span.size, 30);
    assert_int_equal(self.used, 30);
    span = self.store.grow(self.store.context, 1);
    assert_ptr_equal(span.start, buffer + 30);
    assert_int_equal(span.size, 1);
    assert_int_equal(self.used, 31);
}

static void test_gives_what_is_left(void **state) {
    (void)state;
    static const size_t wishes[] = {71, 1000, SIZE_MAX - 30, SIZE_MAX - 29, SIZE_MAX};
    for (size_t i = 0; i < COUNT_OF(wishes); i++) {
        struct ebb_buffer_store self;
        ebb_buffer_store_init(&self, buffer, 100);
        (void)self.store.grow(self.store.context, 30);
        struct ebb_span span = self.store.grow(self.store.context, wishes[i]);
        assert_ptr_equal(span.start, buffer + 30);
        assert_int_equal(span.size, 70);
        assert_int_equal(self.used, 100);
        span = self.store.grow(self.store.context, wishes[i]);
        assert_int_equal(span.size, 0);
        assert_int_equal(self.used, 100);
    }
}

static void test_takes_all_back(void **state) {
    (void)state;
    struct ebb_buffer_store self;
    ebb_buffer_store_init(&self, buffer, 100);
    (void)self.store.grow(self.store.context, 80);
    size_t taken = self.store.shrink(self.store.context, 50);
    assert_int_equal(taken, 50);
    assert_int_equal(self.used, 30);
    struct ebb_span span = self.store.grow(self.store.context, 10);
    assert_ptr_equal(span.start, buffer + 30);
    taken = self.store.shrink(self.store.context, 40);
    assert_int_equal(taken, 40);
    assert_int_equal(self.used, 0);
    (void)self.store.grow(self.store.context, 10);
    taken = self.store.shrink(self.store.context, 11);
    assert_int_equal(taken, 10);
    assert_int_equal(self.used, 0);
}

static void test_promises_nothing_about_content(void **state) {
    (void)state;
    struct ebb_buffer_store self;
    memset(buffer, 0x6b, sizeof buffer);
    ebb_buffer_store_init(&self, buffer, sizeof buffer);
    assert_true(!self.store.fresh_is_zero);
    struct ebb_heap *heap = ebb_create(&self.store, NULL);
    assert_non_null(heap);
    unsigned char *block = ebb_calloc(heap, 100, 10);
    assert_non_null(block);
    assert_true(bytes_are(block, 0, 1000));
    (void)ebb_destroy(heap);
}

/* The end of the region may be at any byte. */
static void test_end_goes_to_any_byte(void **state) {
    (void)state;
    struct ebb_buffer_store self;
    for (size_t maximum = 2000; maximum < 2017; maximum++) {
        struct ebb_policy policy = {.strategy = EBB_GROW_ONLY};
        ebb_buffer_store_init(&self, buffer, sizeof buffer);
        struct ebb_heap *heap = ebb_create(&self.store, &policy);
        assert_non_null(heap);
        ebb_free(heap, ebb_alloc(heap, 2500));
        policy.maximum = maximum;
        assert_true(ebb_set_policy(heap, &policy));
        assert_int_equal(self.used, maximum);
        (void)ebb_destroy(heap);
    }
}

static void test_empty_buffer_makes_no_heap(void **state) {
    (void)state;
    struct ebb_buffer_store self;
    for (size_t size = 0; size < ebb_get_geometry().control_block; size++) {
        ebb_buffer_store_init(&self, buffer, size);
        struct ebb_heap *heap = ebb_create(&self.store, NULL);
        assert_null(heap);
        assert_int_equal(self.used, 0);
    }
}

/* Every start in a buffer, every length of it: never a byte outside. */
static void test_heap_stays_inside(void **state) {
    (void)state;
    for (size_t start = 0; start < 17; start++) {
        for (size_t size = ebb_get_geometry().control_block + 80; size < ebb_get_geometry().control_block + 97;
             size++) {
            struct ebb_buffer_store self;
            memset(buffer, 0x6b, sizeof buffer);
            ebb_buffer_store_init(&self, buffer + start, size);
            struct ebb_heap *heap = ebb_create(&self.store, NULL);
            assert_non_null(heap);
            unsigned char *block = NULL;
            while ((block = ebb_alloc(heap, 5)) != NULL) {
                memset(block, 0x11, ebb_usable_size(heap, block));
            }
            struct ebb_finding finding = ebb_check(heap);
            assert_int_equal(finding.damage, EBB_SOUND);
            size_t left = ebb_destroy(heap);
            assert_int_equal(left, 0);
            assert_true(self.used < ebb_get_geometry().granule);
            assert_true(bytes_are(buffer, 0x6b, start));
            assert_true(bytes_are(buffer + start + size, 0x6b, 64));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gives_from_the_start), cmocka_unit_test(test_gives_what_is_left),
        cmocka_unit_test(test_takes_all_back),       cmocka_unit_test(test_promises_nothing_about_content),
        cmocka_unit_test(test_end_goes_to_any_byte), cmocka_unit_test(test_empty_buffer_makes_no_heap),
        cmocka_unit_test(test_heap_stays_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
