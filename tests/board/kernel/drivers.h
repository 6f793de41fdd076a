/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#ifndef KERNEL_DRIVERS_H
#define KERNEL_DRIVERS_H

#include <stdbool.h>
#include <stdint.h>

/* Whether this is one of the drivers that have a grant. */
bool is_grant_driver(uintptr_t driver);

#endif
