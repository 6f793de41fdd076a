/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What all the Cortex-M machines have: the start of the app, and the emulator's end. */
#include "../machine.h"

#include "../layout.h"
#include "frame.h"
#include "registers.h"

#define THUMB_STATE (1u << 24)
#define LAUNCH (1u << 28) /* makes PendSV pending, whose handler starts the app */

#define SEMIHOSTING_EXIT_EXTENDED 0x20
#define SEMIHOSTING_APPLICATION_EXIT 0x20026

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
    arm_first_frame = (struct frame){.pc = (uintptr_t)app_start & ~(uintptr_t)1, .status = THUMB_STATE};
    __asm__ volatile("msr psp, %0" : : "r"(&arm_first_frame) : "memory");
}
