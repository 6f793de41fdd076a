/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Every way in which a trace can be wrong has its own status, and nothing is read beyond the bytes given. */
#include "embedded.h"
#include "encode.h"
#include "trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HEADER = 32 };

/* malloc(3), slot 0; realloc to 5; aligned(4, 16) into slot 1; free slot 0. */
static const unsigned char good_stream[] = {0 << 3 | 0, 3, 0 << 3 | 2, 5, 1 << 3 | 4, 4, 4, 0 << 3 | 1};

struct image {
    unsigned char bytes[HEADER + 64];
    size_t size;
};

static void put(struct image *image, size_t field, uint32_t value) {
    for (size_t byte = 0; byte < 4; byte++) {
        image->bytes[4 * field + byte] = (unsigned char)(value >> 8 * byte);
    }
}

static struct image build(const unsigned char *stream, size_t size, uint32_t operations) {
    struct image image = {.size = HEADER + size};

    assert_true(image.size <= sizeof image.bytes);
    memcpy(image.bytes, "MTR1", 4);
    put(&image, 1, operations);
    put(&image, 2, 2);
    put(&image, 3, 9);
    put(&image, 4, TRACE_HAS_ALIGNED);
    put(&image, 5, (uint32_t)size);
    put(&image, 6, 5);
    put(&image, 7, 4);
    memcpy(image.bytes + HEADER, stream, size);
    return image;
}

static struct image good(void) {
    return build(good_stream, sizeof good_stream, 4);
}

/* Verifies a copy that ends exactly at the end of its allocation, so that a sanitizer sees a read beyond it. */
static enum trace_status verify(const struct image *image) {
    struct trace trace;
    unsigned char *copy = malloc(image->size == 0 ? 1 : image->size);

    assert_non_null(copy);
    memcpy(copy, image->bytes, image->size);
    enum trace_status status = trace_open(&trace, copy, image->size);

    if (status == TRACE_OK) {
        uint32_t sizes[2];

        status = trace_verify(&trace, sizes);
    }
    free(copy);
    return status;
}

static enum trace_status verify_stream(const unsigned char *stream, size_t size, uint32_t operations) {
    struct image image = build(stream, size, operations);

    return verify(&image);
}

#define EXPECT_STREAM(expected, operations, ...)                                                                       \
    do {                                                                                                               \
        const unsigned char stream[] = {__VA_ARGS__};                                                                  \
        assert_int_equal(verify_stream(stream, sizeof stream, (operations)), (expected));                              \
    } while (0)

static enum trace_status verify_with_field(size_t field, uint32_t value) {
    struct image image = good();

    put(&image, field, value);
    return verify(&image);
}

static void all_project_traces_are_sound(void **state) {
    (void)state;
    assert_true(embedded_trace_count != 0);
    for (size_t index = 0; index < embedded_trace_count; index++) {
        const struct embedded_trace *file = &embedded_traces[index];
        struct trace trace;

        assert_int_equal(trace_open(&trace, file->start, (size_t)(file->end - file->start)), TRACE_OK);
        uint32_t *sizes = calloc(trace.slots, sizeof *sizes);

        assert_non_null(sizes);
        enum trace_status status = trace_verify(&trace, sizes);

        print_message("%s: %u operations, %s\n", file->name, (unsigned)trace.operations, trace_explain(status));
        assert_int_equal(status, TRACE_OK);
        assert_true(((trace.flags & TRACE_SYNTHETIC) != 0) == (strncmp(file->name, "syn_", 4) == 0));
        free(sizes);
    }
}

static void operations_read_as_written(void **state) {
    static const struct trace_operation expected[] = {{TRACE_MALLOC, 0, 3, 0, 0},
                                                      {TRACE_REALLOC, 0, 5, 0, 0},
                                                      {TRACE_ALIGNED, 1, 4, 16, 0},
                                                      {TRACE_FREE, 0, 0, 0, 0}};
    struct image image = good();
    struct trace trace;
    struct trace_operation operation;

    (void)state;
    assert_int_equal(verify(&image), TRACE_OK);
    assert_int_equal(trace_open(&trace, image.bytes, image.size), TRACE_OK);
    for (size_t round = 0; round < 2; round++) {
        for (size_t index = 0; index < sizeof expected / sizeof expected[0]; index++) {
            assert_int_equal(trace_next(&trace, &operation), TRACE_OK);
            assert_int_equal(operation.kind, expected[index].kind);
            assert_int_equal(operation.slot, expected[index].slot);
            assert_int_equal(operation.size, expected[index].size);
            assert_int_equal(operation.alignment, expected[index].alignment);
        }
        assert_int_equal(trace_next(&trace, &operation), TRACE_END);
        assert_int_equal(trace_next(&trace, &operation), TRACE_END);
        trace_rewind(&trace);
    }
}

