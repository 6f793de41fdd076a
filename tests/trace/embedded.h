/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The traces that ebb_embed_traces() has put into this program, in the order of its arguments. */
#ifndef EBB_EMBEDDED_TRACES_H
#define EBB_EMBEDDED_TRACES_H

#include <stddef.h>

struct embedded_trace {
    const char *name; /* of the file, without ".mtr" */
    const unsigned char *start;
    const unsigned char *end;
};

extern const struct embedded_trace embedded_traces[];
extern const size_t embedded_trace_count;

#endif
