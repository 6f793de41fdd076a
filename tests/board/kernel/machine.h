/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What each machine provides. */
#ifndef KERNEL_MACHINE_H
#define KERNEL_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Console, counter and whatever else has to be switched on once. */
void machine_init(void);

void machine_put(char character);

/* Ends the emulator with this exit code. */
_Noreturn void machine_exit(unsigned code);

/* Runs the app from its start file, in unprivileged mode; once, at boot. */
_Noreturn void machine_start_app(void);

/* Makes the syscall or fault that is being handled return into the app's start file. */
void machine_restart_app(void);

/* ---- Memory protection ---- */

/* Block size that the unit can protect and that holds `bytes`. */
size_t protection_block_size(size_t bytes);

/* Unit, in bytes, that the reachable end is rounded up to in a block of this size. */
size_t protection_granule(size_t block_size);

/* Whether a touch beyond the reachable end faults. If not, the kernel looks for stray writes itself. */
bool protection_is_real(void);

/* Protection of the app's code and of what else does not change. */
void protection_init(void);

/* From now on the app can touch [block_start, reachable_end) of its block, and nothing beyond. */
void protection_set(uintptr_t block_start, size_t block_size, uintptr_t reachable_end);

#endif
