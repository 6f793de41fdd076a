/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#ifndef LIBTOCK_DRIVER_H
#define LIBTOCK_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Every kind of system call that can fail for want of a grant, once. */
bool libtock_driver_use(uint32_t driver, void *buffer, size_t size);

#endif
