/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef EBB_REPLAY_SEARCH_H
#define EBB_REPLAY_SEARCH_H

#include "replay.h"

/*
 * The smallest maximum, in granules, with which no request of the replay fails while one granule less makes one fail;
 * 0 if some fail whatever the maximum. Found by bisection: a maximum below it that would do by luck is not looked for.
 * The replay is open; its maximum is changed.
 */
size_t search_smallest_maximum(struct replay *replay);

#endif
