/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "lines.h"

#include "../common/command_line.h"
#include "filter.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "/build/x/file.c:12 (discriminator 3)" becomes "file.c:12"; what has no line number is not known. */
static char *shorten(char *text) {
    char *slash = text == NULL ? NULL : strrchr(text, '/');
    char *name = slash == NULL ? text : slash + 1;
    char *colon = name == NULL ? NULL : strrchr(name, ':');
    const bool is_known = colon != NULL && name[0] != '?' && colon[1] >= '1' && colon[1] <= '9';
    char *copy = NULL;
    if (is_known) {
        colon[1 + strspn(colon + 1, "0123456789")] = '\0';
        copy = copy_text(name);
    }
    free(text);
    return copy;
}

static char *known(char *function) {
    if (function != NULL && function[0] == '?') {
        free(function);
        return NULL;
    }
    return function;
}

static void ask(struct filter *filter, const char *path) {
    static char program[] = "addr2line";
    static char functions[] = "--functions";
    static char demangle[] = "--demangle";
    char *file = compose_text("--exe=%s", path);
    filter_run(filter, (char *[]){program, functions, demangle, file, NULL});
    free(file);
}

struct line *lines_find(const char *path, const uintptr_t *addresses, size_t count) {
    struct line *lines = allocate(count, sizeof *lines);
    struct filter filter;
    filter_open(&filter);
    for (size_t index = 0; filter.input != NULL && index < count; index++) {
        fprintf(filter.input, "0x%" PRIxPTR "\n", addresses[index]);
    }
    ask(&filter, path);
    for (size_t index = 0; index < count; index++) {
        lines[index].function = known(filter_read(&filter));
        lines[index].place = shorten(filter_read(&filter));
    }
    filter_close(&filter);
    return lines;
}

void lines_free(struct line *lines, size_t count) {
    for (size_t index = 0; index < count; index++) {
        free(lines[index].function);
        free(lines[index].place);
    }
    free(lines);
}
