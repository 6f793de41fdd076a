/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* An ATmega with a serial line. The emulator stops at a processor that sleeps and that nothing can wake. */
#include "machine.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>

enum { DIGITS = 10 };

static void say_byte(char byte) {
    UCSR0B = 1 << TXEN0;
    while ((UCSR0A & (1 << UDRE0)) == 0) {
    }
    UDR0 = (uint8_t)byte;
}

void machine_say(const char *text) {
    for (; *text != '\0'; text++) {
        say_byte(*text);
    }
}

void machine_say_number(uint32_t number) {
    char digits[DIGITS + 1] = "";
    int first = DIGITS;
    do {
        first--;
        digits[first] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    machine_say(digits + first);
}

void machine_stop(void) {
    cli();
    for (;;) {
        sleep_mode();
    }
}
