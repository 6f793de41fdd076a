/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* All that the tests want from where they run. console_host.c answers for it, and on boards console_board.c. */
#ifndef UNIT_CONSOLE_H
#define UNIT_CONSOLE_H

#include <stdint.h>

/* Says `text` and `number`, on a line of its own. */
void console_say(const char *text, uint32_t number);

/* How many times longer than usual the random tests shall run. At least 1. */
uint32_t console_effort(void);

/*
 * How many seeds there are of each random program: 36, more with more effort, and 12 on an emulated board, which takes
 * a second for each. So many suffice for every granule of a store to meet every maximum.
 */
uint32_t console_seeds(void);

#endif