static void every_cut_is_noticed(void **state) {
    struct image image = good();

    (void)state;
    for (image.size = 0; image.size < HEADER; image.size++) {
        assert_int_equal(verify(&image), TRACE_HEADER_CUT);
    }
    for (; image.size < HEADER + sizeof good_stream; image.size++) {
        assert_int_equal(verify(&image), TRACE_LENGTH);
    }
    image.size++;
    assert_int_equal(verify(&image), TRACE_LENGTH);
    for (size_t size = 0; size < sizeof good_stream; size++) {
        assert_int_equal(verify_stream(good_stream, size, 4), TRACE_OPERATION_CUT);
    }
}

static void wrong_headers_are_named(void **state) {
    (void)state;
    assert_int_equal(verify_with_field(0, 0x3252544d), TRACE_NOT_A_TRACE);
    assert_int_equal(verify_with_field(4, TRACE_HAS_ALIGNED | 16), TRACE_UNKNOWN_FLAG);
    assert_int_equal(verify_with_field(4, 0), TRACE_ALIGNMENT);
    assert_int_equal(verify_with_field(1, 3), TRACE_TRAILING);
    assert_int_equal(verify_with_field(1, 5), TRACE_OPERATION_CUT);
    assert_int_equal(verify_with_field(2, 1), TRACE_SLOT_RANGE);
    assert_int_equal(verify_with_field(2, 0), TRACE_SLOT_RANGE);
    assert_int_equal(verify_with_field(3, 8), TRACE_WRONG_PEAK);
    assert_int_equal(verify_with_field(3, 10), TRACE_WRONG_PEAK);
    assert_int_equal(verify_with_field(5, 0xffffffff), TRACE_LENGTH);
    assert_int_equal(verify_with_field(6, 4), TRACE_SIZE_RANGE);
    assert_int_equal(verify_with_field(6, 6), TRACE_WRONG_LARGEST);
    assert_int_equal(verify_with_field(7, 5), TRACE_WRONG_LIVE);
}

static void wrong_streams_are_named(void **state) {
    (void)state;
    EXPECT_STREAM(TRACE_UNKNOWN_OPERATION, 1, 5);
    EXPECT_STREAM(TRACE_UNKNOWN_OPERATION, 1, 7);
    EXPECT_STREAM(TRACE_SIZE_ZERO, 1, 0, 0);
    EXPECT_STREAM(TRACE_SIZE_RANGE, 1, 0, 6);
    EXPECT_STREAM(TRACE_SLOT_RANGE, 1, 2 << 3, 1);
}

static void wrong_use_of_slots_is_named(void **state) {
    (void)state;
    EXPECT_STREAM(TRACE_SLOT_EMPTY, 1, 1);
    EXPECT_STREAM(TRACE_SLOT_EMPTY, 1, 2, 1);
    EXPECT_STREAM(TRACE_SLOT_IN_USE, 2, 0, 1, 0, 1);
    EXPECT_STREAM(TRACE_SLOT_IN_USE, 2, 0, 1, 3, 1);
}

static void wrong_operands_are_named(void **state) {
    (void)state;
    EXPECT_STREAM(TRACE_ALIGNMENT, 1, 4, 1, 32);
    EXPECT_STREAM(TRACE_OPERATION_CUT, 1, 4, 1);
    EXPECT_STREAM(TRACE_OPERATION_CUT, 1, 0, 0x81);
    EXPECT_STREAM(TRACE_NUMBER_TOO_LARGE, 1, 0, 0xff, 0xff, 0xff, 0xff, 0x10);
    EXPECT_STREAM(TRACE_NUMBER_TOO_LARGE, 1, 0, 0x81, 0x80, 0x80, 0x80, 0x80, 0x00);
    EXPECT_STREAM(TRACE_SIZE_RANGE, 1, 0, 0xff, 0xff, 0xff, 0xff, 0x0f);
    EXPECT_STREAM(TRACE_TRAILING, 1, 0, 5, 1);
}

/* ---- Sites ---- */

#define NAME(site, length) (unsigned char)((site) << 3 | 6), (length)
#define SITE(site) (unsigned char)((site) << 3 | 5)

/* Site 1 is called "ab", malloc(3) from there; 2 is called "c", realloc to 5 from 2; aligned from nowhere; free from 1;
   and then site 1 is called "d". */
