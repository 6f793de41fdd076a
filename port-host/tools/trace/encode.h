/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Writes the parts of a trace, which are a header and then operations, as bytes. Freestanding, allocates nothing. */
#ifndef EBB_TRACE_ENCODE_H
#define EBB_TRACE_ENCODE_H

#include "trace.h"

enum {
    TRACE_LONGEST_OPERATION = 16, /* bytes: three numbers of five each, the first of them the site, and an exponent */
    TRACE_LONGEST_NAME_HEAD = 10, /* two numbers before the text */
    TRACE_LAST_SLOT = 0x1fffffff, /* slot and kind share a number of 32 bits */
    TRACE_LAST_SITE = TRACE_LAST_SLOT
};

/*
 * Writes one operation, at most TRACE_LONGEST_OPERATION bytes, and returns how many. `slot` is at most TRACE_LAST_SLOT,
 * `size` at least 1 where the kind has one, `alignment` a power of two where it has one, `site` 0 or
 * named before.
 */
size_t trace_encode(unsigned char *bytes, const struct trace_operation *operation);

/*
 * Writes what a site is called from here on, and returns how many bytes: at most TRACE_LONGEST_NAME_HEAD and the length
 * of the text, which is at least 1. `site` is one that has a name, or the next one.
 */
size_t trace_encode_name(unsigned char *bytes, const struct trace_name *name);

/* Writes the header, TRACE_HEADER_BYTES, of a trace with these figures and `stream_bytes` of operations. */
void trace_encode_header(unsigned char *bytes, const struct trace *figures, uint32_t stream_bytes);

#endif
