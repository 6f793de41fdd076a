/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A trace in a file, brought into memory. */
#ifndef EBB_TOOLS_TRACE_FILE_H
#define EBB_TOOLS_TRACE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "../trace/trace.h"

struct trace_file {
    const char *path;
    char *name; /* the last part of the path, without ".mtr" */
    unsigned char *bytes;
    size_t size;
    bool mapped;
    struct trace trace; /* once trace_file_verify() has said true */
};

/*
 * Reads the whole of `path`; "-" is standard input. Says why not, and returns false, if that cannot be done. In both
 * cases trace_file_close() is to follow.
 */
bool trace_file_load(struct trace_file *self, const char *path);

/* Opens the trace in it and goes through all of it. Says what is wrong, and returns false, if anything is. */
bool trace_file_verify(struct trace_file *self);

void trace_file_close(struct trace_file *self);

#endif
