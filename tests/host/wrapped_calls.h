/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The system calls of the store, which tests have the linker wrap: __wrap_ is the test's, __real_ the system's. */
#ifndef HOST_WRAPPED_CALLS_H
#define HOST_WRAPPED_CALLS_H

#include <stddef.h>
#include <sys/types.h>

void *__real_mmap(void *address, size_t size, int protection, int flags, int descriptor, off_t offset);
void *__wrap_mmap(void *address, size_t size, int protection, int flags, int descriptor, off_t offset);
int __real_mprotect(void *address, size_t size, int protection);
int __wrap_mprotect(void *address, size_t size, int protection);
int __real_munmap(void *address, size_t size);
int __wrap_munmap(void *address, size_t size);

#endif
