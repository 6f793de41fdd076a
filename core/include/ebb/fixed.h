/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * A heap on memory that stays the same: a buffer, or all the RAM that a linker script leaves.
 *
 * Its library, ebb::core_fixed, stands in place of ebb::core: it has all of ebb/heap.h but ebb_create(),
 * ebb_create_default(), ebb_destroy(), ebb_trim(), ebb_set_policy() and ebb_get_policy(), which a heap whose end never
 * moves has no use for; nor has it stores. In return it takes some two fifths less code, where that is compiled for
 * size. A heap under EBB_FIXED is the same with ebb::core, as a choice among others that is made when the program runs.
 */
#ifndef EBB_FIXED_H
#define EBB_FIXED_H

#include <ebb/heap.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Creates a heap in `size` bytes at `memory`, aligned or not: in all of them, except what is lost to alignment to a
 * granule and what exceeds ebb_get_geometry().largest_region.
 *
 * Returns NULL if and only if `memory` is NULL, or what alignment leaves of it too little for the control block and one
 * block. To end the heap, do not use it any more: the memory was the caller's all the time. Constant.
 */
struct ebb_heap *ebb_create_fixed(void *memory, size_t size);

#ifdef __cplusplus
}
#endif

#endif
