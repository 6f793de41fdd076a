/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Addresses that the linker script decides. Of most of these objects only the address means anything. */
#ifndef KERNEL_LAYOUT_H
#define KERNEL_LAYOUT_H

#include <stdint.h>

extern const char board_flash_start[];
extern const char board_flash_end[];
extern char board_ram_start[];
extern char board_ram_end[];     /* of the largest block; a restart may ask for a smaller one */
extern char board_stack_start[]; /* lowest address of the app's stack: the start of its block */
extern char board_stack_top[];   /* the break is here until the start file has moved it */

/* Whoever starts the emulator may put a number here, for the app. */
extern const uint32_t board_argument;

/* The app's start file. */
void app_start(void);

#endif
