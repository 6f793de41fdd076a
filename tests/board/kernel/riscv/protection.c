/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Physical memory protection. An entry of the kind "top of range" covers all from the address of the entry before it
 * up to its own, in units of 4 bytes.
 */
#include "../layout.h"
#include "../machine.h"
#include "control.h"

#define GRANULE 4u

#define READ 1u
#define WRITE 2u
#define EXECUTE 4u
#define TOP_OF_RANGE 8u

/* Entries 0 and 1: the app's code. Entries 2 and 3: its RAM. What no entry covers is the kernel's alone. */
#define ENTRIES ((TOP_OF_RANGE | READ | EXECUTE) << 8 | (TOP_OF_RANGE | READ | WRITE) << 24)

size_t protection_block_size(size_t bytes) {
    return (bytes + GRANULE - 1) & ~(size_t)(GRANULE - 1);
}

size_t protection_granule(size_t block_size) {
    (void)block_size;
    return GRANULE;
}

/* The fence makes an implementation forget what it has looked up under the old addresses. */
static void apply(void) {
    uintptr_t entries = ENTRIES;
    CONTROL_WRITE(pmpcfg0, entries);
    __asm__ volatile("sfence.vma" : : : "memory");
}

bool protection_is_real(void) {
    return true;
}

void protection_init(void) {
    CONTROL_WRITE(pmpaddr0, (uintptr_t)board_flash_start >> 2);
    CONTROL_WRITE(pmpaddr1, (uintptr_t)board_flash_end >> 2);
}

void protection_set(uintptr_t block_start, size_t block_size, uintptr_t reachable_end) {
    (void)block_size;
    CONTROL_WRITE(pmpaddr2, block_start >> 2);
    CONTROL_WRITE(pmpaddr3, reachable_end >> 2);
    apply();
}
