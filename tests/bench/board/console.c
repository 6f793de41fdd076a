/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "console.h"

#include "machine.h"

_Noreturn void board_trapped(uintptr_t cause, uintptr_t address, uintptr_t value);

void print(const char *text) {
    machine_print(text);
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

_Noreturn void fail(const char *trace, const char *reason, uint32_t operation) {
    print("error ");
    print(trace);
    print(": ");
    print(reason);
    print(", after operation ");
    print_number(operation);
    print("\n");
    machine_exit(1);
}

/* start.S comes here from every exception. */
_Noreturn void board_trapped(uintptr_t cause, uintptr_t address, uintptr_t value) {
    print("error trap");
    print_field("cause", cause);
    print_field("address", address);
    print_field("value", value);
    print("\n");
    machine_exit(3);
}
