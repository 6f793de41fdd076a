/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "tool.h"

#include "trace_file.h"
#include "trace_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void tool_fail(const char *subject, const char *reason) {
    fprintf(stderr, "%s: %s\n", subject, reason);
    exit(EXIT_FAILURE);
}

static void *table(size_t count, size_t size) {
    void *memory = calloc(count, size);

    if (memory == NULL) {
        tool_fail("memory", "not enough for this trace");
    }
    return memory;
}

static void use_opened(const char *name, const struct trace *trace, tool_use *use, void *context) {
    struct tool_trace self = {.name = name, .trace = *trace};

    self.replay.slots = trace->slots;
    self.replay.blocks = table(trace->slots, sizeof *self.replay.blocks);
    use(&self, context);
    free(self.replay.blocks);
}

static void use_embedded(const struct embedded_trace *embedded, tool_use *use, void *context) {
    struct trace trace;
    enum trace_status status = trace_open(&trace, embedded->start, (size_t)(embedded->end - embedded->start));

    if (status != TRACE_OK) {
        tool_fail(embedded->name, trace_explain(status));
    }
    uint32_t *sizes = table(trace.slots, sizeof *sizes);

    status = trace_verify(&trace, sizes);
    free(sizes);
    if (status != TRACE_OK) {
        tool_fail(embedded->name, trace_explain(status));
    }
    use_opened(embedded->name, &trace, use, context);
}

static void use_file(const char *path, tool_use *use, void *context) {
    struct trace_file file;

    if (!trace_file_load(&file, path) || !trace_file_verify(&file)) {
        exit(EXIT_FAILURE); /* which has said why */
    }
    use_opened(file.name, &file.trace, use, context);
    trace_file_close(&file);
}

static bool is_file_name(const char *name) {
    return trace_stem_length(name) < strlen(name);
}

static const struct embedded_trace *find_embedded(const char *name) {
    for (size_t index = 0; index < embedded_trace_count; index++) {
        if (strcmp(embedded_traces[index].name, name) == 0) {
            return &embedded_traces[index];
        }
    }
    tool_fail(name, "is no trace of the project's, nor the name of a file that ends in " TRACE_ENDING);
}

void tool_for_each(int count, char **names, tool_use *use, void *context) {
    for (size_t index = 0; count == 0 && index < embedded_trace_count; index++) {
        use_embedded(&embedded_traces[index], use, context);
    }
    for (int index = 0; index < count; index++) {
        if (is_file_name(names[index])) {
            use_file(names[index], use, context);
        } else {
            use_embedded(find_embedded(names[index]), use, context);
        }
    }
}

void tool_replay(struct tool_trace *self, const struct subject_policy *policy, replay_observer observer,
                 void *context) {
    self->replay.trace = &self->trace;
    self->replay.checks_payloads = true;
    self->replay.observer = observer;
    self->replay.context = context;
    enum replay_status status = replay_run(&self->replay, policy);

    if (status != REPLAY_OK) {
        fprintf(stderr, "after operation %u of ", (unsigned)self->replay.done);
        tool_fail(self->name, replay_explain(status));
    }
}

bool tool_is_recorded(const struct tool_trace *self) {
    return (self->trace.flags & TRACE_SYNTHETIC) == 0;
}

uint32_t tool_number(const char *option, const char *text) {
    char *end = NULL;
    unsigned long long number = text != NULL ? strtoull(text, &end, 10) : 0;

    if (text == NULL || *end != '\0' || *text < '0' || *text > '9' || number > UINT32_MAX) {
        tool_fail(option, "needs a number that is not negative and fits 32 bits");
    }
    return (uint32_t)number;
}
