/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Which functions an ELF file has, by its tables of symbols, and whether it has lines. Trusts nothing in the file. */
#ifndef EBB_RECORD_SYMBOLS_H
#define EBB_RECORD_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbols {
    const unsigned char *bytes; /* the file; NULL: there is none to be read */
    size_t size;
    struct symbol *functions; /* in order of their addresses */
    size_t count;
    bool has_lines; /* of source code: in the file, or where the system has such of files that it installs without */
};

/* Reads the file at a path; no functions are found if that is no ELF file of this machine's width. */
void symbols_open(struct symbols *self, const char *path);

/* The name of the function that an address is in, as the file counts addresses; NULL if no table says. */
const char *symbols_function(const struct symbols *self, uintptr_t address);

/* To be called after symbols_open(), whatever that has found. */
void symbols_close(struct symbols *self);

#endif
