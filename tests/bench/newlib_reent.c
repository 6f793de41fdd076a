/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The little of newlib's run time that its allocators refer to. */
#include <errno.h>
#include <reent.h>

#undef errno
int errno;

static struct _reent the_reent;
struct _reent *_impure_ptr = &the_reent;
