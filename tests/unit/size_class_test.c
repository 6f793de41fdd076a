/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Every size is in the class that bins.h draws for it, whichever way that is found. */
#include "support/test.h"

#include "bins.h"

/* The class by the drawing, from one doubling to the next. */
static size_t drawn_class(size_t granules) {
    size_t class = EBB_EXACT_CLASSES;
    size_t first = EBB_EXACT_CLASSES;
    if (granules < first) {
        return granules;
    }
    while (granules >= 2 * first) {
        first *= 2;
        class += 2;
    }
    return granules < first + first / 2 ? class : class + 1;
}

static void assert_class_is_as_drawn(size_t granules) {
    size_t class = ebb_class_of(granules * EBB_GRANULE_UNITS);
    assert_int_equal(class, drawn_class(granules));
    assert_true(class < EBB_CLASSES);
}

static const size_t largest = EBB_LARGEST_REGION / EBB_GRANULE;

static void test_class_of_each_small_size_is_as_drawn(void **state) {
    (void)state;
    for (size_t granules = 1; granules <= largest && granules < 1 << 16; granules++) {
        assert_class_is_as_drawn(granules);
    }
}

static void test_class_is_as_drawn_where_classes_begin(void **state) {
    (void)state;
    for (size_t first = EBB_EXACT_CLASSES; first <= largest; first *= 2) {
        const size_t begins[] = {first, first + first / 2};
        for (size_t i = 0; i < 2 && begins[i] <= largest; i++) {
            assert_class_is_as_drawn(begins[i] - 1);
            assert_class_is_as_drawn(begins[i]);
        }
    }
    assert_class_is_as_drawn(largest);
}

static void test_flags_in_a_header_do_not_change_the_class(void **state) {
    (void)state;
    for (size_t granules = 1; granules <= largest && granules < 1 << 16; granules++) {
        size_t size = granules * EBB_GRANULE_UNITS;
        size_t class = ebb_class_of(ebb_header_of(size, EBB_FLAGS));
        assert_int_equal(class, drawn_class(granules));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_class_of_each_small_size_is_as_drawn),
        cmocka_unit_test(test_class_is_as_drawn_where_classes_begin),
        cmocka_unit_test(test_flags_in_a_header_do_not_change_the_class),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
