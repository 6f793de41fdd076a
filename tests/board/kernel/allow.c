/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "answer.h"
#include "drivers.h"
#include "process.h"
#include "syscall.h"

/*
 * What the kernel does to the process before it asks the driver: an empty buffer is always fine; a buffer in RAM pins
 * the break, whatever happens to the allow after that.
 */
static bool take_buffer(uintptr_t address, size_t length, bool may_be_flash) {
    if (length == 0) {
        return true;
    }
    if (process_owns(address, length)) {
        process_pin(address + length);
        return true;
    }
    return may_be_flash && process_owns_flash(address, length);
}

/* In this order; 0, or why not. So an allow that fails for the driver's sake has pinned its buffer. */
static uintptr_t refusal(const uintptr_t words[4], uintptr_t class_number) {
    if (!is_driver(words[0])) {
        return BOARD_ERROR_NODEVICE;
    }
    if (!take_buffer(words[2], words[3], class_number == BOARD_CLASS_ALLOW_READ_ONLY)) {
        return BOARD_ERROR_INVAL;
    }
    if (!driver_is_ready(words[0])) {
        return BOARD_ERROR_NOMEM;
    }
    return words[1] < BOARD_DRIVER_ALLOW_COUNT ? 0 : BOARD_ERROR_NOSUPPORT;
}

/*
 * No driver here reads or writes its buffer, so none is kept: a successful allow answers as if none had been there
 * before.
 */
void syscall_allow(uintptr_t words[4], uintptr_t class_number) {
    answer_with_no_buffer_before(words, refusal(words, class_number));
}
