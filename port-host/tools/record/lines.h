/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Lines of source code, as addr2line of the GNU binutils finds them, if it is installed. */
#ifndef EBB_RECORD_LINES_H
#define EBB_RECORD_LINES_H

#include <stddef.h>
#include <stdint.h>

struct line {
    char *function; /* NULL: not known */
    char *place;    /* "file.c:12"; NULL: not known */
};

/* Finds them for so many addresses in the file at `path`, as that counts addresses. lines_free() follows. */
struct line *lines_find(const char *path, const uintptr_t *addresses, size_t count);

void lines_free(struct line *lines, size_t count);

#endif
