/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "drivers.h"

#include "process.h"

bool is_driver(uintptr_t driver) {
    return driver == BOARD_DRIVER_CONSOLE || driver == BOARD_DRIVER_BENCH || is_grant_driver(driver);
}

bool is_grant_driver(uintptr_t driver) {
    return driver >= BOARD_DRIVER_GRANT && driver - BOARD_DRIVER_GRANT < BOARD_DRIVER_GRANT_COUNT;
}

bool driver_is_ready(uintptr_t driver) {
    return !is_grant_driver(driver) || process_ensure_grant(driver - BOARD_DRIVER_GRANT, BOARD_GRANT_DEFAULT_SIZE);
}
