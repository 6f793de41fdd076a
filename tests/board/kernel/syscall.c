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
        process_restart();
        machine_restart_app();
        return;
    }
    finish((unsigned)words[1]);
}

static void look_for_stray_writes(void) {
    uintptr_t address = process_stray_write();
    if (address != 0) {
        finish_stray_write(address);
    }
}

void syscall_handle(uintptr_t number, uintptr_t words[4]) {
    look_for_stray_writes();
    switch (number) {
    case BOARD_CLASS_YIELD:
        yield();
        break;
    case BOARD_CLASS_SUBSCRIBE:
        syscall_subscribe(words);
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
