/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#ifndef KERNEL_DRIVERS_H
#define KERNEL_DRIVERS_H

#include <stdbool.h>
#include <stdint.h>

/* Whether there is such a driver. */
bool is_driver(uintptr_t driver);

/* Whether this is one of the drivers that have a grant. */
bool is_grant_driver(uintptr_t driver);

/*
 * What comes before each subscribe and allow: its grant, if it has one and the app uses it for the first time.
 * False: the grant does not fit.
 */
bool driver_is_ready(uintptr_t driver);

#endif
