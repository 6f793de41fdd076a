/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The ends of a run. */
#ifndef KERNEL_FINISH_H
#define KERNEL_FINISH_H

#include <stdint.h>

/* Ends the run with the app's exit code, unless a grant is found damaged. */
_Noreturn void finish(unsigned code);

/* Reports what the app did, and ends the run. `address`: what it touched; `code`: the instruction that did. */
_Noreturn void finish_app_fault(const char *what, uintptr_t address, uintptr_t code);

/* Reports what the app did since it was last looked at, and ends the run. */
_Noreturn void finish_stray_write(uintptr_t address);

/* Reports a mistake of the kernel itself, and ends the run. */
_Noreturn void finish_kernel_fault(uintptr_t cause, uintptr_t address, uintptr_t code);

#endif
