/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What differs between the emulated machines. */
#ifndef EBB_BENCH_MACHINE_H
#define EBB_BENCH_MACHINE_H

/* Shows text to whoever started the emulator. */
void machine_print(const char *text);

/* Ends the emulator; 0 is success. */
_Noreturn void machine_exit(int status);

#endif