static const unsigned char stream_with_sites[] = {NAME(1, 2), 'a', 'b',     SITE(1),    0 << 3 | 0, 3,
                                                  NAME(2, 1), 'c', SITE(2), 0 << 3 | 2, 5,          1 << 3 | 4,
                                                  4,          4,   SITE(1), 0 << 3 | 1, NAME(1, 1), 'd'};

static struct image build_with_sites(const unsigned char *stream, size_t size, uint32_t operations) {
    struct image image = build(stream, size, operations);

    put(&image, 4, TRACE_HAS_ALIGNED | TRACE_HAS_SITES);
    return image;
}

#define EXPECT_SITES(expected, operations, ...)                                                                        \
    do {                                                                                                               \
        const unsigned char stream[] = {__VA_ARGS__};                                                                  \
        struct image image = build_with_sites(stream, sizeof stream, (operations));                                    \
        assert_int_equal(verify(&image), (expected));                                                                  \
    } while (0)

static void sites_are_those_of_their_operations(void **state) {
    static const uint32_t expected[] = {1, 2, 0, 1};
    struct image image = build_with_sites(stream_with_sites, sizeof stream_with_sites, 4);
    struct trace trace;
    struct trace_operation operation;

    (void)state;
    assert_int_equal(verify(&image), TRACE_OK);
    assert_int_equal(trace_open(&trace, image.bytes, image.size), TRACE_OK);
    for (size_t index = 0; index < 4; index++) {
        assert_int_equal(trace_next(&trace, &operation), TRACE_OK);
        assert_int_equal(operation.site, expected[index]);
    }
    assert_int_equal(trace_next(&trace, &operation), TRACE_END);
    assert_int_equal(trace.sites, 2);
    trace_pass_names(&trace);
    assert_ptr_equal(trace.cursor, trace.stream_end);
    assert_int_equal(trace_next(&trace, &operation), TRACE_END);
    trace_rewind(&trace);
    assert_int_equal(trace.sites, 0);
}

static void add_name(void *context, const struct trace_name *name) {
    char *text = context;
    const size_t length = strlen(text);

    text[length] = (char)('0' + name->site);
    memcpy(text + length + 1, name->text, name->length);
    text[length + 1 + name->length] = '\0';
}

static void all_names_are_found(void **state) {
    struct image image = build_with_sites(stream_with_sites, sizeof stream_with_sites, 4);
    struct trace trace;
    char found[20] = "";

    (void)state;
    assert_int_equal(trace_open(&trace, image.bytes, image.size), TRACE_OK);
    trace_each_name(&trace, add_name, found);
    assert_string_equal(found, "1ab2c1d");
}

static void every_cut_of_sites_is_noticed(void **state) {
    (void)state;
    for (size_t size = 0; size < sizeof stream_with_sites - 3; size++) {
        struct image image = build_with_sites(stream_with_sites, size, 4);

        assert_int_equal(verify(&image), TRACE_OPERATION_CUT);
    }
    for (size_t size = sizeof stream_with_sites - 2; size < sizeof stream_with_sites; size++) {
        struct image image = build_with_sites(stream_with_sites, size, 4);

        assert_int_equal(verify(&image), TRACE_TRAILING);
    }
}

static void wrong_sites_are_named(void **state) {
    (void)state;
    EXPECT_STREAM(TRACE_UNKNOWN_OPERATION, 1, NAME(1, 1), 'a', SITE(1), 0, 5);
    EXPECT_SITES(TRACE_SITE_RANGE, 1, SITE(1), 0, 5);
    EXPECT_SITES(TRACE_SITE_RANGE, 1, NAME(1, 1), 'a', SITE(2), 0, 5);
    EXPECT_SITES(TRACE_SITE_RANGE, 1, NAME(1, 1), 'a', SITE(0), 0, 5);
    EXPECT_SITES(TRACE_SITE_RANGE, 1, NAME(0, 1), 'a', 0, 5);
    EXPECT_SITES(TRACE_SITE_RANGE, 1, NAME(2, 1), 'a', 0, 5);
    EXPECT_SITES(TRACE_SITE_RANGE, 1, NAME(1, 0), 0, 5);
    EXPECT_SITES(TRACE_OPERATION_CUT, 1, NAME(1, 0x7f), 0, 5);
    EXPECT_SITES(TRACE_TRAILING, 1, NAME(1, 1), 'a', 0, 5, SITE(1));
    EXPECT_SITES(TRACE_UNKNOWN_OPERATION, 1, 7);
}

