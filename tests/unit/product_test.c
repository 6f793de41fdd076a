/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What product.h says is as a division says it, whichever way that is found. */
#include "support/test.h"

#include "product.h"

static bool overflows_by_division(size_t count, size_t size) {
    return size != 0 && count > SIZE_MAX / size;
}

/* Numbers at which something may change: around each power of two, and what times another comes close to the limit. */
static size_t notable_number(size_t index) {
    size_t power = (size_t)1 << index / 4 % (sizeof(size_t) * CHAR_BIT);
    switch (index % 4) {
    case 0:
        return power - 1;
    case 1:
        return power;
    case 2:
        return power + 1;
    default:
        return SIZE_MAX / power;
    }
}

static const size_t notable_numbers = sizeof(size_t) * CHAR_BIT * 4;

static void assert_is_as_divided(size_t count, size_t size) {
    bool overflows = ebb_product_overflows(count, size);
    assert_int_equal(overflows, overflows_by_division(count, size));
}

static void test_product_of_notable_numbers(void **state) {
    (void)state;
    for (size_t i = 0; i < notable_numbers; i++) {
        for (size_t j = 0; j < notable_numbers; j++) {
            assert_is_as_divided(notable_number(i), notable_number(j));
        }
    }
}

static void test_largest_factor_is_the_last_that_does_not_overflow(void **state) {
    (void)state;
    for (size_t i = 0; i < notable_numbers; i++) {
        size_t size = notable_number(i);
        size_t most = size > 1 ? SIZE_MAX / size : 0;
        if (most != 0) {
            assert_false(ebb_product_overflows(most, size));
            assert_true(ebb_product_overflows(most + 1, size));
            assert_true(ebb_product_overflows(size, most + 1));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_product_of_notable_numbers),
        cmocka_unit_test(test_largest_factor_is_the_last_that_does_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
