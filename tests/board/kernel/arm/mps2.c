/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* QEMU's mps2 machines. */
#include "../machine.h"

#include "registers.h"

#define MEMORY_BUS_AND_USAGE_FAULTS (7u << 16)

#define TRANSMIT_ENABLE 1u
#define TRANSMIT_FULL 1u
#define SMALLEST_DIVIDER 16u

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
