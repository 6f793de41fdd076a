/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * PMSAv7: regions of a power of two, aligned to their size, in eight subregions that can be switched off. As in Tock,
 * two regions side by side cover the app's block, so the reachable end moves in sixteenths of it: see sixteenths.c.
 */
#include "../machine.h"
#include "registers.h"

#define CODE_REGION 0u
#define LOWER_HALF 1u
#define UPPER_HALF 2u
#define TIMER_REGION 3u

#define ENABLE 1u
#define NO_EXECUTE (1u << 28)
#define APP_MAY_READ (2u << 24)
#define APP_MAY_WRITE (3u << 24)

#define UNIT_ENABLE 1u
#define KERNEL_SEES_ALL 4u

/* SSRAM1, whose first eighth the kernel keeps to itself; the linker script knows it too. */
#define CODE_SIZE (4u << 20)
#define FIRST_SUBREGION_OFF 1u

#define TIMER_REGION_SIZE 32u

static void set_region(uint32_t number, uintptr_t address, size_t size, uint32_t disabled, uint32_t access) {
    uint32_t size_field = 30u - (uint32_t)__builtin_clz((unsigned)size);
    MPU_RNR = number;
    MPU_RBAR = (uint32_t)address;
    MPU_RASR = access | disabled << 8 | size_field << 1 | ENABLE;
}

static void disable_region(uint32_t number) {
    MPU_RNR = number;
    MPU_RASR = 0;
}

static void synchronise(void) {
    __asm__ volatile("dsb\n\tisb" : : : "memory");
}

bool protection_is_real(void) {
    return true;
}

void protection_init(void) {
    set_region(CODE_REGION, 0, CODE_SIZE, FIRST_SUBREGION_OFF, APP_MAY_READ);
    set_region(TIMER_REGION, TIMER_ADDRESS, TIMER_REGION_SIZE, 0, APP_MAY_READ | NO_EXECUTE);
    MPU_CTRL = UNIT_ENABLE | KERNEL_SEES_ALL;
    synchronise();
}

/* Switches on the first `count` of eight subregions. */
static void set_half(uint32_t number, uintptr_t address, size_t size, size_t count) {
    if (count == 0) {
        disable_region(number);
        return;
    }
    uint32_t disabled = 0xffu << (count < 8 ? count : 8) & 0xffu;
    set_region(number, address, size, disabled, APP_MAY_WRITE | NO_EXECUTE);
}

void protection_set(uintptr_t block_start, size_t block_size, uintptr_t reachable_end) {
    size_t half = block_size / 2;
    size_t count = (reachable_end - block_start) / (half / 8);
    set_half(LOWER_HALF, block_start, half, count);
    set_half(UPPER_HALF, block_start + half, half, count > 8 ? count - 8 : 0);
    synchronise();
}
