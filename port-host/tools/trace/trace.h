/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Reads allocation traces (format: README.md beside this file) from memory.
 * Freestanding, allocates nothing, and trusts nothing that it reads.
 */
#ifndef EBB_TRACE_H
#define EBB_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TRACE_HEADER_BYTES = 32, TRACE_MAGIC = 0x3152544d /* "MTR1" */ };

enum trace_status {
    TRACE_OK = 0,
    TRACE_END,              /* no operation is left */
    TRACE_HEADER_CUT,       /* fewer bytes than a header has */
    TRACE_NOT_A_TRACE,      /* the magic number is wrong */
    TRACE_UNKNOWN_FLAG,     /* the header has a flag that this reader does not know */
    TRACE_LENGTH,           /* the header promises more or fewer bytes of stream than follow it */
    TRACE_OPERATION_CUT,    /* the stream ends within an operation, or before the last one */
    TRACE_NUMBER_TOO_LARGE, /* a number does not fit 32 bits */
    TRACE_UNKNOWN_OPERATION,
    TRACE_SLOT_RANGE, /* the slot is not below the header's number of slots */
    TRACE_SIZE_ZERO,
    TRACE_SIZE_RANGE,    /* larger than the header's largest block */
    TRACE_ALIGNMENT,     /* an exponent above 31, or the header did not announce aligned allocations */
    TRACE_TRAILING,      /* bytes follow the last operation */
    TRACE_SLOT_IN_USE,   /* allocates into a slot that holds a block */
    TRACE_SLOT_EMPTY,    /* frees or resizes a block that does not exist */
    TRACE_WRONG_PEAK,    /* the header's peak of live bytes is not what the operations come to */
    TRACE_WRONG_LARGEST, /* the header's largest block never occurs */
    TRACE_WRONG_LIVE,    /* the header's live bytes at the end are not what the operations come to */
    TRACE_SITE_RANGE     /* a site that has no name yet, or a name that is none or for a site beyond the next one */
};

enum trace_kind { TRACE_MALLOC = 0, TRACE_FREE = 1, TRACE_REALLOC = 2, TRACE_CALLOC = 3, TRACE_ALIGNED = 4 };

enum trace_flag {
    TRACE_FROM_64_BIT = 1, /* sizes come from a program with 8-byte pointers */
    TRACE_SYNTHETIC = 2,   /* made by a generator, not recorded */
    TRACE_HAS_ALIGNED = 4, /* TRACE_ALIGNED occurs */
    TRACE_HAS_SITES = 8    /* TRACE_SITE and TRACE_NAME may occur */
};

/* What stands between operations, with a site where these have a slot. Sites are numbered from 1. */
enum trace_note {
    TRACE_SITE = 5, /* who called for the operation after it */
    TRACE_NAME = 6  /* what a site is called: a length and so many bytes */
};

struct trace_operation {
    enum trace_kind kind;
    uint32_t slot;
    uint32_t size;      /* 0 for TRACE_FREE */
    uint32_t alignment; /* 0 except for TRACE_ALIGNED */
    uint32_t site;      /* 0: not known */
};

struct trace_name {
    uint32_t site;
    uint32_t length;           /* bytes, at least 1 */
    const unsigned char *text; /* any bytes: whoever writes them is trusted no more than the rest */
};

struct trace {
    uint32_t operations;
    uint32_t slots;
    uint32_t peak_live; /* the most bytes requested and not freed, after any operation */
    uint32_t flags;     /* of enum trace_flag */
    uint32_t largest;   /* largest size requested */
    uint32_t live_at_end;

    const unsigned char *stream;
    const unsigned char *stream_end;
    const unsigned char *cursor;
    uint32_t done;  /* operations read so far */
    uint32_t sites; /* that have a name so far */
};

/* Opens the trace that is the `size` bytes at `bytes`; they must stay as long as `self` is used. */
enum trace_status trace_open(struct trace *self, const void *bytes, size_t size);

/* Whether an operation can be, on a slot that holds a block of `size` bytes; 0: none. */
enum trace_status trace_check_slot(const struct trace_operation *operation, uint32_t size);

/*
 * Reads the next operation. Returns TRACE_OK, TRACE_END after the last, or what is wrong; the position is then
 * unchanged and `operation` undefined.
 */
enum trace_status trace_next(struct trace *self, struct trace_operation *operation);

/* Passes over the names that follow, and leaves the cursor behind the last one that is whole and right. */
void trace_pass_names(struct trace *self);

/*
 * Calls `visit` with each name in the trace, from its beginning to its end or to what is wrong. Of several names that a
 * site has, the last one counts. Changes nothing in `self`.
 */
void trace_each_name(const struct trace *self, void (*visit)(void *context, const struct trace_name *name),
                     void *context);

/* Goes back to the first operation. */
void trace_rewind(struct trace *self);

/*
 * Goes through the whole trace and says whether slots are used as they may be and the header's figures are true.
 * Rewinds before and after. `sizes` has room for `self->slots` numbers.
 */
enum trace_status trace_verify(struct trace *self, uint32_t *sizes);

/* What a status means, in a few words. */
const char *trace_explain(enum trace_status status);

#endif
