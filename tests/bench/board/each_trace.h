/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The embedded traces, one after the other, each found sound before it is used. */
#ifndef EBB_BENCH_EACH_TRACE_H
#define EBB_BENCH_EACH_TRACE_H

#include "trace.h"

enum { BOARD_SLOTS = 4096 };

typedef void (*board_trace_user)(const char *name, struct trace *trace);

/* Announces each trace and hands it to `use`; a trace that is not sound ends the run. */
void board_for_each_trace(board_trace_user use);

#endif
