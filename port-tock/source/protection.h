/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The protection granule: how finely the memory protection of a board tells a process's memory from the rest. Not the
 * granule of a heap, EBB_GRANULE, to which blocks are aligned.
 */
#ifndef EBB_SOURCE_PROTECTION_H
#define EBB_SOURCE_PROTECTION_H

#include <stddef.h>
#include <stdint.h>

enum { EBB_TOCK_PROTECTION_GRANULE_RISCV = 4, EBB_TOCK_PROTECTION_GRANULE_V8M = 32 };

/* The smallest block of RAM that a kernel for ARMv6-M or ARMv7-M makes; each is a power of two, in 16 parts. */
enum { EBB_TOCK_SMALLEST_BLOCK = 512, EBB_TOCK_PARTS = 16 };

/*
 * The processor that the code was compiled for does not tell: code for a Cortex-M4 also runs on a Cortex-M33, whose
 * protection is another. The block of RAM tells: ARMv6-M and ARMv7-M can only protect powers of two. A block of
 * ARMv8-M that happens to have such a size is taken for one of theirs, which costs some idle bytes and nothing else.
 */
static inline size_t ebb_tock_cortex_m_protection_granule(uintptr_t block_size) {
    if (block_size < EBB_TOCK_SMALLEST_BLOCK || (block_size & (block_size - 1)) != 0) {
        return EBB_TOCK_PROTECTION_GRANULE_V8M;
    }
    return block_size / EBB_TOCK_PARTS;
}

#endif
