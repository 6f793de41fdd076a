/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * memop, the one system call of Tock that an allocator needs. Nothing else in this port talks to the kernel, so a test
 * that brings its own ebb_tock_memop() sees all there is to see.
 */
#ifndef EBB_SOURCE_MEMOP_H
#define EBB_SOURCE_MEMOP_H

#include <stdint.h>

enum ebb_tock_operation {
    EBB_TOCK_BRK = 0,         /* move the break to the address given; no value */
    EBB_TOCK_SBRK = 1,        /* move the break by the bytes given, negative ones wrapped; the old break */
    EBB_TOCK_RAM_START = 2,   /* where the process's block of RAM begins */
    EBB_TOCK_RAM_END = 3,     /* the first address after it */
    EBB_TOCK_GRANTS_START = 6 /* the lowest address that the kernel holds of it, now */
};

/* The kernel has refused, for whatever reason: its error code says little, and is dropped. No address is as large. */
#define EBB_TOCK_REFUSED UINTPTR_MAX

/*
 * The value of the answer, 0 where the operation has none, or EBB_TOCK_REFUSED. In one register: a structure would be
 * returned through memory, at a cost to each caller.
 *
 * `operation` is one of enum ebb_tock_operation, in a type that no compiler option changes the size of.
 * May move the end of the memory that the process can touch: no access to memory is moved across it.
 */
uintptr_t ebb_tock_memop(uint32_t operation, uintptr_t argument);

#endif
