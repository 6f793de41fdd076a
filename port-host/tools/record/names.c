/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "names.h"

#include "../common/command_line.h"
#include "../trace/encode.h"
#include "filter.h"
#include "lines.h"
#include "symbols.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One line of a site's name. */
struct caller {
    uint32_t site;
    char *path; /* or, of what is no file and an address, all of the line */
    uintptr_t address;
    bool has_address;
    char *text; /* for people */
};

struct caller_list {
    struct caller *all;
    size_t count;
    size_t room;
};

/* ---- What the trace says ---- */

static void keep_last(void *context, const struct trace_name *name) {
    struct trace_name *names = context;
    names[name->site - 1] = *name;
}

static void split(struct caller *caller) {
    char *plus = strrchr(caller->path, '+');
    char *end = plus;
    if (caller->path[0] == '/' && plus != NULL) {
        caller->address = (uintptr_t)strtoull(plus + 1, &end, 16);
        caller->has_address = end != plus + 1 && *end == '\0';
    }
    if (caller->has_address) {
        *plus = '\0';
    }
}

static void add_caller(struct caller_list *self, uint32_t site, const unsigned char *text, size_t length) {
    if (self->count == self->room) {
        self->room = self->room == 0 ? 256 : 2 * self->room;
        self->all = reallocate(self->all, self->room, sizeof *self->all);
    }
    struct caller *caller = &self->all[self->count];
    *caller = (struct caller){.site = site, .path = allocate(length + 1, 1)};
    memcpy(caller->path, text, length);
    split(caller);
    self->count++;
}

static void add_callers(struct caller_list *self, const struct trace_name *name) {
    const unsigned char *rest = name->text;
    const unsigned char *end = name->text + name->length;
    while (rest < end) {
        const unsigned char *newline = memchr(rest, '\n', (size_t)(end - rest));
        const unsigned char *line_end = newline == NULL ? end : newline;
        add_caller(self, name->site, rest, (size_t)(line_end - rest));
        rest = newline == NULL ? end : newline + 1;
    }
}

static void read_callers(struct caller_list *self, const struct trace *trace) {
    struct trace_name *names = allocate(trace->sites, sizeof *names);
    trace_each_name(trace, keep_last, names);
    for (uint32_t index = 0; index < trace->sites; index++) {
        if (names[index].text != NULL) {
            add_callers(self, &names[index]);
        }
    }
    free(names);
}

/* ---- What it means ---- */

/* All that are in the same file stand together, so that it is opened once, and the same address is looked up once. */
static int by_path(const void *one, const void *other) {
    const struct caller *first = *(struct caller *const *)one;
    const struct caller *second = *(struct caller *const *)other;
    const int difference = strcmp(first->path, second->path);
    return difference != 0 ? difference : (first->address > second->address) - (first->address < second->address);
}

/* All of them by their paths. To be freed. */
static struct caller **in_order_of_paths(const struct caller_list *self) {
    struct caller **callers = allocate(self->count, sizeof(struct caller *));
    for (size_t index = 0; index < self->count; index++) {
        callers[index] = &self->all[index];
    }
    qsort(callers, self->count, sizeof(struct caller *), by_path);
    return callers;
}

static const char *file_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

/* Without a line, what addr2line calls the function is but the nearest one before: the symbols know better. */
static char *describe(const struct caller *caller, const struct line *line, const char *symbol) {
    const char *function = symbol != NULL && line->function == NULL ? symbol : line->function;
    const char *where = line->place != NULL ? line->place : file_name(caller->path);
    if (function != NULL && (line->place != NULL || symbol != NULL)) {
        return compose_text("%s (%s)", function, where);
    }
    return compose_text("%s+0x%" PRIxPTR, file_name(caller->path), caller->address);
}

/* The addresses of callers that stand in their order, each once. To be freed. */
static uintptr_t *different_addresses(struct caller *const *callers, size_t count, size_t *different) {
    uintptr_t *addresses = allocate(count, sizeof *addresses);
    *different = 0;
    for (size_t index = 0; index < count; index++) {
        if (*different == 0 || addresses[*different - 1] != callers[index]->address) {
            addresses[(*different)++] = callers[index]->address;
        }
    }
    return addresses;
}

