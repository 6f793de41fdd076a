/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "encode.h"

static size_t put_number(unsigned char *bytes, uint32_t number) {
    size_t length = 0;

    for (; number >= 0x80; number >>= 7) {
        bytes[length++] = (unsigned char)(number | 0x80);
    }
    bytes[length++] = (unsigned char)number;
    return length;
}

static unsigned char exponent_of(uint32_t power_of_two) {
    unsigned char exponent = 0;

    while (power_of_two > 1) {
        power_of_two >>= 1;
        exponent++;
    }
    return exponent;
}

size_t trace_encode(unsigned char *bytes, const struct trace_operation *operation) {
    size_t length = 0;

    if (operation->site != 0) {
        length += put_number(bytes, operation->site << 3 | (uint32_t)TRACE_SITE);
    }
    length += put_number(bytes + length, operation->slot << 3 | (uint32_t)operation->kind);
    if (operation->kind != TRACE_FREE) {
        length += put_number(bytes + length, operation->size);
    }
    if (operation->kind == TRACE_ALIGNED) {
        bytes[length++] = exponent_of(operation->alignment);
    }
    return length;
}

size_t trace_encode_name(unsigned char *bytes, const struct trace_name *name) {
    size_t length = put_number(bytes, name->site << 3 | (uint32_t)TRACE_NAME);

    length += put_number(bytes + length, name->length);
    for (uint32_t index = 0; index < name->length; index++) {
        bytes[length++] = name->text[index];
    }
    return length;
}

static void put_field(unsigned char *bytes, size_t field, uint32_t value) {
    for (size_t byte = 0; byte < 4; byte++) {
        bytes[4 * field + byte] = (unsigned char)(value >> 8 * byte);
    }
}

void trace_encode_header(unsigned char *bytes, const struct trace *figures, uint32_t stream_bytes) {
    put_field(bytes, 0, TRACE_MAGIC);
    put_field(bytes, 1, figures->operations);
    put_field(bytes, 2, figures->slots);
    put_field(bytes, 3, figures->peak_live);
    put_field(bytes, 4, figures->flags);
    put_field(bytes, 5, stream_bytes);
    put_field(bytes, 6, figures->largest);
    put_field(bytes, 7, figures->live_at_end);
}
