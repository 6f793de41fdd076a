/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "callers.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>
#include <unwind.h>

/* ---- Finding them ---- */

struct walk {
    struct callers *callers;
    uintptr_t innermost;
    size_t found;
    size_t wanted;
};

static _Unwind_Reason_Code visit(struct _Unwind_Context *context, void *argument) {
    struct walk *walk = argument;
    const uintptr_t address = _Unwind_GetIP(context);
    if (walk->found > 0 || address == walk->innermost) {
        walk->callers->addresses[walk->found++] = address;
    }
    return walk->found < walk->wanted ? _URC_NO_REASON : _URC_END_OF_STACK;
}

struct callers callers_find(const void *innermost, size_t count) {
    struct callers callers = {{(uintptr_t)innermost}};
    if (count > 1) {
        struct walk walk = {.callers = &callers, .innermost = (uintptr_t)innermost, .wanted = count};
        _Unwind_Backtrace(visit, &walk);
    }
    return callers;
}

/* ---- Naming them ---- */

/* The loader's own name for the program is empty. */
static const char *program_path(void) {
    static char path[PATH_MAX];
    if (path[0] == '\0') {
        const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
        path[length > 0 ? length : 0] = '\0';
    }
    return path;
}

struct place {
    const char *file; /* NULL: not known */
    uintptr_t offset; /* as the file counts addresses */
};

/* dladdr() takes the loader's lock, which whoever loads a library holds while it allocates; this takes none. */
static struct place place_of(uintptr_t address) {
    struct place place = {NULL, address};
#if defined(DLFO_STRUCT_HAS_EH_DBASE)
    struct dl_find_object found;
    if (_dl_find_object((void *)address, &found) == 0) { // NOLINT(performance-no-int-to-ptr): it is a return address
        place.file = found.dlfo_link_map->l_name;
        place.offset = address - found.dlfo_link_map->l_addr;
    }
#endif
    if (place.file != NULL && place.file[0] == '\0') {
        place.file = program_path();
    }
    return place;
}

struct writer {
    char *text;
    size_t length;
    size_t size;
};

static void add(struct writer *self, const char *text, size_t length) {
    const size_t left = self->size - self->length;
    const size_t part = length < left ? length : left;
    memcpy(self->text + self->length, text, part);
    self->length += part;
}

static void add_hexadecimal(struct writer *self, uintptr_t number) {
    char digits[2 * sizeof number];
    size_t start = sizeof digits;
    do {
        digits[--start] = "0123456789abcdef"[number % 16];
        number /= 16;
    } while (number != 0);
    add(self, "0x", 2);
    add(self, digits + start, sizeof digits - start);
}

/* The call is before the address that it returns to, which may be another line's already, or another function's. */
static void add_caller(struct writer *self, uintptr_t address) {
    const struct place place = place_of(address - 1);
    if (self->length > 0) {
        add(self, "\n", 1);
    }
    if (place.file != NULL) {
        add(self, place.file, strlen(place.file));
        add(self, "+", 1);
    }
    add_hexadecimal(self, place.offset);
}

size_t callers_write(const struct callers *self, char *text, size_t size) {
    struct writer writer = {.text = text, .size = size};
    for (size_t index = 0; index < CALLERS_MOST && self->addresses[index] != 0; index++) {
        add_caller(&writer, self->addresses[index]);
    }
    return writer.length;
}
