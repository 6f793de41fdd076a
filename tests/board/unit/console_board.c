/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The unit tests' console, and the usual effort: an emulated board has no environment to ask for more. */
#include "support/console.h"

#include <board.h>

void console_say(const char *text, uint32_t number) {
    board_print("    %s: %u\n", text, (unsigned)number);
}

uint32_t console_effort(void) {
    return 1;
}

uint32_t console_seeds(void) {
    return 12;
}
