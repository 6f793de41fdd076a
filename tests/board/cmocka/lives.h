/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Tests that each want break, grants and high-water mark as they are at the start of an app. */
#ifndef BOARD_LIVES_H
#define BOARD_LIVES_H

#include <cmocka.h>

/* Runs each test in a life of its own. To be called by main() first of all; returns how many tests failed. */
#define run_tests_in_lives(tests) board_run_in_lives(#tests, tests, sizeof(tests) / sizeof((tests)[0]))

int board_run_in_lives(const char *group, const struct CMUnitTest *tests, size_t count);

#endif
