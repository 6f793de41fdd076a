/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Addresses that the linker script decides. Only the addresses of these objects mean anything. */
#ifndef KERNEL_LAYOUT_H
#define KERNEL_LAYOUT_H

extern const char board_flash_start[];
extern const char board_flash_end[];
extern char board_ram_start[];
extern char board_ram_end[];     /* of the largest block; a restart may ask for a smaller one */
extern char board_stack_start[]; /* lowest address of the app's stack: the start of its block */
extern char board_stack_top[];   /* the break is here until the start file has moved it */

/* The app's start file. */
void board_app_start(void);

#endif
