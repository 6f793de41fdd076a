/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef EBB_REPLAY_STOPWATCH_H
#define EBB_REPLAY_STOPWATCH_H

#include "replay.h"

/*
 * The time of the processor that a call takes on average, of the best of three replays. The trace is read apart from
 * that; what is counted is the heap's functions, moves of the end included, and a few nanoseconds for the loop around
 * them. The replay is open. 0 if no heap can be created.
 */
double stopwatch_nanoseconds(struct replay *replay);

#endif
