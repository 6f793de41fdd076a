/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Where the operations go: a file that is mapped piece by piece, so that what was recorded is in it however the program
 * ends. It is a header without figures, the operations and, up to the end of the last piece, zeros, which are none;
 * whoever waits for the program makes a whole trace of it.
 *
 * No descriptor stays open: programs that close all that they do not know would close it, and the next file that they
 * open would then have its number.
 */
#ifndef EBB_RECORD_OUTPUT_H
#define EBB_RECORD_OUTPUT_H

#include <stdbool.h>

#include "../trace/trace.h"

/*
 * Opens the file at `path`, to be overwritten; what was put before goes there first. NULL, or a few words about what
 * went wrong, of which errno may say more; nothing is recorded then.
 */
const char *output_open(const char *path);

/*
 * Puts an operation. Before the file is open it has room for some thousand. NULL, or a few words about what went wrong;
 * the file is then closed, and holds what was put before.
 */
const char *output_put(const struct trace_operation *operation);

/* Leaves the file as it is. To be called in a child as well, which has the parent's mapping, before anything is put. */
void output_close(void);

#endif
