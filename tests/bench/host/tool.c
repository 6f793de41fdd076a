/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "tool.h"

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

struct tool_trace tool_open(size_t index) {
    const struct embedded_trace *file = &embedded_traces[index];
    struct tool_trace self = {.name = file->name};
    enum trace_status status = trace_open(&self.trace, file->start, (size_t)(file->end - file->start));

    if (status != TRACE_OK) {
        tool_fail(file->name, trace_explain(status));
    }
    uint32_t *sizes = table(self.trace.slots, sizeof *sizes);

    status = trace_verify(&self.trace, sizes);
    free(sizes);
    if (status != TRACE_OK) {
        tool_fail(file->name, trace_explain(status));
    }
    self.replay.slots = self.trace.slots;
    self.replay.blocks = table(self.trace.slots, sizeof *self.replay.blocks);
    return self;
}

void tool_close(struct tool_trace *self) {
    free(self->replay.blocks);
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

bool tool_wants(const char *name, int count, char **names) {
    for (int index = 0; index < count; index++) {
        if (strcmp(names[index], name) == 0) {
            return true;
        }
    }
    return count == 0;
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