static void sites_are_written_as_they_were(void **state) {
    struct image image = build_with_sites(stream_with_sites, sizeof stream_with_sites, 4);
    struct trace trace;
    struct trace_operation operation;
    unsigned char bytes[sizeof stream_with_sites + TRACE_LONGEST_OPERATION];
    size_t size = 0;

    (void)state;
    assert_int_equal(trace_open(&trace, image.bytes, image.size), TRACE_OK);
    for (uint32_t site = 1; site <= 2; site++) {
        size += trace_encode_name(bytes + size,
                                  &(struct trace_name){site, 3 - site, (const unsigned char *)"abc" + 2 * (site - 1)});
        assert_int_equal(trace_next(&trace, &operation), TRACE_OK);
        size += trace_encode(bytes + size, &operation);
    }
    while (trace_next(&trace, &operation) == TRACE_OK) {
        size += trace_encode(bytes + size, &operation);
    }
    size += trace_encode_name(bytes + size, &(struct trace_name){1, 1, (const unsigned char *)"d"});
    assert_int_equal(size, sizeof stream_with_sites);
    assert_memory_equal(bytes, stream_with_sites, size);
}

/* Whatever the bytes are, reading ends with a status, and twice with the same one. */
static void any_single_byte_may_be_wrong(void **state) {
    unsigned different = 0;

    (void)state;
    for (size_t position = 0; position < HEADER + sizeof good_stream; position++) {
        for (unsigned value = 0; value < 256; value++) {
            struct image image = good();

            /* More slots than the table has room for is a mistake of this test, not of the trace. */
            if (position >= 8 && position < 12) {
                continue;
            }
            image.bytes[position] = (unsigned char)value;
            enum trace_status status = verify(&image);

            assert_int_equal(verify(&image), status);
            assert_string_not_equal(trace_explain(status), "unknown status");
            different += status != TRACE_OK;
        }
    }
    print_message("%u of the altered traces were refused\n", different);
    assert_true(different > 8000);
}

/* What is written is what was read, byte by byte, so both mean the same. */
static void all_project_traces_are_written_as_they_were(void **state) {
    (void)state;
    for (size_t index = 0; index < embedded_trace_count; index++) {
        const struct embedded_trace *file = &embedded_traces[index];
        unsigned char header[TRACE_HEADER_BYTES];
        struct trace trace;
        struct trace_operation operation;

        assert_int_equal(trace_open(&trace, file->start, (size_t)(file->end - file->start)), TRACE_OK);
        trace_encode_header(header, &trace, (uint32_t)(trace.stream_end - trace.stream));
        assert_memory_equal(header, file->start, sizeof header);
        const unsigned char *before = trace.cursor;

        while (trace_next(&trace, &operation) == TRACE_OK) {
            unsigned char bytes[TRACE_LONGEST_OPERATION];

            assert_int_equal(trace_encode(bytes, &operation), trace.cursor - before);
            assert_memory_equal(bytes, before, (size_t)(trace.cursor - before));
            before = trace.cursor;
        }
    }
}

static void the_largest_operation_can_be_written(void **state) {
    const struct trace_operation largest = {TRACE_ALIGNED, TRACE_LAST_SLOT, UINT32_MAX, (uint32_t)1 << 31,
                                            TRACE_LAST_SITE};
    unsigned char bytes[TRACE_LONGEST_OPERATION];
    struct trace_operation found;
    struct trace trace = {.operations = 1,
                          .slots = UINT32_MAX,
                          .flags = TRACE_HAS_ALIGNED | TRACE_HAS_SITES,
                          .largest = UINT32_MAX,
                          .stream = bytes,
                          .stream_end = bytes + sizeof bytes};

    (void)state;
    assert_int_equal(trace_encode(bytes, &largest), sizeof bytes);
    trace_rewind(&trace);
    trace.sites = TRACE_LAST_SITE; /* as if all had been named before */
    assert_int_equal(trace_next(&trace, &found), TRACE_OK);
    assert_memory_equal(&found, &largest, sizeof found);
    assert_int_equal(trace_next(&trace, &found), TRACE_END);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_project_traces_are_sound),
        cmocka_unit_test(operations_read_as_written),
        cmocka_unit_test(every_cut_is_noticed),
        cmocka_unit_test(wrong_headers_are_named),
        cmocka_unit_test(wrong_streams_are_named),
        cmocka_unit_test(wrong_use_of_slots_is_named),
        cmocka_unit_test(wrong_operands_are_named),
        cmocka_unit_test(sites_are_those_of_their_operations),
        cmocka_unit_test(all_names_are_found),
        cmocka_unit_test(every_cut_of_sites_is_noticed),
        cmocka_unit_test(wrong_sites_are_named),
        cmocka_unit_test(sites_are_written_as_they_were),
        cmocka_unit_test(any_single_byte_may_be_wrong),
        cmocka_unit_test(all_project_traces_are_written_as_they_were),
        cmocka_unit_test(the_largest_operation_can_be_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
