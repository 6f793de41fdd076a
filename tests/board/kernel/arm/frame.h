/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What the processor puts on the app's stack as it enters an exception. */
#ifndef KERNEL_ARM_FRAME_H
#define KERNEL_ARM_FRAME_H

#include <stdint.h>

struct frame {
    uintptr_t words[4]; /* r0 to r3 */
    uintptr_t r12;
    uintptr_t lr;
    uintptr_t pc;
    uintptr_t status;
};

/* At the top of the app's stack: what the processor finds there if the app is to start anew. */
extern struct frame arm_first_frame;

/* Called from the entry code. */
void arm_supervisor_call(struct frame *frame);
void arm_fault(struct frame *frame, uintptr_t exception_return);

#endif
