/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Uses a driver, through a library and by itself. */
#include <stdlib.h>

#include <libtock/driver.h>
#include <libtock/tock.h>

int main(void) {
    char *buffer = malloc(64);
    if (buffer == NULL) {
        return 1;
    }
    return libtock_driver_use(7, buffer, 64) && command(7, 2, 0, 0).type == TOCK_SYSCALL_SUCCESS ? 0 : 1;
}
