/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * A processor without protection. The reachable end is rounded as that of ARMv6-M's, which other Cortex-M0+ have, so
 * that the break has the same rules; what is written beyond it, the kernel finds afterwards by itself.
 */
#include "../machine.h"

#define SMALLEST_BLOCK 512u

size_t protection_block_size(size_t bytes) {
    size_t size = SMALLEST_BLOCK;
    while (size < bytes) {
        size *= 2;
    }
    return size;
}

size_t protection_granule(size_t block_size) {
    return block_size / 16;
}

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
