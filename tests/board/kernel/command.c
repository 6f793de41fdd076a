/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "answer.h"
#include "bench.h"
#include "drivers.h"
#include "machine.h"
#include "process.h"
#include "syscall.h"

static void write_to_console(uintptr_t words[4]) {
    uintptr_t address = words[2];
    size_t length = words[3];
    if (!process_owns(address, length) && !process_owns_flash(address, length)) {
        answer_failure(words, BOARD_ERROR_INVAL);
        return;
    }
    const char *text = (const char *)address;
    for (size_t index = 0; index < length; index++) {
        machine_put(text[index]);
    }
    answer_value(words, length);
}

static void use_grant(uintptr_t words[4]) {
    if (process_ensure_grant(words[0] - BOARD_DRIVER_GRANT, words[2])) {
        answer_success(words);
    } else {
        answer_failure(words, BOARD_ERROR_NOMEM);
    }
}

/* Some of Tock's drivers enter their grant before they look at the command, and these do. */
static void answer_that_it_exists(uintptr_t words[4]) {
    if (driver_is_ready(words[0])) {
        answer_success(words);
    } else {
        answer_failure(words, BOARD_ERROR_NOMEM);
    }
}

/* Command 0 asks whether the driver is there. */
void syscall_command(uintptr_t words[4]) {
    uintptr_t driver = words[0];
    if (!is_driver(driver)) {
        answer_failure(words, BOARD_ERROR_NODEVICE);
    } else if (words[1] == 0) {
        answer_that_it_exists(words);
    } else if (driver == BOARD_DRIVER_BENCH) {
        bench_command(words);
    } else if (driver == BOARD_DRIVER_CONSOLE && words[1] == BOARD_CONSOLE_WRITE) {
        write_to_console(words);
    } else if (is_grant_driver(driver) && words[1] == BOARD_GRANT_USE) {
        use_grant(words);
    } else {
        answer_failure(words, BOARD_ERROR_NOSUPPORT);
    }
}
