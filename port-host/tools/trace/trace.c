/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "trace.h"

enum { KNOWN_FLAGS = TRACE_FROM_64_BIT | TRACE_SYNTHETIC | TRACE_HAS_ALIGNED | TRACE_HAS_SITES, LARGEST_EXPONENT = 31 };

/* Byte by byte: an embedded trace may start at any address. */
static uint32_t little_endian(const unsigned char *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

enum trace_status trace_open(struct trace *self, const void *bytes, size_t size) {
    const unsigned char *header = bytes;

    if (size < TRACE_HEADER_BYTES) {
        return TRACE_HEADER_CUT;
    }
    if (little_endian(header) != TRACE_MAGIC) {
        return TRACE_NOT_A_TRACE;
    }
    self->operations = little_endian(header + 4);
    self->slots = little_endian(header + 8);
    self->peak_live = little_endian(header + 12);
    self->flags = little_endian(header + 16);
    self->largest = little_endian(header + 24);
    self->live_at_end = little_endian(header + 28);
    if ((self->flags & ~(uint32_t)KNOWN_FLAGS) != 0) {
        return TRACE_UNKNOWN_FLAG;
    }
    if (little_endian(header + 20) != size - TRACE_HEADER_BYTES) {
        return TRACE_LENGTH;
    }
    self->stream = header + TRACE_HEADER_BYTES;
    self->stream_end = header + size;
    trace_rewind(self);
    return TRACE_OK;
}

void trace_rewind(struct trace *self) {
    self->cursor = self->stream;
    self->done = 0;
    self->sites = 0;
}

static enum trace_status read_number(const unsigned char **cursor, const unsigned char *end, uint32_t *number) {
    *number = 0;
    for (unsigned shift = 0; *cursor != end; shift += 7) {
        uint32_t byte = *(*cursor)++;
        uint32_t bits = byte & 0x7f;

        if (shift > 28 || (bits << shift) >> shift != bits) {
            return TRACE_NUMBER_TOO_LARGE;
        }
        *number |= bits << shift;
        if (byte < 0x80) {
            return TRACE_OK;
        }
    }
    return TRACE_OPERATION_CUT;
}

static enum trace_status read_size(const struct trace *self, const unsigned char **cursor, uint32_t *size) {
    enum trace_status status = read_number(cursor, self->stream_end, size);

    if (status != TRACE_OK) {
        return status;
    }
    if (*size == 0) {
        return TRACE_SIZE_ZERO;
    }
    return *size > self->largest ? TRACE_SIZE_RANGE : TRACE_OK;
}

static enum trace_status read_alignment(const struct trace *self, const unsigned char **cursor, uint32_t *alignment) {
    if (*cursor == self->stream_end) {
        return TRACE_OPERATION_CUT;
    }
    uint32_t exponent = *(*cursor)++;

    if (exponent > LARGEST_EXPONENT || (self->flags & TRACE_HAS_ALIGNED) == 0) {
        return TRACE_ALIGNMENT;
    }
    *alignment = (uint32_t)1 << exponent;
    return TRACE_OK;
}

struct visitor {
    void (*visit)(void *context, const struct trace_name *name);
    void *context;
};

/* How far a reading has come: taken over into the trace only if what was read is right. */
struct reading {
    const unsigned char *cursor;
    uint32_t sites;
    const struct visitor *visitor; /* of names; NULL: none */
};

static struct reading begin_reading(const struct trace *self) {
    return (struct reading){.cursor = self->cursor, .sites = self->sites};
}

static void end_reading(struct trace *self, const struct reading *reading) {
    self->cursor = reading->cursor;
    self->sites = reading->sites;
}

static enum trace_status read_name(const struct trace *self, struct reading *reading, uint32_t site) {
    struct trace_name name = {.site = site};
    const enum trace_status status = read_number(&reading->cursor, self->stream_end, &name.length);

    if (status != TRACE_OK) {
        return status;
    }
    if (name.length > (size_t)(self->stream_end - reading->cursor)) {
        return TRACE_OPERATION_CUT;
    }
    if (name.length == 0 || site == 0 || site - 1 > reading->sites) {
        return TRACE_SITE_RANGE;
    }
    name.text = reading->cursor;
    reading->cursor += name.length;
    reading->sites += site > reading->sites;
    if (reading->visitor != NULL) {
        reading->visitor->visit(reading->visitor->context, &name);
    }
    return TRACE_OK;
}

/* The number that an operation or a note begins with. */
static enum trace_status read_head(const struct trace *self, struct reading *reading, uint32_t *head) {
    const enum trace_status status = read_number(&reading->cursor, self->stream_end, head);

    if (status != TRACE_OK) {
        return status;
    }
    const uint32_t last = (self->flags & TRACE_HAS_SITES) != 0 ? (uint32_t)TRACE_NAME : (uint32_t)TRACE_ALIGNED;

    return (*head & 7) > last ? TRACE_UNKNOWN_OPERATION : TRACE_OK;
}

static enum trace_status read_note(const struct trace *self, struct reading *reading, uint32_t head, uint32_t *site) {
    if ((head & 7) == TRACE_NAME) {
        return read_name(self, reading, head >> 3);
    }
    *site = head >> 3;
    return *site == 0 || *site > reading->sites ? TRACE_SITE_RANGE : TRACE_OK;
}

static enum trace_status read_operands(const struct trace *self, struct reading *reading,
                                       struct trace_operation *operation) {
    enum trace_status status = operation->slot < self->slots ? TRACE_OK : TRACE_SLOT_RANGE;

    if (status == TRACE_OK && operation->kind != TRACE_FREE) {
        status = read_size(self, &reading->cursor, &operation->size);
    }
    if (status == TRACE_OK && operation->kind == TRACE_ALIGNED) {
        status = read_alignment(self, &reading->cursor, &operation->alignment);
    }
    return status;
}

/* Passes over the notes before an operation; `head` is the first one's, and then the operation's. */
static enum trace_status read_notes(const struct trace *self, struct reading *reading, uint32_t *head, uint32_t *site) {
    enum trace_status status = TRACE_OK;

    while (status == TRACE_OK && (*head & 7) > TRACE_ALIGNED) {
        status = read_note(self, reading, *head, site);
        if (status == TRACE_OK) {
            status = read_head(self, reading, head);
        }
    }
    return status;
}

static enum trace_status read_operation(const struct trace *self, struct reading *reading,
                                        struct trace_operation *operation) {
    uint32_t head = 0;
    enum trace_status status = read_head(self, reading, &head);

    operation->size = 0;
    operation->alignment = 0;
    operation->site = 0;
    if (status == TRACE_OK) {
        status = read_notes(self, reading, &head, &operation->site);
    }
    if (status != TRACE_OK) {
        return status;
    }
    operation->kind = (enum trace_kind)(head & 7);
    operation->slot = head >> 3;
    return read_operands(self, reading, operation);
}

/* Reads names as long as there are any that are right; `reading` ends behind the last of them. */
static void read_names(const struct trace *self, struct reading *reading) {
    struct reading ahead = *reading;
    uint32_t head = 0;

    while (ahead.cursor != self->stream_end && read_head(self, &ahead, &head) == TRACE_OK && (head & 7) == TRACE_NAME &&
           read_name(self, &ahead, head >> 3) == TRACE_OK) {
        *reading = ahead;
    }
}

void trace_pass_names(struct trace *self) {
    struct reading reading = begin_reading(self);

    read_names(self, &reading);
    end_reading(self, &reading);
}

void trace_each_name(const struct trace *self, void (*visit)(void *context, const struct trace_name *name),
                     void *context) {
    const struct visitor visitor = {visit, context};
    struct reading reading = {.cursor = self->stream, .visitor = &visitor};
    struct trace_operation operation;
    uint32_t done = 0;

    while (done < self->operations && read_operation(self, &reading, &operation) == TRACE_OK) {
        done++;
    }
    if (done == self->operations) {
        read_names(self, &reading);
    }
}

static enum trace_status status_at_end(const struct trace *self) {
    struct reading reading = begin_reading(self);

    read_names(self, &reading);
    return reading.cursor == self->stream_end ? TRACE_END : TRACE_TRAILING;
}

enum trace_status trace_next(struct trace *self, struct trace_operation *operation) {
    if (self->done == self->operations) {
        return status_at_end(self);
    }
    struct reading reading = begin_reading(self);
    enum trace_status status = read_operation(self, &reading, operation);

    if (status == TRACE_OK) {
        end_reading(self, &reading);
        self->done++;
    }
    return status;
}

/* What the operations have come to; 64 bits, so that no stream of 32-bit sizes can overflow it. */
struct tally {
    uint64_t live;
    uint64_t peak;
    uint32_t largest;
};

enum trace_status trace_check_slot(const struct trace_operation *operation, uint32_t size) {
    bool needs_block = operation->kind == TRACE_FREE || operation->kind == TRACE_REALLOC;

    if (needs_block == (size != 0)) {
        return TRACE_OK;
    }
    return needs_block ? TRACE_SLOT_EMPTY : TRACE_SLOT_IN_USE;
}

static enum trace_status apply(const struct trace_operation *operation, uint32_t *sizes, struct tally *tally) {
    uint32_t *slot = &sizes[operation->slot];
    enum trace_status status = trace_check_slot(operation, *slot);

    if (status != TRACE_OK) {
        return status;
    }
    tally->live = tally->live - *slot + operation->size;
    *slot = operation->size;
    if (tally->peak < tally->live) {
        tally->peak = tally->live;
    }
    if (tally->largest < operation->size) {
        tally->largest = operation->size;
    }
    return TRACE_OK;
}

static enum trace_status compare(const struct trace *self, const struct tally *tally) {
    if (tally->peak != self->peak_live) {
        return TRACE_WRONG_PEAK;
    }
    if (tally->largest != self->largest) {
        return TRACE_WRONG_LARGEST;
    }
    return tally->live == self->live_at_end ? TRACE_OK : TRACE_WRONG_LIVE;
}

enum trace_status trace_verify(struct trace *self, uint32_t *sizes) {
    struct tally tally = {0, 0, 0};
    struct trace_operation operation;
    enum trace_status status = TRACE_OK;

    for (uint32_t slot = 0; slot < self->slots; slot++) {
        sizes[slot] = 0;
    }
    trace_rewind(self);
    while (status == TRACE_OK) {
        status = trace_next(self, &operation);
        if (status == TRACE_OK) {
            status = apply(&operation, sizes, &tally);
        }
    }
    trace_rewind(self);
    return status == TRACE_END ? compare(self, &tally) : status;
}

const char *trace_explain(enum trace_status status) {
    static const char *const text[] = {
        [TRACE_OK] = "sound",
        [TRACE_END] = "no operation is left",
        [TRACE_HEADER_CUT] = "too short for a header",
        [TRACE_NOT_A_TRACE] = "no trace: the magic number is wrong",
        [TRACE_UNKNOWN_FLAG] = "unknown flag in the header",
        [TRACE_LENGTH] = "cut, or longer than the header says",
        [TRACE_OPERATION_CUT] = "the stream ends within or before an operation",
        [TRACE_NUMBER_TOO_LARGE] = "a number does not fit 32 bits",
        [TRACE_UNKNOWN_OPERATION] = "unknown operation",
        [TRACE_SLOT_RANGE] = "slot out of range",
        [TRACE_SIZE_ZERO] = "a size of zero",
        [TRACE_SIZE_RANGE] = "a size above the header's largest",
        [TRACE_ALIGNMENT] = "an impossible or unannounced alignment",
        [TRACE_TRAILING] = "bytes follow the last operation",
        [TRACE_SLOT_IN_USE] = "allocates into a slot in use",
        [TRACE_SLOT_EMPTY] = "frees or resizes an empty slot",
        [TRACE_WRONG_PEAK] = "the header's peak is wrong",
        [TRACE_WRONG_LARGEST] = "the header's largest block never occurs",
        [TRACE_WRONG_LIVE] = "the header's live bytes at the end are wrong",
        [TRACE_SITE_RANGE] = "a site without a name, or an impossible name",
    };

    return (size_t)status < sizeof text / sizeof text[0] ? text[status] : "unknown status";
}
