/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A driver's part of libtock-c: what an app calls, over the system calls. */
#include <libtock/driver.h>

#include <libtock/tock.h>

bool libtock_driver_use(uint32_t driver, void *buffer, size_t size) {
    return driver_exists(driver) && subscribe(driver, 0, NULL, NULL).success &&
           allow_readwrite(driver, 0, buffer, size).success && allow_readonly(driver, 0, buffer, size).success &&
           allow_userspace_read(driver, 0, buffer, size).success &&
           command(driver, 1, (int)size, 0).type == TOCK_SYSCALL_SUCCESS;
}
