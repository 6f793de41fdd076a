/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * An app in a process of the fake kernel: its C library's functions, under other names, and where they tell errors. To
 * be included after all other headers.
 */
#ifndef EBB_TEST_APP_H
#define EBB_TEST_APP_H

#include "fake_kernel.h"

#include <stddef.h>
#include <stdint.h>

#include "renamed.h"

#include "libc.h"

struct _reent {
    int error; /* newlib's has much more behind it */
    int rest;
};

/* An app has one thread. Its errno is the first thing in its record. */
extern struct _reent thread;

/* The app starts: it has no heap, and no error. */
void boot(const struct fake_board *board);

/* The same with a heap that holds what it has had, of which `idle` bytes are idle. Returns where the break is. */
uintptr_t boot_with_idle(size_t idle);

/* Asserts that nothing was written where the thread's errors are; or that this error was, which is forgotten then. */
void assert_no_error(void);
void assert_error(int error);

size_t live_bytes(void);

#endif
