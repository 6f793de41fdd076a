/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What the test asks of the machine: a line of text, and an end. */
#ifndef EBB_TESTS_AVR_MACHINE_H
#define EBB_TESTS_AVR_MACHINE_H

#include <stdint.h>
#include <stdnoreturn.h>

void machine_say(const char *text);

/* `number` in decimal. */
void machine_say_number(uint32_t number);

/* Ends the emulation. */
noreturn void machine_stop(void);

#endif
