/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Writes the parts of a trace, which are a header and then operations, as bytes. Freestanding, allocates nothing. */
#ifndef EBB_TRACE_ENCODE_H
#define EBB_TRACE_ENCODE_H

#include "trace.h"

enum {
    TRACE_LONGEST_OPERATION = 11, /* bytes: two numbers of five each, and an exponent */
    TRACE_LAST_SLOT = 0x1fffffff  /* slot and kind share a number of 32 bits */
};

/*
 * Writes one operation, at most TRACE_LONGEST_OPERATION bytes, and returns how many. `slot` is at most TRACE_LAST_SLOT,
 * `size` at least 1 where the kind has one, `alignment` a power of two where it has one.
 */
size_t trace_encode(unsigned char *bytes, const struct trace_operation *operation);

/* Writes the header, TRACE_HEADER_BYTES, of a trace with these figures and `stream_bytes` of operations. */
void trace_encode_header(unsigned char *bytes, const struct trace *figures, uint32_t stream_bytes);

#endif
