/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A test that is wrong must be seen to fail: each failure here is meant, and their number is the exit code. */
#include <cmocka.h>

static int torn_down;

static int count_teardown(void **state) {
    (void)state;
    torn_down++;
    return 0;
}

static int refuse(void **state) {
    (void)state;
    return -1;
}

static int set_state(void **state) {
    *state = &torn_down;
    return 0;
}

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

static void not_reached(void **state) {
    (void)state;
    assert_true(1);
}

static void all_holds(void **state) {
    assert_ptr_equal(*state, &torn_down);
    assert_int_equal(torn_down, 7);
    assert_int_equal(-1, -1);
    assert_int_not_equal(1, 2);
    assert_in_range(10, 1, 10);
    assert_not_in_range(11, 1, 10);
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
        cmocka_unit_test_teardown(false_condition, count_teardown),
        cmocka_unit_test_teardown(unequal, count_teardown),
        cmocka_unit_test_teardown(out_of_range, count_teardown),
        cmocka_unit_test_teardown(other_memory, count_teardown),
        cmocka_unit_test_teardown(other_pointer, count_teardown),
        cmocka_unit_test_teardown(null, count_teardown),
        cmocka_unit_test_teardown(plain_failure, count_teardown),
        cmocka_unit_test_setup(not_reached, refuse),
        cmocka_unit_test_setup(all_holds, set_state),
        cmocka_unit_test(skipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
