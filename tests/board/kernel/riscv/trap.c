/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "../bench.h"
#include "../finish.h"
#include "../syscall.h"
#include "context.h"
#include "control.h"

#define CAUSE_FETCH 1u
#define CAUSE_LOAD 5u
#define CAUSE_STORE 7u
#define CAUSE_CALL_FROM_APP 8u

#define PREVIOUS_PRIVILEGE (3u << 11)
#define CALL_LENGTH 4u

struct context riscv_context;

static const char *kind_of_fault(uintptr_t cause) {
    switch (cause) {
    case CAUSE_FETCH:
        return "fetch";
    case CAUSE_LOAD:
        return "load";
    case CAUSE_STORE:
        return "store";
    default:
        return "bad instruction";
    }
}

static void fault(struct context *context, uintptr_t cause) {
    uintptr_t address;
    CONTROL_READ(mtval, address);
    uintptr_t go_on = bench_take_catch();
    if (go_on == 0) {
        finish_app_fault(kind_of_fault(cause), address, context->pc);
    }
    context->words[0] = address;
    context->pc = go_on;
}

static void check_origin(const struct context *context, uintptr_t cause) {
    uintptr_t status;
    uintptr_t address;
    CONTROL_READ(mstatus, status);
    CONTROL_READ(mtval, address);
    if ((status & PREVIOUS_PRIVILEGE) != 0) {
        finish_kernel_fault(cause, address, context->pc);
    }
}

void riscv_trap(struct context *context) {
    uintptr_t cause;
    CONTROL_READ(mcause, cause);
    check_origin(context, cause);
    if (cause != CAUSE_CALL_FROM_APP) {
        fault(context, cause);
        return;
    }
    context->pc += CALL_LENGTH;
    syscall_handle(context->a4, context->words);
}
