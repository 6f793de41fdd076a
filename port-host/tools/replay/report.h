/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What came of all cases, for people or for programs. */
#ifndef EBB_REPLAY_REPORT_H
#define EBB_REPLAY_REPORT_H

#include "case.h"

#include <stdio.h>

/*
 * All traces on all cores under all policies: case (t, c, p) is the one at (t * cores + c) * policies + p. The c-th
 * core of two traces may differ, if it was to be chosen by the trace.
 */
struct report {
    struct replay_case *cases;
    size_t traces;
    size_t cores;
    size_t policies;
};

/* The number of cases, of those that are summarized together, and the t-th of the g-th such group. */
size_t report_cases(const struct report *self);
size_t report_groups(const struct report *self);
const struct replay_case *report_case_in_group(const struct report *self, size_t group, size_t trace);

/* Column by column: of one case, or of all traces in a group. NAN: there is no such figure. */
void report_values(const struct replay_case *one, double *values);
void report_summary(const struct report *self, size_t group, double *values);

/* Rows that are aligned, with a summary of several traces at the end; a note for each case that has no figures. */
void report_table(const struct report *self, FILE *file);

/* One line for each case that has figures, after a line of names. */
void report_csv(const struct report *self, FILE *file);

/* One object with a list of cases, timelines included, and one of summaries. */
void report_json(const struct report *self, FILE *file);

/* As CSV: one line for each sample of each case. */
void report_timeline(const struct report *self, FILE *file);

#endif
