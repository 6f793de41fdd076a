/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "lives.h"

#include <board.h>

/* The word that lives on holds the number of the test in its lower half, and how many have failed in its upper. */
#define HALF 16
#define LOWER_HALF 0xffffu

int board_run_in_lives(const char *group, const struct CMUnitTest *tests, size_t count) {
    uintptr_t word = board_fact(BOARD_FACT_RESTART_WORD);
    size_t number = word & LOWER_HALF;
    uintptr_t failed = word >> HALF;
    failed += (uintptr_t)board_cmocka_run(group, &tests[number], 1);
    if (number + 1 < count) {
        board_restart(0, failed << HALF | (number + 1));
    }
    board_print("%zu tests, each in a life of its own, %zu failed\n", count, (size_t)failed);
    return (int)failed;
}
