/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "console.h"
#include "test.h"

#include <inttypes.h>
#include <stdlib.h>

void console_say(const char *text, uint32_t number) {
    print_message("    %s: %" PRIu32 "\n", text, number);
}

uint32_t console_effort(void) {
    const char *effort = getenv("EBB_TEST_EFFORT");
    unsigned long times = effort != NULL ? strtoul(effort, NULL, 10) : 1;
    if (times < 1) {
        return 1;
    }
    return times > 1000000 ? 1000000 : (uint32_t)times;
}

uint32_t console_seeds(void) {
    return 36 + 12 * (console_effort() - 1);
}
