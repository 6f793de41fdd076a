/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef EBB_REPLAY_JOBS_H
#define EBB_REPLAY_JOBS_H

#include <stddef.h>

/*
 * Calls `job` for every index below `count`, up to `threads` at once, and returns when all are done. If standard error
 * is a terminal, it shows meanwhile how many are, as "`what` 3 of 12".
 */
void jobs_run(size_t count, size_t threads, const char *what, void (*job)(void *context, size_t index), void *context);

/* The number of processors that this program may use. */
size_t jobs_processors(void);

#endif
