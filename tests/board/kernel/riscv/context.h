/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The app's registers while the kernel runs. */
#ifndef KERNEL_RISCV_CONTEXT_H
#define KERNEL_RISCV_CONTEXT_H

#include <stdint.h>

struct context {
    uintptr_t pc; /* in the place of register 0 */
    uintptr_t ra;
    uintptr_t sp;
    uintptr_t others[7];
    uintptr_t words[4]; /* a0 to a3 */
    uintptr_t a4;
    uintptr_t rest[17];
};

extern struct context riscv_context;

/* Called from the entry code. */
void riscv_trap(struct context *context);

#endif
