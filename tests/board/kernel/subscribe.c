/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "answer.h"
#include "drivers.h"
#include "process.h"
#include "syscall.h"

static bool could_be_called(uintptr_t upcall) {
    return upcall == 0 || process_owns_flash(upcall, 1) || process_owns(upcall, 1);
}

/* In this order; 0, or why not. */
static uintptr_t refusal(const uintptr_t words[4]) {
    if (!could_be_called(words[2])) {
        return BOARD_ERROR_INVAL;
    }
    if (!is_driver(words[0])) {
        return BOARD_ERROR_NODEVICE;
    }
    if (!driver_is_ready(words[0])) {
        return BOARD_ERROR_NOMEM;
    }
    return words[1] < BOARD_DRIVER_UPCALL_COUNT ? 0 : BOARD_ERROR_NOSUPPORT;
}

/* No driver here calls anybody, so no upcall is kept: success answers as if none had been there before. */
void syscall_subscribe(uintptr_t words[4]) {
    answer_with_no_upcall_before(words, refusal(words));
}
