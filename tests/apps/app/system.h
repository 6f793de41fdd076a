/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The break, for the allocators that come with C libraries: the old one, or (void *)-1 if it cannot be moved. */
#ifndef SYSTEM_H
#define SYSTEM_H

#include <stddef.h>

void *sbrk(ptrdiff_t increment);

#endif
