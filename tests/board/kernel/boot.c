/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "boot.h"

#include "machine.h"
#include "process.h"

void kernel_boot(void) {
    machine_init();
    protection_init();
    process_reset(0);
    machine_start_app();
}
