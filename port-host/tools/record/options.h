/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What ebb-trace is told on its command line. */
#ifndef EBB_RECORD_OPTIONS_H
#define EBB_RECORD_OPTIONS_H

#include <stdbool.h>

struct options {
    const char *output; /* a path; NULL: not said */
    bool follows;
    unsigned callers; /* to be recorded of each call; 0: none */
    bool is_quiet;
    bool repairs;
    char **operands; /* the program and its arguments, or traces to repair */
    int operand_count;
};

/* Ends the program with a message if they make no sense, and with what was asked for if that is help or the version. */
struct options options_read(int count, char **arguments);

#endif
