/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What the host's tools share: options, and which traces to replay. */
#ifndef EBB_BENCH_TOOL_H
#define EBB_BENCH_TOOL_H

#include "../replay.h"
#include "embedded.h"

#include <stdbool.h>
#include <stdint.h>

/* A trace with a table for its blocks. */
struct tool_trace {
    const char *name;
    struct trace trace;
    struct replay replay;
};

/* What is to be done with one trace. */
typedef void tool_use(struct tool_trace *trace, void *context);

/*
 * Uses the traces that are named, or every embedded one if none is. What ends in ".mtr" names a file. Ends the program
 * with a message if there is no such trace, or it is not sound.
 */
void tool_for_each(int count, char **names, tool_use *use, void *context);

/* Replays, and ends the program with a message if that does not succeed. */
void tool_replay(struct tool_trace *self, const struct subject_policy *policy, replay_observer observer, void *context);

bool tool_is_recorded(const struct tool_trace *self);

/* The number at `text`, or the end of the program with a message. */
uint32_t tool_number(const char *option, const char *text);

_Noreturn void tool_fail(const char *subject, const char *reason);

#endif
