/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Uses a driver, and allocates nothing. */
#include <libtock/driver.h>

static char buffer[64];

int main(void) {
    return libtock_driver_use(7, buffer, sizeof buffer) ? 0 : 1;
}
