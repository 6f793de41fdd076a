/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef EBB_RECORD_LAUNCH_H
#define EBB_RECORD_LAUNCH_H

#include <stdbool.h>

enum { LAUNCH_FAILED = 125, LAUNCH_NOT_EXECUTABLE = 126, LAUNCH_NOT_FOUND = 127, LAUNCH_SIGNAL = 128 };

struct launch {
    char **command; /* its name and arguments, NULL at the end */
    const char *output;
    bool follows;
    unsigned callers; /* that are recorded of each call; 0: none */
};

/*
 * Runs the program with the recording library and waits for it, and with `follows` for everything that it has started
 * as well. Returns its exit status, or LAUNCH_SIGNAL and the signal that ended it, or one of the others above, having
 * said what is wrong.
 */
int launch(const struct launch *self);

#endif
