/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include <cmocka.h>

#include <string.h>

void board_assert_true(LargestIntegralType holds, const char *condition, const char *file, int line) {
    if (!holds) {
        print_error("%s\n", condition);
        board_cmocka_fail(file, line);
    }
}

void board_assert_equal(LargestIntegralType a, LargestIntegralType b, const char *file, int line) {
    if (a != b) {
        print_error("0x%jx != 0x%jx\n", a, b);
        board_cmocka_fail(file, line);
    }
}

void board_assert_not_equal(LargestIntegralType a, LargestIntegralType b, const char *file, int line) {
    if (a == b) {
        print_error("0x%jx == 0x%jx\n", a, b);
        board_cmocka_fail(file, line);
    }
}

void board_assert_in_range(LargestIntegralType value, LargestIntegralType lowest, LargestIntegralType highest,
                           const char *file, int line) {
    if (value < lowest || value > highest) {
        print_error("%ju is not within the range %ju-%ju\n", value, lowest, highest);
        board_cmocka_fail(file, line);
    }
}

void board_assert_string_equal(const char *a, const char *b, const char *file, int line) {
    if (strcmp(a, b) != 0) {
        print_error("\"%s\" != \"%s\"\n", a, b);
        board_cmocka_fail(file, line);
    }
}

static size_t first_difference(const unsigned char *a, const unsigned char *b, size_t size) {
    size_t offset = 0;
    while (offset < size && a[offset] == b[offset]) {
        offset++;
    }
    return offset;
}

void board_assert_memory_equal(const void *a, const void *b, size_t size, const char *file, int line) {
    size_t offset = first_difference(a, b, size);
    if (offset < size) {
        print_error("first difference of %zu bytes: at %zu, 0x%02x and 0x%02x\n", size, offset,
                    ((const unsigned char *)a)[offset], ((const unsigned char *)b)[offset]);
        board_cmocka_fail(file, line);
    }
}

void board_assert_memory_not_equal(const void *a, const void *b, size_t size, const char *file, int line) {
    if (first_difference(a, b, size) == size) {
        print_error("%zu bytes are equal\n", size);
        board_cmocka_fail(file, line);
    }
}
