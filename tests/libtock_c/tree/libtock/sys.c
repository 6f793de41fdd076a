/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * What a C library asks of the system. Whoever links a second malloc gets a break to go with it, as in libtock-c: it is
 * not for want of that that a link fails.
 */
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>

void *_sbrk(ptrdiff_t increment);
void *sbrk(ptrdiff_t increment);
int _write(int file, const char *bytes, int count);
int _read(int file, char *bytes, int count);
int _close(int file);
int _fstat(int file, struct stat *status);
int _isatty(int file);
int _lseek(int file, int offset, int origin);
int _kill(int process, int signal);
int _getpid(void);
void _exit(int code) __attribute__((noreturn));

void *_sbrk(ptrdiff_t increment) {
    (void)increment;
    return (void *)-1;
}

void *sbrk(ptrdiff_t increment) {
    return _sbrk(increment);
}

int _write(int file, const char *bytes, int count) {
    (void)file;
    (void)bytes;
    return count;
}

int _read(int file, char *bytes, int count) {
    (void)file;
    (void)bytes;
    (void)count;
    return 0;
}

int _close(int file) {
    (void)file;
    return 0;
}

int _fstat(int file, struct stat *status) {
    (void)file;
    status->st_mode = S_IFCHR;
    return 0;
}

int _isatty(int file) {
    return file == 0;
}

int _lseek(int file, int offset, int origin) {
    (void)file;
    (void)origin;
    return offset;
}

int _kill(int process, int signal) {
    (void)process;
    (void)signal;
    return -1;
}

int _getpid(void) {
    return 0;
}

void _exit(int code) {
    (void)code;
    for (;;) {
    }
}

#if __has_include(<picolibc.h>)
static int put(char byte, FILE *file) {
    (void)file;
    return (unsigned char)byte;
}

static FILE console = FDEV_SETUP_STREAM(put, NULL, NULL, _FDEV_SETUP_WRITE);
FILE *const stdout = &console;
FILE *const stderr = &console;
#endif
