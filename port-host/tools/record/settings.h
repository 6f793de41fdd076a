/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * What the environment says to the recorder, as ebb-trace sets it:
 *
 *   EBB_TRACE_OUTPUT=/F    where to, an absolute path; not set: nothing is recorded
 *   EBB_TRACE_PROCESS=N    the process that writes to F itself
 *   EBB_TRACE_FOLLOW=1     others write to files beside it, with their number in the name; else they write nothing
 *   EBB_TRACE_SITES=N      who calls is noted as well: N callers, one within the other
 */
#ifndef EBB_RECORD_SETTINGS_H
#define EBB_RECORD_SETTINGS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct settings {
    char output[PATH_MAX]; /* a copy, because programs change their environment */
    pid_t main_process;
    bool follows;
    size_t callers; /* 0: no sites */
};

/* Returns whether this process is to be recorded. */
bool settings_read(struct settings *self);

/* Writes the path of the file that this process is to begin now to `path`, which has room for `size` bytes. */
void settings_choose_output(const struct settings *self, char *path, size_t size);

#endif
