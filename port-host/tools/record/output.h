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

enum { OUTPUT_LONGEST_NAME = 1000 };

/*
 * Opens the file at the path `wanted`, to be overwritten; `has_sites` says whether operations will have some. NULL, or
 * a few words about what went wrong, of which errno may say more; then none is open.
 */
const char *output_open(const char *wanted, bool has_sites);

/* Puts an operation into the file, which is open. NULL, or as above; then it is closed, and has what was put before. */
const char *output_put(const struct trace_operation *operation);

/* Puts the name of a site into it; as output_put(). The text has at most OUTPUT_LONGEST_NAME bytes. */
const char *output_put_name(const struct trace_name *name);

/* Leaves the file as it is, if one is open. A child has to do that before anything else, as it has the parent's. */
void output_close(void);

#endif
