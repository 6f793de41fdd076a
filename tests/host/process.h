/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What tests of a whole process need: children that may die, memory as the system sees it, mistakes on purpose. */
#ifndef EBB_TESTS_PROCESS_H
#define EBB_TESTS_PROCESS_H

#include <stddef.h>

/*
 * Runs `body` in a child and returns how it ended: its exit status (0 if `body` returned), or minus the signal that
 * ended it; SIGALRM if it took longer than a minute.
 */
int run_in_child(void (*body)(void *context), void *context);

/* The same, and copies what the child wrote to standard error to `text`, of `size` bytes, ended by a zero. */
int run_in_child_and_read(void (*body)(void *context), void *context, char *text, size_t size);

/* Whether a read of this byte ends a child with SIGSEGV. */
int touch_faults(const volatile unsigned char *byte);

/* Bytes of this process that are in memory now, as far as the system counts: it may be late by 64 pages. */
size_t resident_bytes(void);

enum { RESIDENT_SLACK = 64 * 4096 };

/* Returns `pointer`, without a compiler or an analyser being able to tell: they would forbid to misuse it. */
void *hide(void *pointer);

#endif
