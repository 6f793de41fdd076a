/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The functions of this program, and of other files: some have none; damaged ones are read within their bounds. */
#include "symbols.h"

#include "../common/command_line.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern const unsigned char __executable_start[]; // NOLINT(readability-identifier-naming): the linker's

static void nothing(void) {
}

/* Where a function is as the file counts addresses. */
static uintptr_t place_of(void (*function)(void)) {
    const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)(const void *)__executable_start;
    const uintptr_t base = header->e_type == ET_DYN ? (uintptr_t)__executable_start : 0;

    return (uintptr_t)function - base;
}

static void functions_are_found_by_their_addresses(void **state) {
    struct symbols symbols;
    const uintptr_t start = place_of(nothing);

    (void)state;
    symbols_open(&symbols, "/proc/self/exe");
    assert_string_equal(symbols_function(&symbols, start), "nothing");
    assert_null(symbols_function(&symbols, 0));
    assert_null(symbols_function(&symbols, UINTPTR_MAX));
    symbols_close(&symbols);
}

static void other_files_have_none(void **state) {
    static const char *const paths[] = {"/nowhere", "/", "/dev/null", "/proc/self/status", "/etc/passwd"};

    (void)state;
    for (size_t index = 0; index < sizeof paths / sizeof paths[0]; index++) {
        struct symbols symbols;

        symbols_open(&symbols, paths[index]);
        assert_null(symbols_function(&symbols, place_of(nothing)));
        assert_false(symbols.has_lines);
        symbols_close(&symbols);
    }
}

/* ---- Damage ---- */

static uint32_t chance_state = 1;

/* The same numbers every time: a linear congruential generator. */
static size_t chance(size_t below) {
    chance_state = chance_state * 1664525 + 1013904223;
    return (size_t)((uint64_t)chance_state * below >> 32);
}

struct content {
    unsigned char *bytes;
    size_t size;
};

static struct content read_self(void) {
    FILE *file = fopen("/proc/self/exe", "rbe");
    struct content content = {malloc((size_t)64 << 20), 0};

    assert_non_null(file);
    assert_non_null(content.bytes);
    content.size = fread(content.bytes, 1, (size_t)64 << 20, file);
    fclose(file);
    return content;
}

/* In the file's header, in the table of sections near its end, or anywhere; at times also cut. */
static void write_damaged(const char *path, const struct content *content) {
    const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)(void *)content->bytes;
    const size_t sections = (size_t)header->e_shoff;
    const size_t starts[] = {0, sections, 0};
    const size_t sizes[] = {sizeof *header, content->size - sections, content->size};
    unsigned char *copy = malloc(content->size);

    assert_non_null(copy);
    memcpy(copy, content->bytes, content->size);
    const size_t where = chance(3);

    for (size_t count = 1 + chance(20); count > 0; count--) {
        copy[starts[where] + chance(sizes[where])] = (unsigned char)chance(256);
    }
    FILE *file = fopen(path, "wbe");

    assert_non_null(file);
    fwrite(copy, 1, chance(8) == 0 ? chance(content->size) : content->size, file);
    fclose(file);
    free(copy);
}

static void damaged_files_are_read_within_their_bounds(void **state) {
    const struct content content = read_self();
    char path[] = "/tmp/ebb-symbols-XXXXXX";
    const int descriptor = mkstemp(path);

    (void)state;
    assert_true(descriptor >= 0);
    close(descriptor);
    for (unsigned round = 0; round < 300; round++) {
        struct symbols symbols;

        write_damaged(path, &content);
        symbols_open(&symbols, path);
        for (unsigned look = 0; look < 100; look++) {
            const char *name = symbols_function(&symbols, chance(0x40000));

            assert_true(name == NULL || strlen(name) > 0);
        }
        symbols_close(&symbols);
    }
    unlink(path);
    free(content.bytes);
}

int main(void) {
    tool_name = "symbols_test";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_are_found_by_their_addresses),
        cmocka_unit_test(other_files_have_none),
        cmocka_unit_test(damaged_files_are_read_within_their_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
