/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The little of newlib's run time that its allocators refer to. */
#include <errno.h>
#include <reent.h>

#undef errno
int errno;

/* In a section of its own: every program with newlib has one, so it is not counted as the allocator's memory. */
static struct _reent the_reent __attribute__((section(".library_state")));
struct _reent *_impure_ptr = &the_reent;
