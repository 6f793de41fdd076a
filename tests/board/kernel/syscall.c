/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "syscall.h"

#include "answer.h"
#include "console.h"
#include "finish.h"
#include "machine.h"
#include "process.h"

static void yield(void) {
    console_text("\nkernel: the app yields, and there is nothing that could wake it up\n");
    finish(BOARD_EXIT_STUCK);
}

void syscall_exit(const uintptr_t words[4]) {
    if (words[0] == BOARD_EXIT_RESTART) {
        process_reset(0);
        machine_restart_app();
        return;
    }
    finish((unsigned)words[1]);
}

/* The driver numbers of the grants come and go; this kernel sends no upcalls to any of them. */
static void subscribe(uintptr_t words[4]) {
    uintptr_t upcall = words[2];
    uintptr_t data = words[3];
    words[0] = BOARD_FAILURE_U32_U32;
    words[1] = BOARD_ERROR_NOSUPPORT;
    words[2] = upcall;
    words[3] = data;
}

void syscall_handle(uintptr_t number, uintptr_t words[4]) {
    switch (number) {
    case BOARD_CLASS_YIELD:
        yield();
        break;
    case BOARD_CLASS_SUBSCRIBE:
        subscribe(words);
        break;
    case BOARD_CLASS_COMMAND:
        syscall_command(words);
        break;
    case BOARD_CLASS_ALLOW_READ_WRITE:
    case BOARD_CLASS_ALLOW_READ_ONLY:
    case BOARD_CLASS_ALLOW_USERSPACE_READABLE:
        syscall_allow(words, number);
        break;
    case BOARD_CLASS_MEMOP:
        syscall_memop(words);
        break;
    case BOARD_CLASS_EXIT:
        syscall_exit(words);
        break;
    default:
        answer_failure(words, BOARD_ERROR_NOSUPPORT);
        break;
    }
}
