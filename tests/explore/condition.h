/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What has to be true of a state, however it came about. */
#ifndef EXPLORE_CONDITION_H
#define EXPLORE_CONDITION_H

#include "world.h"

/* Returns NULL, or what is wrong. */
const char *condition_of_blocks(struct world *world);

/* Ends the heap, with a store that takes all. Returns NULL, or what was wrong; the world is of no use then. */
const char *condition_of_end(struct world *world);

/*
 * The same about what the call that led here from `before` has left where no block is any longer: an address there is
 * none of a block in use. Only where something has changed, as the rest was looked at there.
 */
const char *condition_of_old_addresses(struct world *world, const struct saved_world *before);

#endif
