/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "finish.h"

#include "console.h"
#include "machine.h"
#include "process.h"

void finish(unsigned code) {
    if (!process_grants_intact()) {
        console_text("\nkernel: somebody wrote to a grant\n");
        machine_exit(BOARD_EXIT_GRANT_DAMAGE);
    }
    /* An exit status has 8 bits, and no failure may look like success. */
    machine_exit(code > 255 ? 255 : code);
}

static void mark(const char *name, uintptr_t address) {
    console_text(name);
    console_address(address);
}

static _Noreturn void finish_with_layout(void) {
    mark("\nkernel: break ", process.app_break);
    mark(", reachable up to ", process.reachable_end);
    mark(", grants from ", process.kernel_memory_break);
    console_text("\n");
    machine_exit(BOARD_EXIT_APP_FAULT);
}

void finish_app_fault(const char *what, uintptr_t address, uintptr_t code) {
    console_text("\nkernel: fault: ");
    console_text(what);
    mark(" at ", address);
    mark(", by the code at ", code);
    finish_with_layout();
}

void finish_stray_write(uintptr_t address) {
    mark("\nkernel: fault: a write, found afterwards, at ", address);
    console_text(", by unknown code");
    finish_with_layout();
}

void finish_kernel_fault(uintptr_t cause, uintptr_t address, uintptr_t code) {
    mark("\nkernel: fault of its own: cause ", cause);
    mark(", address ", address);
    mark(", by the code at ", code);
    console_text("\n");
    machine_exit(BOARD_EXIT_KERNEL_FAULT);
}
