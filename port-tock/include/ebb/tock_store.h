/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * A backing store on the break of a Tock process: what malloc uses, and what a heap of one's own can use instead of
 * it. The heap should be the only user of the break; others that move it are noticed, and their memory is left alone.
 */
#ifndef EBB_TOCK_STORE_H
#define EBB_TOCK_STORE_H

#include <ebb/store.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The caller owns this record and keeps it for as long as the heap lives. */
struct ebb_tock_store {
    struct ebb_store store; /* what ebb_create() takes */
    uintptr_t end;          /* the break as the heap last left it; 0: the region has not started */
    uintptr_t lowest;       /* the break is not moved below this any more; only once the region has started */
    uintptr_t highest;      /* nor above this: what lies there is reserved for grants */
};

/*
 * Makes `self` a store that begins at the break, wherever that is at the first growth. Cannot fail. Two system calls on
 * Cortex-M, none on RISC-V.
 *
 * Growing is one system call, and gives what was asked for or nothing; only to a request for all that a heap can span,
 * ebb_get_geometry().largest_region, does it give what there is, up to the grants. That is three system calls, and two
 * more for each doubling from 4 bytes to the protection granule, at most. Shrinking is two system calls. Where a buffer
 * that was once shared with the kernel pins the break, shrinking gives what it can find in four more, and does not ask
 * again for what was refused.
 *
 * `self->store.granule` is the protection granule: what the memory protection of the board rounds the break to.
 * `self->store.fresh_is_zero` is false, because only kernels after April 2026 clear memory; set it before ebb_create()
 * if yours does.
 */
void ebb_tock_store_init(struct ebb_tock_store *self);

/*
 * Reserves `bytes` for the grants that come from now on: the region grows no further than that leaves room for them,
 * as the memory protection rounds its end. Each grant takes what it needs of that, so that nothing is left reserved
 * once all have come. Replaces an earlier reserve; 0 ends it. Grants are aligned to 4 or 8 bytes, so several of them
 * may need a few bytes more than their sizes add up to.
 *
 * Returns whether that much is free now. If not, the region does not grow, and ebb_trim() may make room. Also false,
 * and nothing is reserved, if the kernel does not say where grants begin. Two system calls; a growth that the reserve
 * does not allow is two as well.
 */
bool ebb_tock_store_reserve(struct ebb_tock_store *self, size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
