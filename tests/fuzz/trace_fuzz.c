/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Bytes that claim to be a trace: whatever they are, the reader stays within them, and says the same in every way. */
#include "trace.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_SLOTS = 1 << 16 };

static void require(bool holds) {
    if (!holds) {
        abort();
    }
}

static void check_operation(const struct trace *trace, const struct trace_operation *operation) {
    require(operation->slot < trace->slots);
    require(operation->size <= trace->largest);
    require((operation->size == 0) == (operation->kind == TRACE_FREE));
    require((operation->alignment != 0) == (operation->kind == TRACE_ALIGNED));
    require((operation->alignment & (operation->alignment - 1)) == 0);
    require(operation->site <= trace->sites);
    require(operation->site == 0 || (trace->flags & TRACE_HAS_SITES) != 0);
}

/* Reads up to the end, or to the first operation that is wrong, which stays the next one. */
static enum trace_status read_all(struct trace *trace) {
    struct trace_operation operation;
    enum trace_status status = trace_next(trace, &operation);
    for (; status == TRACE_OK; status = trace_next(trace, &operation)) {
        check_operation(trace, &operation);
    }
    require(trace_next(trace, &operation) == status);
    require(trace->done <= trace->operations);
    return status;
}

/* Reads all of a name, which lies within the trace. */
static void check_name(void *context, const struct trace_name *name) {
    const struct trace *trace = context;
    require(name->site > 0 && name->length > 0);
    require(name->text >= trace->stream && name->length <= (size_t)(trace->stream_end - name->text));
}

static void check_trace(struct trace *trace) {
    enum trace_status first = read_all(trace);
    uint32_t sites = trace->sites;
    trace_pass_names(trace);
    require(trace->sites >= sites);
    require(first != TRACE_END || trace->cursor == trace->stream_end);
    trace_each_name(trace, check_name, trace);
    trace_rewind(trace);
    require(read_all(trace) == first);
    if (trace->slots > MOST_SLOTS) {
        return;
    }
    uint32_t *sizes = malloc(((size_t)trace->slots + 1) * sizeof *sizes);
    require(sizes != NULL);
    enum trace_status verdict = trace_verify(trace, sizes);
    require(trace->done == 0);
    /* What reads well may still be wrong; what does not, cannot be right. */
    require(verdict != TRACE_OK || first == TRACE_END);
    require(strlen(trace_explain(verdict)) > 0);
    free(sizes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    /* A copy that ends where its memory does: so a read beyond it is found. */
    uint8_t *copy = malloc(size > 0 ? size : 1);
    require(copy != NULL);
    memcpy(copy, data, size);
    struct trace trace;
    enum trace_status status = trace_open(&trace, copy, size);
    if (status == TRACE_OK) {
        check_trace(&trace);
    }
    require(strlen(trace_explain(status)) > 0);
    free(copy);
    return 0;
}
