/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What ebb-replay is told on its command line. */
#ifndef EBB_REPLAY_OPTIONS_H
#define EBB_REPLAY_OPTIONS_H

#include "case.h"

enum report_format { REPORT_TABLE, REPORT_CSV, REPORT_JSON };

struct options {
    const struct core *cores[CORES]; /* one that is NULL: as the trace needs */
    size_t core_count;
    struct named_policy *policies;
    size_t policy_count;
    struct case_settings settings;
    enum report_format format;
    const char *output;   /* a path; NULL: standard output */
    const char *timeline; /* a path; NULL: not wanted */
    const char *events;   /* a path; NULL: not wanted */
    bool must_fit;        /* a failed request is a failure */
    size_t jobs;
    char **traces; /* paths */
    size_t trace_count;
};

/* Ends the program with a message if they make no sense, and with what was asked for if that is help or the version. */
struct options options_read(int count, char **arguments);

void options_close(struct options *self);

#endif
