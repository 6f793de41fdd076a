/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* QEMU's virt. */
#include "../machine.h"

#include "../layout.h"
#include "context.h"
#include "control.h"

#define UART_DATA (*(volatile uint8_t *)0x10000000)
#define UART_STATE (*(volatile uint8_t *)0x10000005)
#define TRANSMIT_EMPTY 0x20u

#define FINISHER (*(volatile uint32_t *)0x100000)
#define FINISH_PASSED 0x5555u
#define FINISH_FAILED 0x3333u

#define INSTRUCTION_COUNTER 4u

/* The app reads its counter only if machine and supervisor both permit it; there is no supervisor, but QEMU has one. */
void machine_init(void) {
    CONTROL_WRITE(mcounteren, INSTRUCTION_COUNTER);
    CONTROL_WRITE(scounteren, INSTRUCTION_COUNTER);
}

void machine_put(char character) {
    while ((UART_STATE & TRANSMIT_EMPTY) == 0) {
    }
    UART_DATA = (uint8_t)character;
}

void machine_exit(unsigned code) {
    FINISHER = code == 0 ? FINISH_PASSED : code << 16 | FINISH_FAILED;
    for (;;) {
    }
}

void machine_start_app(void) {
    uintptr_t status = 0; /* return to user mode, interrupts off */
    CONTROL_WRITE(mstatus, status);
    CONTROL_WRITE(mepc, app_start);
    __asm__ volatile("mv sp, %0\n\t"
                     "mret"
                     :
                     : "r"(board_stack_top)
                     : "memory");
    __builtin_unreachable();
}

void machine_restart_app(void) {
    riscv_context.pc = (uintptr_t)app_start;
    riscv_context.sp = (uintptr_t)board_stack_top;
}
