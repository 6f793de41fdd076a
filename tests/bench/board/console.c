/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "console.h"

enum { UART = 0x10000000, FINISHER = 0x100000, FINISHER_FAIL = 0x3333, FINISHER_PASS = 0x5555 };

_Noreturn void board_trapped(uintptr_t cause, uintptr_t address, uintptr_t value);

void print(const char *text) {
    volatile uint8_t *uart = (volatile uint8_t *)UART; // NOLINT: a device

    while (*text != '\0') {
        *uart = (uint8_t)*text++;
    }
}

void print_number(uint64_t number) {
    char digits[21];
    char *first = &digits[20];

    *first = '\0';
    do {
        *--first = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    print(first);
}

void print_field(const char *name, uint64_t number) {
    print(" ");
    print(name);
    print(" ");
    print_number(number);
}

_Noreturn void board_exit(int status) {
    volatile uint32_t *finisher = (volatile uint32_t *)FINISHER; // NOLINT: a device

    *finisher = status == 0 ? (uint32_t)FINISHER_PASS : ((uint32_t)status << 16 | FINISHER_FAIL);
    for (;;) {
    }
}

_Noreturn void board_trapped(uintptr_t cause, uintptr_t address, uintptr_t value) {
    print("error trap");
    print_field("cause", cause);
    print_field("address", address);
    print_field("value", value);
    print("\n");
    board_exit(3);
}