static void describe_file(struct caller *const *callers, size_t count) {
    struct symbols symbols;
    symbols_open(&symbols, callers[0]->path);
    size_t different = 0;
    uintptr_t *addresses = different_addresses(callers, count, &different);
    struct line *lines =
        symbols.has_lines ? lines_find(callers[0]->path, addresses, different) : allocate(different, sizeof *lines);
    for (size_t index = 0, place = 0; index < count; index++) {
        place += addresses[place] != callers[index]->address;
        const char *symbol = symbols_function(&symbols, callers[index]->address);
        callers[index]->text = describe(callers[index], &lines[place], symbol);
    }
    lines_free(lines, different);
    symbols_close(&symbols);
    free(addresses);
}

static void describe_all(const struct caller_list *self) {
    struct caller **callers = in_order_of_paths(self);
    for (size_t start = 0, end = 0; start < self->count; start = end) {
        end = start + 1;
        while (end < self->count && strcmp(callers[end]->path, callers[start]->path) == 0) {
            end++;
        }
        if (callers[start]->has_address) {
            describe_file(callers + start, end - start);
        }
    }
    free(callers);
}

/* ---- Names of C++ ---- */

static bool has_mangled_name(const struct caller *caller) {
    return caller->text != NULL && strncmp(caller->text, "_Z", 2) == 0;
}

static bool any_is_mangled(const struct caller_list *self) {
    bool any = false;
    for (size_t index = 0; index < self->count; index++) {
        any = any || has_mangled_name(&self->all[index]);
    }
    return any;
}

/* As c++filt of the GNU binutils writes them, if it is installed: addr2line does so only where it knows the line. */
static void demangle_all(struct caller_list *self) {
    static char program[] = "c++filt";
    struct filter filter;
    filter_open(&filter);
    for (size_t index = 0; filter.input != NULL && index < self->count; index++) {
        fprintf(filter.input, "%s\n", has_mangled_name(&self->all[index]) ? self->all[index].text : "");
    }
    filter_run(&filter, (char *[]){program, NULL});
    for (size_t index = 0; index < self->count; index++) {
        char *text = filter_read(&filter);
        if (text != NULL && has_mangled_name(&self->all[index])) {
            free(self->all[index].text);
            self->all[index].text = text;
        } else {
            free(text);
        }
    }
    filter_close(&filter);
}

/* ---- Putting it into the trace ---- */

/* The lines of the site that begins with a caller, joined; `*count` is how many callers it has. To be freed. */
static char *join(const struct caller_list *self, size_t start, size_t *count) {
    size_t size = 1;
    char *text = allocate(1, 1);
    for (*count = 0; start + *count < self->count; ++*count) {
        const struct caller *caller = &self->all[start + *count];
        if (caller->site != self->all[start].site) {
            break;
        }
        const char *line = caller->text != NULL ? caller->text : caller->path;
        const size_t length = size - 1;
        size += strlen(line) + (*count > 0);
        text = reallocate(text, size, 1);
        snprintf(text + length, size - length, "%s%s", *count > 0 ? "\n" : "", line);
    }
    return text;
}

static void put(struct names *self, uint32_t site, const char *text) {
    const struct trace_name name = {
        .site = site, .length = (uint32_t)strlen(text), .text = (const unsigned char *)text};
    if (name.length > 0) {
        self->bytes = reallocate(self->bytes, self->size + TRACE_LONGEST_NAME_HEAD + name.length, 1);
        self->size += trace_encode_name(self->bytes + self->size, &name);
    }
}

static void put_all(struct names *self, const struct caller_list *callers) {
    size_t count = 0;
    for (size_t start = 0; start < callers->count; start += count) {
        char *text = join(callers, start, &count);
        put(self, callers->all[start].site, text);
        free(text);
    }
}

static void free_callers(struct caller_list *self) {
    for (size_t index = 0; index < self->count; index++) {
        free(self->all[index].path);
        free(self->all[index].text);
    }
    free(self->all);
}

struct names names_make(const struct trace *trace) {
    struct names names = {NULL, 0};
    struct caller_list callers = {NULL, 0, 0};
    read_callers(&callers, trace);
    describe_all(&callers);
    if (any_is_mangled(&callers)) {
        demangle_all(&callers);
    }
    put_all(&names, &callers);
    free_callers(&callers);
    return names;
}
