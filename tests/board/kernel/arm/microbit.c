/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* QEMU's microbit. Nothing counts its instructions: its timers only tell what time it is after a write. */
#include "../machine.h"

#include "registers.h"

#define UART_START_TRANSMITTER REGISTER(0x40002008)
#define UART_TRANSMITTED REGISTER(0x4000211c)
#define UART_ENABLE REGISTER(0x40002500)
#define UART_TRANSMIT REGISTER(0x4000251c)
#define UART_ENABLED 4u

void machine_init(void) {
    UART_ENABLE = UART_ENABLED;
    UART_START_TRANSMITTER = 1;
}

void machine_put(char character) {
    UART_TRANSMITTED = 0;
    UART_TRANSMIT = (uint8_t)character;
    while (UART_TRANSMITTED == 0) {
    }
}
