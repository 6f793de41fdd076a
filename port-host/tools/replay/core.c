/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* One geometry's table. The build says how it is called, EBB_CORE_TABLE and EBB_CORE_NAME, for each in turn. */
#include "core.h"

const struct core EBB_CORE_TABLE = {
    .name = EBB_CORE_NAME,
    .geometry = ebb_get_geometry,
    .create = ebb_create,
    .set_fault_handler = ebb_set_fault_handler,
    .alloc = ebb_alloc,
    .calloc = ebb_calloc,
    .aligned_alloc = ebb_aligned_alloc,
    .realloc = ebb_realloc,
    .free = ebb_free,
    .usable_size = ebb_usable_size,
    .free_bytes = ebb_free_bytes,
    .largest_free = ebb_largest_free,
    .walk = ebb_walk,
    .check = ebb_check,
};
