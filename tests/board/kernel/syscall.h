/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The syscall classes. Arguments come in `words`, and the answer goes there. */
#ifndef KERNEL_SYSCALL_H
#define KERNEL_SYSCALL_H

#include <stdint.h>

/* Does what class `number` does. */
void syscall_handle(uintptr_t number, uintptr_t words[4]);

void syscall_subscribe(uintptr_t words[4]);
void syscall_memop(uintptr_t words[4]);
void syscall_command(uintptr_t words[4]);
void syscall_allow(uintptr_t words[4], uintptr_t class_number);
void syscall_exit(const uintptr_t words[4]);

#endif
