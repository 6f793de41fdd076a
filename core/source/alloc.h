/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What other files ask of alloc.c. */
#ifndef EBB_SOURCE_ALLOC_H
#define EBB_SOURCE_ALLOC_H

#include "control.h"

/* A block in use of `size` units from the bottom of top, which has them. */
ebb_cell *ebb_take_top(struct ebb_heap *heap, size_t size);

/* Counts a request that could not be met, and returns NULL. */
void *ebb_fail(struct ebb_heap *heap);

#endif
