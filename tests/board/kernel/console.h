/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What the kernel itself says. */
#ifndef KERNEL_CONSOLE_H
#define KERNEL_CONSOLE_H

#include <stdint.h>

void console_text(const char *text);
void console_address(uintptr_t address);

#endif
