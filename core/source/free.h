/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What other files ask of free.c. */
#ifndef EBB_SOURCE_FREE_H
#define EBB_SOURCE_FREE_H

#include "control.h"

/* What ebb_free() does with a block in use. */
void ebb_free_block(struct ebb_heap *heap, ebb_cell *block);

/*
 * Makes a block in use free memory: merges it with its neighbours, or with top. Parts that are split off a block in use
 * go this way too; their header says that they are in use.
 */
void ebb_release(struct ebb_heap *heap, ebb_cell *block);

/* Keeps at least `wanted` units of a block in use and releases the rest, unless it stays: see ebb_stays(). */
void ebb_release_tail(struct ebb_heap *heap, ebb_cell *block, size_t wanted);

#endif
