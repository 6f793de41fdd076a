/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The little of newlib's run time that its allocators refer to. */
#include <errno.h>
#include <reent.h>

/* In a section of its own: every program with newlib has this, so it is not counted as the allocator's memory. */
#define LIBRARY_STATE __attribute__((section(".library_state")))

#undef errno
int errno LIBRARY_STATE;
static struct _reent the_reent LIBRARY_STATE;
struct _reent *_impure_ptr LIBRARY_STATE = &the_reent;
