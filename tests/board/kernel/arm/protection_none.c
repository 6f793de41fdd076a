/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * A processor without protection. Only the rules for the break are there, those of ARMv6-M, which other Cortex-M0+
 * have: see sixteenths.c. What is written beyond the reachable end, the kernel finds afterwards by itself.
 */
#include "../machine.h"

bool protection_is_real(void) {
    return false;
}

void protection_init(void) {
}

void protection_set(uintptr_t block_start, size_t block_size, uintptr_t reachable_end) {
    (void)block_start;
    (void)block_size;
    (void)reachable_end;
}
