/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "console.h"

#include "machine.h"

void console_text(const char *text) {
    while (*text != '\0') {
        machine_put(*text++);
    }
}

void console_address(uintptr_t address) {
    console_text("0x");
    for (unsigned bit = sizeof address * 8; bit > 0; bit -= 4) {
        machine_put("0123456789abcdef"[(address >> (bit - 4)) & 15]);
    }
}
