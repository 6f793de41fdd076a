/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The one process: its block of RAM and the marks in it. */
#ifndef KERNEL_PROCESS_H
#define KERNEL_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <board_abi.h>

/*
 *  block_start              app_break   reachable_end     kernel_memory_break           block_end
 *  | stack .data .bss  heap |   slack   |     nobody's    | grants     the kernel's own |
 *  |------ the app may touch -----------|-------------- a touch by the app faults ------|
 */
struct process {
    uintptr_t block_start;
    uintptr_t block_end;
    uintptr_t app_break;
    uintptr_t reachable_end;
    uintptr_t allow_high_water_mark; /* the break never goes below this again */
    uintptr_t kernel_memory_break;
    uintptr_t restarts; /* these three since the board was started */
    uintptr_t grants;
    uintptr_t pins;
    bool zeroing;
    bool has_grant[BOARD_DRIVER_GRANT_COUNT];
};

extern struct process process;

/* Fills and lays out the block anew: `bytes` of RAM, 0 for as many as before; the app is not started by this. */
void process_reset(size_t bytes);

/* Lays out the block as before, as Tock does for an app that is restarted: what is in its RAM stays there. */
void process_restart(void);

/* Checks and moves the break as Tock does. False: refused, nothing changed. */
bool process_brk(uintptr_t new_break);

/* Allocates the grant of driver number `index`, unless it has one. False: it does not fit. */
bool process_ensure_grant(size_t index, size_t bytes);

/* Allocates the grant of a driver that has none yet. False: there is none, or the grant does not fit. */
bool process_add_grant(size_t bytes);

/* Whether all of [address, address + size) is the app's RAM below the break. */
bool process_owns(uintptr_t address, size_t size);

/* Whether all of [address, address + size) is the app's code and constants. */
bool process_owns_flash(uintptr_t address, size_t size);

/* No buffer handed to the kernel may be given back from now on. */
void process_pin(uintptr_t buffer_end);

/* Whether all bytes of the grants are as the kernel left them. */
bool process_grants_intact(void);

/*
 * Where memory is not protected: the first byte between what the app can reach and the end of its block that is not as
 * the kernel left it; 0 if there is none.
 */
uintptr_t process_stray_write(void);

/* The block's largest possible size. */
size_t process_largest_block(void);

#endif
