/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What the C library needs of a system. */
#ifndef SYSTEM_H
#define SYSTEM_H

#include <stddef.h>

/* To be called before anything else: the start file of the boards knows no C library. */
void system_start(void);

/* The break, for the allocators that come with C libraries: the old one, or (void *)-1 if it cannot be moved. */
void *sbrk(ptrdiff_t increment);

#endif
