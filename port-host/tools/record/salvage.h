/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Makes a whole trace of what was recorded before a program ended, however it ended, or of a damaged one. */
#ifndef EBB_RECORD_SALVAGE_H
#define EBB_RECORD_SALVAGE_H

#include "../common/trace_file.h"
#include "names.h"

struct salvage {
    struct trace figures;  /* of the operations that are whole, one after the other from the first on; can be read */
    uint32_t stream_bytes; /* of them, and of the names that follow them */
    enum trace_status end; /* why they end there */
    bool is_full;          /* they end because the header could not say how much is live */
    bool is_padded;        /* nothing but zeros follows */
};

/* Goes through the operations in a file, whatever its header says of them. */
struct salvage salvage_read(const struct trace_file *file);

/*
 * Writes a header with these figures to the start of the file at `path`, cuts it behind the last operation and the
 * names that follow it, and adds those of `names`. Returns 0, or an error number.
 */
int salvage_write(const struct salvage *self, const struct names *names, const char *path);

#endif
