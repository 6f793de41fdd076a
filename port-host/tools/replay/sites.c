/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sites.h"

#include "../common/command_line.h"

#include <stdlib.h>
#include <string.h>

static void count(void *context, const struct trace_name *name) {
    struct sites *self = context;
    self->count = name->site > self->count ? name->site : self->count;
}

/* The last name of a site takes the place of those before. */
static void copy(void *context, const struct trace_name *name) {
    struct sites *self = context;
    char *text = allocate((size_t)name->length + 1, 1);
    memcpy(text, name->text, name->length);
    free(self->names[name->site - 1]);
    self->names[name->site - 1] = text;
}

void sites_open(struct sites *self, const struct trace *trace) {
    *self = (struct sites){NULL, 0};
    trace_each_name(trace, count, self);
    self->names = allocate(self->count, sizeof *self->names);
    trace_each_name(trace, copy, self);
}

const char *sites_name(const struct sites *self, uint32_t site) {
    return site == 0 || site > self->count ? NULL : self->names[site - 1];
}

void sites_close(struct sites *self) {
    for (uint32_t index = 0; index < self->count; index++) {
        free(self->names[index]);
    }
    free(self->names);
}
