/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* PMSAv8: regions from any multiple of 32 bytes to any other. One covers what the app can reach of its block. */
#include "../layout.h"
#include "../machine.h"
#include "registers.h"

#define GRANULE 32u

#define CODE_REGION 0u
#define RAM_REGION 1u
#define TIMER_REGION 2u

#define ENABLE 1u
#define NO_EXECUTE 1u
#define APP_MAY_WRITE (1u << 1)
#define APP_MAY_READ (3u << 1)

#define UNIT_ENABLE 1u
#define KERNEL_SEES_ALL 4u

#define TIMER_REGION_SIZE 32u

/* The bus has a say as well, and lets unprivileged code reach a timer only if told to. */
#define TIMER_OPEN_TO_APPS 1u

static void set_region(uint32_t number, uintptr_t start, uintptr_t end, uint32_t access) {
    MPU_RNR = number;
    MPU_RBAR = (uint32_t)start | access;
    MPU_RLAR = end == start ? 0 : (uint32_t)(end - GRANULE) | ENABLE;
}

static void synchronise(void) {
    __asm__ volatile("dsb\n\tisb" : : : "memory");
}

size_t protection_block_size(size_t bytes) {
    return (bytes + GRANULE - 1) & ~(size_t)(GRANULE - 1);
}

size_t protection_granule(size_t block_size) {
    (void)block_size;
    return GRANULE;
}

bool protection_is_real(void) {
    return true;
}

void protection_init(void) {
    set_region(CODE_REGION, (uintptr_t)board_flash_start, (uintptr_t)board_flash_end, APP_MAY_READ);
    set_region(TIMER_REGION, TIMER_ADDRESS, TIMER_ADDRESS + TIMER_REGION_SIZE, APP_MAY_READ | NO_EXECUTE);
    BUS_UNPRIVILEGED_TIMERS = TIMER_OPEN_TO_APPS;
    MPU_CTRL = UNIT_ENABLE | KERNEL_SEES_ALL;
    synchronise();
}

void protection_set(uintptr_t block_start, size_t block_size, uintptr_t reachable_end) {
    (void)block_size;
    set_region(RAM_REGION, block_start, reachable_end, APP_MAY_WRITE | NO_EXECUTE);
    synchronise();
}
