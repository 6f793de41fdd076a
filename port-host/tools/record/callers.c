/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "callers.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
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
    const char *file; /* empty: not known */
    uintptr_t offset; /* as the file counts addresses */
};

/* dladdr() takes the loader's lock, which whoever loads a library holds while it allocates; this takes none. */
static struct place place_of(uintptr_t address) {
    struct place place = {"", address};
#if defined(DLFO_STRUCT_HAS_EH_DBASE)
    struct dl_find_object found;
    if (_dl_find_object((void *)address, &found) == 0) {
        const char *file = found.dlfo_link_map->l_name;
        place.file = file[0] != '\0' ? file : program_path();
        place.offset = address - found.dlfo_link_map->l_addr;
    }
#endif
    return place;
}

/* The call is before the address that it returns to, which may be another line's already, or another function's. */
static size_t write_caller(uintptr_t address, char *text, size_t size) {
    const struct place place = place_of(address - 1);
    const char *plus = place.file[0] != '\0' ? "+" : "";
    return (size_t)snprintf(text, size, "%s%s0x%" PRIxPTR "\n", place.file, plus, place.offset);
}

size_t callers_write(const struct callers *self, char *text, size_t size) {
    size_t length = 0;
    for (size_t index = 0; length < size && index < CALLERS_MOST && self->addresses[index] != 0; index++) {
        length += write_caller(self->addresses[index], text + length, size - length);
    }
    /* Without the end of the last line, or what did not fit. */
    return (length < size ? length : size) - 1;
}
