/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "each_trace.h"

#include "console.h"
#include "embedded.h"

static uint32_t sizes[BOARD_SLOTS];

static void open_sound(struct trace *trace, const struct embedded_trace *file) {
    enum trace_status status = trace_open(trace, file->start, (size_t)(file->end - file->start));

    if (status == TRACE_OK && trace->slots > BOARD_SLOTS) {
        fail(file->name, "has more blocks at once than the table of this program", BOARD_SLOTS);
    }
    if (status == TRACE_OK) {
        status = trace_verify(trace, sizes);
    }
    if (status != TRACE_OK) {
        fail(file->name, trace_explain(status), 0);
    }
}

static void announce(const char *name, const struct trace *trace) {
    print("trace ");
    print(name);
    print_field("operations", trace->operations);
    print_field("peak_live", trace->peak_live);
    print_field("synthetic", (trace->flags & TRACE_SYNTHETIC) != 0);
    print("\n");
}

void board_for_each_trace(board_trace_user use) {
    for (size_t index = 0; index < embedded_trace_count; index++) {
        struct trace trace;

        open_sound(&trace, &embedded_traces[index]);
        announce(embedded_traces[index].name, &trace);
        use(embedded_traces[index].name, &trace);
    }
}
