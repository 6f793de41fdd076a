/* SPDX-License-Identifier: Apache-2.0 OR MIT */

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

/* 0, or why not. */
static uintptr_t offer_to_driver(uintptr_t driver) {
    if (driver == BOARD_DRIVER_CONSOLE || driver == BOARD_DRIVER_BENCH) {
        return 0;
    }
    if (!is_grant_driver(driver)) {
        return BOARD_ERROR_NODEVICE;
    }
    return process_ensure_grant(driver - BOARD_DRIVER_GRANT, BOARD_GRANT_DEFAULT_SIZE) ? 0 : BOARD_ERROR_NOMEM;
}

/*
 * No driver here reads or writes its buffer, so none is kept: a successful allow answers as if none had been there
 * before.
 */
void syscall_allow(uintptr_t words[4], uintptr_t class_number) {
    uintptr_t address = words[2];
    size_t length = words[3];
    uintptr_t error = BOARD_ERROR_INVAL;
    if (take_buffer(address, length, class_number == BOARD_CLASS_ALLOW_READ_ONLY)) {
        error = offer_to_driver(words[0]);
    }
    if (error == 0) {
        words[0] = BOARD_SUCCESS_U32_U32;
        words[1] = 0;
        words[2] = 0;
    } else {
        words[0] = BOARD_FAILURE_U32_U32;
        words[1] = error;
        words[2] = address;
        words[3] = length;
    }
}
