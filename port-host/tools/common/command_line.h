/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* How every tool of ebb speaks to whoever called it. */
#ifndef EBB_TOOLS_COMMAND_LINE_H
#define EBB_TOOLS_COMMAND_LINE_H

#include <stddef.h>
#include <stdint.h>

enum { EXIT_MISUSE = 2 };

/* The name that messages begin with; set it first. */
extern const char *tool_name;

/* "tool: message" and a newline, to standard error. */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

/* Complains, names --help, and exits with EXIT_MISUSE. */
__attribute__((format(printf, 1, 2))) _Noreturn void misuse(const char *format, ...);

/* The same where the complaint is out already, and with another status. */
_Noreturn void suggest_help(int status);

/* What a tool is asked for by --help or --version, and then exits: with `failure` if it cannot be written. */
_Noreturn void show_help(const char *help, int failure);
_Noreturn void show_version(int failure);

/* Complains and exits with EXIT_FAILURE. */
__attribute__((format(printf, 1, 2))) _Noreturn void fail(const char *format, ...);

/* As calloc(), strdup(), asprintf() and realloc(), but end the program if there is no memory. */
void *allocate(size_t count, size_t size);
char *copy_text(const char *text);
__attribute__((format(printf, 1, 2))) char *compose_text(const char *format, ...);
void *reallocate(void *block, size_t count, size_t size);

#endif
