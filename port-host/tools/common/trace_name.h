/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What files with traces are called: "a.mtr", and that of process 1234 beside it "a.1234.mtr". */
#ifndef EBB_TOOLS_TRACE_NAME_H
#define EBB_TOOLS_TRACE_NAME_H

#include <stddef.h>
#include <string.h>

#define TRACE_ENDING ".mtr"

/* The length of a path without the ending; all of it if it has another one, or none. */
static inline size_t trace_stem_length(const char *path) {
    const size_t ending = sizeof TRACE_ENDING - 1;
    const size_t length = strlen(path);
    const size_t stem = length > ending ? length - ending : length;
    return strcmp(path + stem, TRACE_ENDING) == 0 ? stem : length;
}

#endif
