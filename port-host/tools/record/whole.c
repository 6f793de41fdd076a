/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "whole.h"

#include "../common/command_line.h"
#include "../common/trace_name.h"
#include "salvage.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was lost, for people. */
static void report_loss(const char *path, const struct salvage *salvage, size_t file_size) {
    const size_t dropped = file_size - TRACE_HEADER_BYTES - salvage->stream_bytes;
    if (salvage->is_full) {
        complain("%s: ends where 4 GiB were live, which is all that a trace can say", path);
    } else if (!salvage->is_padded) {
        complain("%s: dropped %zu bytes behind the last whole operation: %s", path, dropped,
                 trace_explain(salvage->end));
    }
}

static void describe(const char *path, const struct trace *figures) {
    complain("%s: %u calls, at most %u bytes in %u blocks at once", path, (unsigned)figures->operations,
             (unsigned)figures->peak_live, (unsigned)figures->slots);
}

static bool has_header(const struct trace_file *file) {
    struct trace trace;
    const enum trace_status status = trace_open(&trace, file->bytes, file->size);
    const bool has_one = status == TRACE_OK || status == TRACE_LENGTH;
    if (!has_one) {
        complain("%s: %s", file->path, trace_explain(status));
    }
    return has_one;
}

/* Returns 0, or an error number. */
static int write_over(const char *path, const struct salvage *salvage, bool names_sites) {
    struct names names = {NULL, 0};
    if (names_sites) {
        names = names_make(&salvage->figures);
    }
    const int error = salvage_write(salvage, &names, path);
    free(names.bytes);
    return error;
}

static bool make_whole(const struct trace_file *file, const struct whole *wanted) {
    const struct salvage salvage = salvage_read(file);
    const int error = write_over(file->path, &salvage, wanted->names_sites);
    if (error != 0) {
        complain("%s: %s", file->path, strerror(error));
        return false;
    }
    report_loss(file->path, &salvage, file->size);
    if (!wanted->is_quiet) {
        describe(file->path, &salvage.figures);
    }
    return true;
}

bool whole_make(const char *path, const struct whole *wanted) {
    struct trace_file file;
    const bool done = trace_file_load(&file, path) && has_header(&file) && make_whole(&file, wanted);
    trace_file_close(&file);
    return done;
}

/* As the recorder leaves it: a header that says nothing, with something behind it. */
static bool is_unfinished(const char *path) {
    struct trace_file file;
    struct trace header = {.operations = 1};
    const bool is_cut = trace_file_load(&file, path) && file.size > TRACE_HEADER_BYTES &&
                        trace_open(&header, file.bytes, file.size) == TRACE_LENGTH;
    trace_file_close(&file);
    return is_cut && header.operations == 0;
}

/* Writes the first `length` characters of a path so that glob() finds nothing else by them. Returns the end. */
static char *quote(char *pattern, const char *path, size_t length) {
    for (size_t index = 0; index < length; index++) {
        if (strchr("*?[\\", path[index]) != NULL) {
            *pattern++ = '\\';
        }
        *pattern++ = path[index];
    }
    return pattern;
}

void whole_make_others(const char *output, const struct whole *wanted) {
    static const char others[] = ".[0-9]*" TRACE_ENDING;
    const size_t length = trace_stem_length(output);
    char *pattern = allocate(2 * length + sizeof others, 1);
    memcpy(quote(pattern, output, length), others, sizeof others);
    glob_t found;
    if (glob(pattern, 0, NULL, &found) == 0) {
        for (size_t index = 0; index < found.gl_pathc; index++) {
            if (is_unfinished(found.gl_pathv[index])) {
                whole_make(found.gl_pathv[index], wanted);
            }
        }
        globfree(&found);
    }
    free(pattern);
}
