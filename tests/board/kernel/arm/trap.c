/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "../bench.h"
#include "../finish.h"
#include "../syscall.h"
#include "frame.h"
#include "registers.h"

#define RETURNS_TO_PROCESS_STACK 4u

/* In the configurable fault status register. */
#define FETCH_VIOLATION (1u << 0)
#define DATA_VIOLATION (1u << 1)
#define STACKING_FAILED ((1u << 4) | (1u << 12))
#define FAULT_ADDRESS_VALID (1u << 7)
#define BUS_ADDRESS_VALID (1u << 15)

void arm_supervisor_call(struct frame *frame) {
    const uint8_t *instruction = (const uint8_t *)(frame->pc - 2);
    syscall_handle(*instruction, frame->words);
}

static uintptr_t fault_address(uint32_t status, uintptr_t code) {
    if ((status & FAULT_ADDRESS_VALID) != 0) {
        return SCB_MMFAR;
    }
    if ((status & BUS_ADDRESS_VALID) != 0) {
        return SCB_BFAR;
    }
    return code;
}

static const char *kind_of_fault(uint32_t status) {
    if ((status & FETCH_VIOLATION) != 0) {
        return "fetch";
    }
    return (status & DATA_VIOLATION) != 0 ? "access" : "bad instruction";
}

void arm_fault(struct frame *frame, uintptr_t exception_return) {
    uint32_t status = SCB_CFSR;
    if ((exception_return & RETURNS_TO_PROCESS_STACK) == 0) {
        finish_kernel_fault(status, SCB_MMFAR, 0);
    }
    if ((status & STACKING_FAILED) != 0) {
        finish_app_fault("stack", (uintptr_t)frame, 0);
    }
    uintptr_t go_on = bench_take_catch();
    if (go_on == 0) {
        finish_app_fault(kind_of_fault(status), fault_address(status, frame->pc), frame->pc);
    }
    frame->words[0] = fault_address(status, frame->pc);
    frame->pc = go_on & ~(uintptr_t)1;
    SCB_CFSR = status; /* written ones clear */
}
