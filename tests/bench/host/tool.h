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

/* Opens the embedded trace `index`; ends the program with a message if it is not sound. */
struct tool_trace tool_open(size_t index);

void tool_close(struct tool_trace *self);

/* Replays, and ends the program with a message if that does not succeed. */
void tool_replay(struct tool_trace *self, const struct subject_policy *policy, replay_observer observer, void *context);

/* Whether the trace is among the names, or no names were given. */
bool tool_wants(const char *name, int count, char **names);

bool tool_is_recorded(const struct tool_trace *self);

/* The number at `text`, or the end of the program with a message. */
uint32_t tool_number(const char *option, const char *text);

_Noreturn void tool_fail(const char *subject, const char *reason);

#endif
