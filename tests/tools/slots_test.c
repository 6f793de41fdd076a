/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The lowest free number is always the next one, against a plain table that is searched from its start. */
#include "slots.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { NUMBERS = 300000 };

static bool taken[NUMBERS];

static uint32_t random_number(void) {
    static uint64_t state = 1;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33);
}

static uint32_t lowest_free(void) {
    uint32_t number = 0;
    while (taken[number]) {
        number++;
    }
    return number;
}

static void take_expected(uint32_t expected) {
    const uint32_t slot = slots_take();
    assert_int_equal(slot, expected);
    taken[slot] = true;
}

static void release(uint32_t slot) {
    if (taken[slot]) {
        slots_release(slot);
        taken[slot] = false;
    }
}

static int begin(void **state) {
    (void)state;
    slots_release_all();
    for (size_t number = 0; number < NUMBERS; number++) {
        taken[number] = false;
    }
    return 0;
}

static void numbers_come_in_order(void **state) {
    (void)state;
    for (uint32_t number = 0; number < NUMBERS; number++) {
        take_expected(number);
    }
}

/* Words and whole levels become full and have room again. */
static void the_lowest_comes_next(void **state) {
    (void)state;
    for (uint32_t number = 0; number < 5000; number++) {
        take_expected(number);
    }
    for (int round = 0; round < 20000; round++) {
        if (random_number() % 2 == 0) {
            release(random_number() % 5000);
        } else {
            take_expected(lowest_free());
        }
    }
}

static void holes_far_down_are_found(void **state) {
    (void)state;
    numbers_come_in_order(state);
    const uint32_t holes[] = {NUMBERS - 1, 262144, 262143, 4096, 4095, 64, 63, 0};
    const size_t count = sizeof holes / sizeof holes[0];
    for (size_t index = 0; index < count; index++) {
        release(holes[index]);
        take_expected(holes[index]);
        release(holes[index]);
    }
    for (size_t index = count; index > 0; index--) {
        take_expected(holes[index - 1]);
    }
    assert_int_equal(slots_take(), NUMBERS);
}

static void all_can_be_released_at_once(void **state) {
    (void)state;
    numbers_come_in_order(state);
    begin(state);
    numbers_come_in_order(state);
}

/* Some seconds, and many more under a sanitizer: for one compiler only. */
#if defined(TOOLS_ALL_SLOTS)
static void the_last_is_the_last(void **state) {
    (void)state;
    for (uint32_t number = 0; number < SLOTS; number++) {
        if (slots_take() != number) {
            fail_msg("not %u", (unsigned)number);
        }
    }
    assert_int_equal(slots_take(), SLOTS_NONE);
    slots_release(12345);
    assert_int_equal(slots_take(), 12345);
    assert_int_equal(slots_take(), SLOTS_NONE);
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(numbers_come_in_order, begin),
        cmocka_unit_test_setup(the_lowest_comes_next, begin),
        cmocka_unit_test_setup(holes_far_down_are_found, begin),
        cmocka_unit_test_setup(all_can_be_released_at_once, begin),
#if defined(TOOLS_ALL_SLOTS)
        cmocka_unit_test_setup(the_last_is_the_last, begin),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
