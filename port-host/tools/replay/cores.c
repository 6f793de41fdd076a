/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "core.h"

#include <string.h>

const struct core *const cores[CORES] = {&core_16_8, &core_16_16, &core_32_8, &core_32_16};

/* "16/8" is also written "16_8" and "16-8", where a slash would be in the way. */
static bool is_called(const struct core *core, const char *name) {
    const size_t digits = 2;
    return strlen(name) == strlen(core->name) && strncmp(name, core->name, digits) == 0 &&
           strchr("/_-", name[digits]) != NULL && strcmp(name + digits + 1, core->name + digits + 1) == 0;
}

const struct core *core_named(const char *name) {
    for (size_t index = 0; index < CORES; index++) {
        if (is_called(cores[index], name)) {
            return cores[index];
        }
    }
    return NULL;
}

/* The overhead of headers, rounding and holes is a fifth on most programs. */
const struct core *core_for(size_t peak, bool is_64_bit) {
    if (is_64_bit) {
        return &core_32_16;
    }
    return peak + peak / 5 <= core_16_8.geometry().largest_region ? &core_16_8 : &core_32_8;
}
