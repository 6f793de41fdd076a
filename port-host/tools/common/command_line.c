/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "command_line.h"

#include <ebb/version.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *tool_name = "ebb";

__attribute__((format(printf, 1, 0))) static void vcomplain(const char *format, va_list arguments) {
    flockfile(stderr);
    fprintf(stderr, "%s: ", tool_name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    funlockfile(stderr);
}

void complain(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vcomplain(format, arguments);
    va_end(arguments);
}

_Noreturn void misuse(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vcomplain(format, arguments);
    va_end(arguments);
    suggest_help(EXIT_MISUSE);
}

_Noreturn void suggest_help(int status) {
    fprintf(stderr, "Try '%s --help'.\n", tool_name);
    exit(status);
}

/* What could not be written is found out at the latest here. */
static _Noreturn void end_output(int failure) {
    if (ferror(stdout) != 0 || fflush(stdout) != 0) {
        complain("standard output: %s", strerror(errno));
        exit(failure);
    }
    exit(EXIT_SUCCESS);
}

_Noreturn void show_help(const char *help, int failure) {
    fputs(help, stdout);
    end_output(failure);
}

_Noreturn void show_version(int failure) {
    printf("%s (ebb) %d.%d.%d\n", tool_name, EBB_VERSION_MAJOR, EBB_VERSION_MINOR, EBB_VERSION_PATCH);
    end_output(failure);
}

_Noreturn void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vcomplain(format, arguments);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

static void *or_fail(void *block) {
    if (block == NULL) {
        fail("out of memory");
    }
    return block;
}

void *allocate(size_t count, size_t size) {
    return or_fail(calloc(count == 0 ? 1 : count, size));
}

char *copy_text(const char *text) {
    return or_fail(strdup(text));
}

char *compose_text(const char *format, ...) {
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    const int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    return or_fail(length < 0 ? NULL : text);
}

void *reallocate(void *block, size_t count, size_t size) {
    return or_fail(reallocarray(block, count, size));
}
