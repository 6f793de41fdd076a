/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* QEMU's mps2 machines. */
#include "../machine.h"

#include "../layout.h"
#include "frame.h"
#include "registers.h"

#define MEMORY_BUS_AND_USAGE_FAULTS (7u << 16)
#define THUMB_STATE (1u << 24)
#define LAUNCH (1u << 28) /* makes PendSV pending, whose handler starts the app */

#define TRANSMIT_ENABLE 1u
#define TRANSMIT_FULL 1u
#define SMALLEST_DIVIDER 16u

#define SEMIHOSTING_EXIT_EXTENDED 0x20
#define SEMIHOSTING_APPLICATION_EXIT 0x20026

void machine_init(void) {
    SCB_SHCSR |= MEMORY_BUS_AND_USAGE_FAULTS;
    UART_BAUDDIV = SMALLEST_DIVIDER;
    UART_CTRL = TRANSMIT_ENABLE;
    TIMER_RELOAD = UINT32_MAX;
    TIMER_VALUE = UINT32_MAX;
    TIMER_CTRL = 1;
}

void machine_put(char character) {
    while ((UART_STATE & TRANSMIT_FULL) != 0) {
    }
    UART_DATA = (uint8_t)character;
}

void machine_exit(unsigned code) {
    const uint32_t block[2] = {SEMIHOSTING_APPLICATION_EXIT, code};
    register uint32_t operation __asm__("r0") = SEMIHOSTING_EXIT_EXTENDED;
    register const uint32_t *argument __asm__("r1") = block;
    __asm__ volatile("bkpt 0xab" : : "r"(operation), "r"(argument) : "memory");
    for (;;) {
    }
}

void machine_start_app(void) {
    machine_restart_app();
    SCB_ICSR = LAUNCH;
    __asm__ volatile("dsb\n\tisb" : : : "memory");
    __builtin_unreachable();
}

void machine_restart_app(void) {
    arm_first_frame = (struct frame){.pc = (uintptr_t)board_app_start & ~(uintptr_t)1, .status = THUMB_STATE};
    __asm__ volatile("msr psp, %0" : : "r"(&arm_first_frame) : "memory");
}
