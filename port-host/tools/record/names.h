/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Names for people: the recorder calls sites by files and addresses, such as "/usr/lib/libx.so+0x1a2b", and what these
 * are can be told as long as the files are there.
 */
#ifndef EBB_RECORD_NAMES_H
#define EBB_RECORD_NAMES_H

#include <stddef.h>

#include "../trace/trace.h"

struct names {
    unsigned char *bytes; /* as they stand in a trace, behind all others; to be freed */
    size_t size;
};

/*
 * Makes a name for each site of a trace whose operations are right, with a line for each caller:
 * "function (file.c:12)", "function (libx.so)" if it is not known where, or "libx.so+0x1a2b".
 */
struct names names_make(const struct trace *trace);

#endif
