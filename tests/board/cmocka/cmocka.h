/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The part of CMocka's interface that ebb's tests use, for boards: no stdio, no malloc, no signals. Tests are compiled
 * against CMocka itself on the host, so what is not here is missed at once, and what differs is found there.
 *
 * Failures leave the test by longjmp. No mocks, no fixtures.
 */
#ifndef BOARD_CMOCKA_H
#define BOARD_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

typedef uintmax_t LargestIntegralType;

typedef void (*CMUnitTestFunction)(void **state);

struct CMUnitTest {
    const char *name;
    CMUnitTestFunction test_func;
};

#define cmocka_unit_test(test)                                                                                         \
    { #test, test }

/* Returns how many tests failed. `setup` and `teardown` have to be NULL: with anything else, it does not compile. */
#define cmocka_run_group_tests(tests, setup, teardown)                                                                 \
    board_cmocka_run(#tests, tests, sizeof(tests) / sizeof((tests)[0]) BOARD_NO_##setup BOARD_NO_##teardown)
#define BOARD_NO_NULL

int board_cmocka_run(const char *group, const struct CMUnitTest *tests, size_t count);

void print_message(const char *format, ...) __attribute__((format(printf, 1, 2)));
void print_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- Ends of a test ---- */

#define fail() board_cmocka_fail(__FILE__, __LINE__)
#define fail_msg(...)                                                                                                  \
    do {                                                                                                               \
        print_error("ERROR: " __VA_ARGS__);                                                                            \
        print_error("\n");                                                                                             \
        board_cmocka_fail(__FILE__, __LINE__);                                                                         \
    } while (0)
#define skip() board_cmocka_skip(__FILE__, __LINE__)

_Noreturn void board_cmocka_fail(const char *file, int line);
_Noreturn void board_cmocka_skip(const char *file, int line);

/* ---- Assertions ---- */

#define BOARD_INTEGER(value) ((LargestIntegralType)(value))
#define BOARD_POINTER(value) board_pointer(value)

#define assert_true(condition) board_assert_true(BOARD_INTEGER(condition), #condition, __FILE__, __LINE__)
#define assert_false(condition) board_assert_true(!BOARD_INTEGER(condition), "!(" #condition ")", __FILE__, __LINE__)
#define assert_non_null(pointer) board_assert_true(BOARD_POINTER(pointer) != 0, #pointer " != NULL", __FILE__, __LINE__)
#define assert_null(pointer) board_assert_true(BOARD_POINTER(pointer) == 0, #pointer " == NULL", __FILE__, __LINE__)

#define assert_int_equal(a, b) board_assert_equal(BOARD_INTEGER(a), BOARD_INTEGER(b), __FILE__, __LINE__)
#define assert_int_not_equal(a, b) board_assert_not_equal(BOARD_INTEGER(a), BOARD_INTEGER(b), __FILE__, __LINE__)
#define assert_ptr_equal(a, b) board_assert_equal(BOARD_POINTER(a), BOARD_POINTER(b), __FILE__, __LINE__)
#define assert_ptr_not_equal(a, b) board_assert_not_equal(BOARD_POINTER(a), BOARD_POINTER(b), __FILE__, __LINE__)
#define assert_in_range(value, lowest, highest)                                                                        \
    board_assert_in_range(BOARD_INTEGER(value), BOARD_INTEGER(lowest), BOARD_INTEGER(highest), __FILE__, __LINE__)
#define assert_string_equal(a, b) board_assert_string_equal(a, b, __FILE__, __LINE__)
#define assert_memory_equal(a, b, size) board_assert_memory_equal(a, b, size, __FILE__, __LINE__)
#define assert_memory_not_equal(a, b, size) board_assert_memory_not_equal(a, b, size, __FILE__, __LINE__)

static inline LargestIntegralType board_pointer(const void *pointer) {
    return (uintptr_t)pointer;
}

void board_assert_true(LargestIntegralType holds, const char *condition, const char *file, int line);
void board_assert_equal(LargestIntegralType a, LargestIntegralType b, const char *file, int line);
void board_assert_not_equal(LargestIntegralType a, LargestIntegralType b, const char *file, int line);
void board_assert_in_range(LargestIntegralType value, LargestIntegralType lowest, LargestIntegralType highest,
                           const char *file, int line);
void board_assert_string_equal(const char *a, const char *b, const char *file, int line);
void board_assert_memory_equal(const void *a, const void *b, size_t size, const char *file, int line);
void board_assert_memory_not_equal(const void *a, const void *b, size_t size, const char *file, int line);

#endif
