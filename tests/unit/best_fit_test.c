/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Best fit, which a core has if it was compiled with EBB_BEST_FIT: of several holes, the smallest is used. */
#include "support/heap_fixture.h"
#include "support/test.h"

enum { REGION = 8192, SEPARATOR = 8 };

static struct scripted_store store;
static struct fault_log faults;

/* A block that can be freed without merging with what comes after it. */
static unsigned char *alloc_below_separator(struct ebb_heap *heap, size_t size) {
    unsigned char *block = fixture_alloc(heap, size);
    (void)fixture_alloc(heap, SEPARATOR);
    return block;
}

/* Frees two neighbours: what they merge to is what was merged last, which comes before the lists otherwise. */
static void free_merging(struct ebb_heap *heap, unsigned char *left, unsigned char *right) {
    ebb_free(heap, left);
    ebb_free(heap, right);
}

/* Whether a block is in a hole that began at `hole`, was `hole_size` bytes large, and is used from either end. */
static bool is_in(const unsigned char *block, const unsigned char *hole, size_t hole_size) {
    return block >= hole && block < hole + hole_size;
}

static void test_a_small_hole_comes_before_the_last_merged(void **state) {
    (void)state;
    static const size_t wanted[] = {16, 40, 100, 200};
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        struct ebb_heap *heap = fixture_fixed_heap(&store, REGION, &faults);
        /* A class above that of the request, or more. */
        size_t small_size = 2 * wanted[i] + 24;
        unsigned char *small = alloc_below_separator(heap, small_size);
        unsigned char *left = fixture_alloc(heap, 500);
        unsigned char *right = alloc_below_separator(heap, 500);
        ebb_free(heap, small);
        free_merging(heap, left, right);
        assert_true(is_in(fixture_alloc(heap, wanted[i]), small, small_size));
        fixture_end(heap, &store, &faults);
    }
}

static void test_the_last_merged_comes_before_a_larger_hole(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_fixed_heap(&store, REGION, &faults);
    unsigned char *large = alloc_below_separator(heap, 1500);
    unsigned char *left = fixture_alloc(heap, 200);
    unsigned char *right = alloc_below_separator(heap, 200);
    ebb_free(heap, large);
    free_merging(heap, left, right);
    assert_true(is_in(fixture_alloc(heap, 100), left, 400));
    fixture_end(heap, &store, &faults);
}

/* Three sizes of one class, 16 to 23 granules, freed in each order: what is freed last comes first in its list. */
static void test_the_smallest_of_a_class_is_used(void **state) {
    (void)state;
    static const size_t orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    size_t granule = ebb_get_geometry().granule;
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        struct ebb_heap *heap = fixture_fixed_heap(&store, REGION, &faults);
        unsigned char *holes[3];
        for (size_t hole = 0; hole < 3; hole++) {
            holes[hole] = alloc_below_separator(heap, (17 + 2 * hole) * granule);
        }
        for (size_t freed = 0; freed < 3; freed++) {
            ebb_free(heap, holes[orders[i][freed]]);
        }
        for (size_t hole = 0; hole < 3; hole++) {
            assert_ptr_equal(fixture_alloc(heap, (16 + 2 * hole) * granule), holes[hole]);
        }
        fixture_end(heap, &store, &faults);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_small_hole_comes_before_the_last_merged),
        cmocka_unit_test(test_the_last_merged_comes_before_a_larger_hole),
        cmocka_unit_test(test_the_smallest_of_a_class_is_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
