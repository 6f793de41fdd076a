/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What a test can make happen behind the app's back, and what it can find out. */
#ifndef KERNEL_BENCH_H
#define KERNEL_BENCH_H

#include <stdbool.h>
#include <stdint.h>

/* Commands of the bench driver. */
void bench_command(uintptr_t words[4]);

/* Called as a brk or sbrk begins: somebody else moves the break first, if that was asked for. */
void bench_meddle(void);

/* Whether this brk or sbrk is to be refused without a look at it. */
bool bench_refuses(uintptr_t new_break);

/* After each brk and sbrk: break and reachable end as they were before it. */
void bench_count_break_call(bool accepted, uintptr_t old_break, uintptr_t old_end);

/* Where the app wants to go on after the fault that has just happened; 0: nowhere. Asked for once. */
uintptr_t bench_take_catch(void);

/* Instructions spent in the kernel, counted by the machine's entry code. */
extern uint32_t bench_kernel_instructions;

#endif
