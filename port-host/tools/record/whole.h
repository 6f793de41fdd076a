/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Files with traces that are to be whole: those that programs have left, and damaged ones. */
#ifndef EBB_RECORD_WHOLE_H
#define EBB_RECORD_WHOLE_H

#include <stdbool.h>

struct whole {
    bool is_quiet;    /* does not say what there is */
    bool names_sites; /* for people: only while the files are as they were when the program ran */
};

/*
 * Makes the trace at `path` whole, in place. Says what was lost and what there is. False, having said why, if that
 * cannot be done.
 */
bool whole_make(const char *path, const struct whole *wanted);

/* The same for all unfinished traces of other processes: at "a.1234.mtr" and the like, for an `output` of "a.mtr". */
void whole_make_others(const char *output, const struct whole *wanted);

#endif
