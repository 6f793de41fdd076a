/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "trace_file.h"

#include "command_line.h"
#include "trace_name.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static char *name_of(const char *path) {
    if (strcmp(path, "-") == 0) {
        return copy_text("stdin");
    }
    const char *slash = strrchr(path, '/');
    char *name = copy_text(slash == NULL ? path : slash + 1);
    name[trace_stem_length(name)] = '\0';
    return name;
}

/* A private mapping: what somebody writes to the file meanwhile may be seen, but nothing that is done here gets out. */
static bool map(struct trace_file *self, int descriptor, size_t size) {
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (bytes == MAP_FAILED) {
        return false;
    }
    self->bytes = bytes;
    self->size = size;
    self->mapped = true;
    return true;
}

/* For what has no size and cannot be mapped, such as a pipe. */
static bool read_all(struct trace_file *self, int descriptor) {
    size_t room = 0;
    ssize_t got = 1;
    while (got > 0) {
        if (self->size == room) {
            room = room == 0 ? 65536 : 2 * room;
            self->bytes = reallocate(self->bytes, room, 1);
        }
        got = read(descriptor, self->bytes + self->size, room - self->size);
        self->size += got > 0 ? (size_t)got : 0;
    }
    return got == 0;
}

static bool load(struct trace_file *self, int descriptor) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) {
        return false;
    }
    if (S_ISREG(status.st_mode) && status.st_size > 0) {
        return map(self, descriptor, (size_t)status.st_size);
    }
    return read_all(self, descriptor);
}

bool trace_file_load(struct trace_file *self, const char *path) {
    const bool is_standard_input = strcmp(path, "-") == 0;
    const int descriptor = is_standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    *self = (struct trace_file){.path = path, .name = name_of(path)};
    const bool loaded = descriptor >= 0 && load(self, descriptor);
    if (!loaded) {
        complain("%s: %s", path, strerror(errno));
    }
    if (descriptor >= 0 && !is_standard_input) {
        close(descriptor);
    }
    return loaded;
}

static bool is_repairable(enum trace_status status) {
    return status != TRACE_NOT_A_TRACE && status != TRACE_UNKNOWN_FLAG && status != TRACE_HEADER_CUT;
}

static bool explain(const struct trace_file *self, enum trace_status status) {
    if (status != TRACE_OK) {
        complain("%s: %s%s", self->path, trace_explain(status),
                 is_repairable(status) ? "; 'ebb-trace --repair' keeps what is whole" : "");
    }
    return status == TRACE_OK;
}

/* More operations than bytes cannot be, nor more slots than operations: they would only make the tables large. */
static enum trace_status verify(struct trace *trace) {
    if (trace->operations > (size_t)(trace->stream_end - trace->stream)) {
        return TRACE_OPERATION_CUT;
    }
    if (trace->slots > trace->operations) {
        return TRACE_SLOT_RANGE;
    }
    uint32_t *sizes = allocate(trace->slots, sizeof *sizes);
    const enum trace_status status = trace_verify(trace, sizes);
    free(sizes);
    return status;
}

bool trace_file_verify(struct trace_file *self) {
    enum trace_status status = trace_open(&self->trace, self->bytes, self->size);
    if (status == TRACE_OK) {
        status = verify(&self->trace);
    }
    return explain(self, status);
}

void trace_file_close(struct trace_file *self) {
    if (self->mapped) {
        munmap(self->bytes, self->size);
    } else {
        free(self->bytes);
    }
    free(self->name);
}
