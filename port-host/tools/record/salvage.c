/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "salvage.h"

#include "../common/command_line.h"
#include "../trace/encode.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct tally {
    struct salvage *salvage;
    uint32_t *sizes; /* of the block in each slot; 0: none */
    uint32_t room;
    uint64_t live;
};

/* As wide as a trace can be: its own figures are what is to be found out. */
static struct trace open_stream(const struct trace_file *file) {
    struct trace trace = {
        .operations = UINT32_MAX,
        .slots = TRACE_LAST_SLOT,
        .flags = TRACE_HAS_ALIGNED | TRACE_HAS_SITES,
        .largest = UINT32_MAX,
        .stream = file->bytes + TRACE_HEADER_BYTES,
    };
    const size_t stream_bytes = file->size - TRACE_HEADER_BYTES;
    trace.stream_end = trace.stream + (stream_bytes < UINT32_MAX ? stream_bytes : UINT32_MAX);
    trace_rewind(&trace);
    return trace;
}

/* Room for one slot beyond those used so far: the lowest that is free is always used next. */
static void make_room(struct tally *self) {
    const uint32_t slots = self->salvage->figures.slots;
    if (slots < self->room) {
        return;
    }
    self->room = self->room == 0 ? 1024 : 2 * self->room;
    self->sizes = reallocate(self->sizes, self->room, sizeof *self->sizes);
    for (uint32_t slot = slots; slot < self->room; slot++) {
        self->sizes[slot] = 0;
    }
}

static enum trace_status check(const struct tally *self, const struct trace_operation *operation) {
    if (operation->slot > self->salvage->figures.slots) {
        return TRACE_SLOT_RANGE;
    }
    return trace_check_slot(operation, self->sizes[operation->slot]);
}

static void add(struct tally *self, const struct trace_operation *operation) {
    struct trace *figures = &self->salvage->figures;
    self->live = self->live - self->sizes[operation->slot] + operation->size;
    self->sizes[operation->slot] = operation->size;
    figures->operations++;
    figures->slots = operation->slot < figures->slots ? figures->slots : operation->slot + 1;
    figures->peak_live = figures->peak_live < self->live ? (uint32_t)self->live : figures->peak_live;
    figures->largest = figures->largest < operation->size ? operation->size : figures->largest;
    figures->flags |= operation->kind == TRACE_ALIGNED ? (uint32_t)TRACE_HAS_ALIGNED : 0;
    figures->live_at_end = (uint32_t)self->live;
}

static bool fits(const struct tally *self, const struct trace_operation *operation) {
    return self->live - self->sizes[operation->slot] + operation->size <= UINT32_MAX;
}

/* Whether there is another operation that a trace can go on with. */
static bool read_operation(struct tally *self, struct trace *trace, struct trace_operation *operation) {
    struct salvage *salvage = self->salvage;
    make_room(self);
    salvage->end = trace_next(trace, operation);
    if (salvage->end == TRACE_OK) {
        salvage->end = check(self, operation);
    }
    if (salvage->end == TRACE_OK) {
        salvage->is_full = !fits(self, operation);
    }
    return salvage->end == TRACE_OK && !salvage->is_full;
}

/* The trace then stands behind the last of them: one that was read, but cannot be, is no part of it. */
static void read_operations(struct tally *self, struct trace *trace) {
    struct trace_operation operation;
    struct trace behind_last = *trace;
    while (read_operation(self, trace, &operation)) {
        add(self, &operation);
        behind_last = *trace;
    }
    *trace = behind_last;
}

/* The flag stays if the header had it: the recorder's traces then differ by what was recorded only. */
static void add_sites(struct salvage *salvage, struct trace *trace) {
    trace_pass_names(trace);
    salvage->stream_bytes = (uint32_t)(trace->cursor - trace->stream);
    salvage->figures.flags |= trace->sites > 0 ? (uint32_t)TRACE_HAS_SITES : 0;
    salvage->figures.sites = trace->sites;
    salvage->figures.stream = trace->stream;
    salvage->figures.stream_end = trace->cursor;
}

static bool is_zero(const unsigned char *from, const unsigned char *to) {
    while (from != to && *from == 0) {
        from++;
    }
    return from == to;
}

struct salvage salvage_read(const struct trace_file *file) {
    struct salvage salvage = {.end = TRACE_OK};
    struct tally tally = {.salvage = &salvage};
    struct trace trace = open_stream(file);
    struct trace header;
    trace_open(&header, file->bytes, file->size); /* for its flags; what it says of the length does not matter */
    salvage.figures.flags = header.flags & ~(uint32_t)TRACE_HAS_ALIGNED;
    read_operations(&tally, &trace);
    add_sites(&salvage, &trace);
    salvage.is_padded = is_zero(trace.stream + salvage.stream_bytes, file->bytes + file->size);
    free(tally.sizes);
    return salvage;
}

static bool write_header(const struct salvage *self, uint32_t stream_bytes, int descriptor) {
    unsigned char header[TRACE_HEADER_BYTES];
    trace_encode_header(header, &self->figures, stream_bytes);
    const ssize_t written = pwrite(descriptor, header, sizeof header, 0);
    return written == (ssize_t)sizeof header;
}

static bool write_names(const struct names *names, off_t start, int descriptor) {
    const ssize_t written = names->size == 0 ? 0 : pwrite(descriptor, names->bytes, names->size, start);
    return written == (ssize_t)names->size;
}

static bool write_all(const struct salvage *self, const struct names *names, int descriptor) {
    const off_t end = TRACE_HEADER_BYTES + (off_t)self->stream_bytes;
    return ftruncate(descriptor, end) == 0 && write_names(names, end, descriptor) &&
           write_header(self, self->stream_bytes + (uint32_t)names->size, descriptor);
}

int salvage_write(const struct salvage *self, const struct names *names, const char *path) {
    static const struct names none = {NULL, 0};
    const bool fit = names->size <= UINT32_MAX - self->stream_bytes;
    const int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return errno;
    }
    errno = 0;
    const bool done = write_all(self, fit ? names : &none, descriptor);
    const int error = done ? 0 : errno != 0 ? errno : EIO;
    return close(descriptor) != 0 && error == 0 ? errno : error;
}
