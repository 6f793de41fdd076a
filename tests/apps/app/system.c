/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A system of little more than the break and a console. */
#include "system.h"

#include <board.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

/* ---- The thread, on which picolibc keeps errno ---- */

#if defined(__arm__)

#include <picotls.h>

extern char board_thread_start[];

void system_start(void) {
    _set_tls(board_thread_start);
}

#else

/* The start file has set the register for it. */
void system_start(void) {
}

#endif

/* ---- The break ---- */

void *sbrk(ptrdiff_t increment) {
    struct board_answer old = board_memop(BOARD_MEMOP_SBRK, (uintptr_t)increment);
    if (!old.success) {
        errno = ENOMEM;
        return (void *)-1;
    }
    return (void *)old.value;
}

/* newlib's record of a thread: all that its allocators touch of it is its first member, errno. */
static int newlib_errno;
void *_impure_ptr = &newlib_errno; // NOLINT: the name is newlib's

/* ---- The console: never allocates, so what a heap is seen to hold is the program's ---- */

static char line[128];
static size_t line_length;

static void flush(void) {
    board_write(line, line_length);
    line_length = 0;
}

static int put(char character, FILE *stream) {
    (void)stream;
    line[line_length++] = character;
    if (character == '\n' || line_length == sizeof line) {
        flush();
    }
    return 0;
}

static FILE console = FDEV_SETUP_STREAM(put, NULL, NULL, _FDEV_SETUP_WRITE); // NOLINT: nobody copies it
FILE *const stdin = &console;
FILE *const stdout = &console;
FILE *const stderr = &console;

/* ---- Files ---- */

int open(const char *path, int flags, ...);
int close(int file);
ssize_t read(int file, void *buffer, size_t size);
ssize_t write(int file, const void *buffer, size_t size);
off_t lseek(int file, off_t offset, int origin);

int open(const char *path, int flags, ...) {
    (void)path;
    (void)flags;
    errno = ENOENT;
    return -1;
}

static int no_such_file(void) {
    errno = EBADF;
    return -1;
}

int close(int file) {
    (void)file;
    return no_such_file();
}

ssize_t read(int file, void *buffer, size_t size) {
    (void)file;
    (void)buffer;
    (void)size;
    return no_such_file();
}

ssize_t write(int file, const void *buffer, size_t size) {
    (void)file;
    (void)buffer;
    (void)size;
    return no_such_file();
}

off_t lseek(int file, off_t offset, int origin) {
    (void)file;
    (void)offset;
    (void)origin;
    return no_such_file();
}

/* ---- No clock: no run would be like another ---- */

time_t time(time_t *result);
clock_t clock(void);

time_t time(time_t *result) {
    if (result != NULL) {
        *result = 0;
    }
    return 0;
}

clock_t clock(void) {
    return 0;
}

/* ---- The end of a program that has given up ---- */

_Noreturn void _exit(int code);

void _exit(int code) {
    flush();
    board_exit(code);
}

void abort(void) {
    _exit(EXIT_FAILURE);
}
