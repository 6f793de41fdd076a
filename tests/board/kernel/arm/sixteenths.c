/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Blocks as ARMv6-M and ARMv7-M protect them: of a power of two, with a reachable end that moves in sixteenths. */
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
