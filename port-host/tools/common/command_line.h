/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* How every tool of ebb speaks to whoever called it. */
#ifndef EBB_TOOLS_COMMAND_LINE_H
#define EBB_TOOLS_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EXIT_MISUSE = 2 };

/* The name that messages begin with; set it first. */
extern const char *tool_name;

/* "tool: message" and a newline, to standard error. */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

/* Complains, names --help, and exits with EXIT_MISUSE. */
__attribute__((format(printf, 1, 2))) _Noreturn void misuse(const char *format, ...);

/* Complains and exits with EXIT_FAILURE. */
__attribute__((format(printf, 1, 2))) _Noreturn void fail(const char *format, ...);

/*
 * Reads a number of bytes such as 500000, 800K, 64M or 2G; false, and `*bytes` unchanged, if it is none or does not
 * fit.
 */
bool read_bytes(const char *text, size_t *bytes);

/* As calloc(), malloc() of a copy, and realloc(), but end the program if there is no memory. */
void *allocate(size_t count, size_t size);
char *copy_text(const char *text);
void *reallocate(void *block, size_t count, size_t size);

#endif
