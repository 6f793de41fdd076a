/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What a program has to be, to run scripts as an app on a board. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Runs a script and writes its output to stdout, then frees all memory. False, with a message at the end of the output,
 * if and only if the script did not run to its end.
 */
bool program_run(const char *script, size_t length);

#endif
