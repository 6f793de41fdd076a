/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Text out of the board, and its end. */
#ifndef EBB_BENCH_CONSOLE_H
#define EBB_BENCH_CONSOLE_H

#include <stdint.h>

void print(const char *text);
void print_number(uint64_t number);

/* " name number", as every line of results is made of. */
void print_field(const char *name, uint64_t number);

/* Says what went wrong with a trace, and ends the emulator. */
_Noreturn void fail(const char *trace, const char *reason, uint32_t operation);

#endif
