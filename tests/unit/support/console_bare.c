/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Where there is nobody to talk to and no environment: silence, and the usual effort. */
#include "console.h"

void console_say(const char *text, uint32_t number) {
    (void)text;
    (void)number;
}

uint32_t console_effort(void) {
    return 1;
}

uint32_t console_seeds(void) {
    return 36;
}
