/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A test that is wrong must be seen to fail: each failure here is meant, and their number is the exit code. */
#include <cmocka.h>

static void false_condition(void **state) {
    (void)state;
    assert_true(1 == 2);
}

static void unequal(void **state) {
    (void)state;
    assert_int_equal(1, 2);
}

static void out_of_range(void **state) {
    (void)state;
    assert_in_range(11, 1, 10);
}

static void other_memory(void **state) {
    (void)state;
    assert_memory_equal("abc", "abd", 4);
}

static void other_pointer(void **state) {
    assert_ptr_equal(state, NULL);
}

static void null(void **state) {
    (void)state;
    assert_non_null(NULL);
}

static void plain_failure(void **state) {
    (void)state;
    fail_msg("meant, number %d", 7);
}

static void all_holds(void **state) {
    assert_ptr_equal(*state, NULL);
    assert_int_equal(-1, -1);
    assert_int_not_equal(1, 2);
    assert_in_range(10, 1, 10);
    assert_memory_equal("abc", "abd", 2);
    assert_memory_not_equal("abc", "abd", 3);
    assert_string_equal("abc", "abc");
    assert_null(NULL);
    assert_false(0);
}

static void skipped(void **state) {
    (void)state;
    skip();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(false_condition), cmocka_unit_test(unequal),       cmocka_unit_test(out_of_range),
        cmocka_unit_test(other_memory),    cmocka_unit_test(other_pointer), cmocka_unit_test(null),
        cmocka_unit_test(plain_failure),   cmocka_unit_test(all_holds),     cmocka_unit_test(skipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
