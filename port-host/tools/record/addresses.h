/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Which slot of the trace each live block has, by its address. Memory: at most 64 bytes for each block at the peak, and
 * half of that once more while the table is enlarged.
 */
#ifndef EBB_RECORD_ADDRESSES_H
#define EBB_RECORD_ADDRESSES_H

#include <stdint.h>

struct live_block {
    uintptr_t address; /* 0: none */
    uint32_t slot;
    uint32_t size; /* as requested */
};

/*
 * Adds a block, in place of what is at its address, which `former` is then, else its `address` is 0. Returns the block
 * in the table, whose slot and size may be changed until another is added or taken out; NULL if there is no memory for
 * it.
 */
struct live_block *addresses_insert(struct live_block block, struct live_block *former);

/* Takes out the block at an address and returns it; its `address` is 0 if there is none. */
struct live_block addresses_remove(uintptr_t address);

/* Calls `visit` with every block, in no order; it may change slot and size. */
void addresses_each(void (*visit)(struct live_block *block));

#endif
