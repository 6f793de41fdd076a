/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What has to be true of a state, however it came about. */
#ifndef EXPLORE_CONDITION_H
#define EXPLORE_CONDITION_H

#include "world.h"

/* Returns NULL, or what is wrong. */
const char *condition_of_blocks(struct world *world);

/* Ends the heap, with a store that takes all. Returns NULL, or what was wrong; the world is of no use then. */
const char *condition_of_end(struct world *world);

#endif
