/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * An app that allocates only through the C library's own functions. It is linked and not run. It has no _sbrk, which
 * the C library's malloc would need.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

int _write(int file, const char *bytes, int count);
int _read(int file, char *bytes, int count);
int _close(int file);
int _fstat(int file, struct stat *status);
int _isatty(int file);
int _lseek(int file, int offset, int origin);
int _kill(int process, int signal);
int _getpid(void);
void _exit(int code) __attribute__((noreturn));

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
    memset(status, 0, sizeof *status);
    return 0;
}

int _isatty(int file) {
    (void)file;
    return 0;
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
    return 1;
}

void _exit(int code) {
    (void)code;
    for (;;) {
    }
}

int main(void) {
    printf("%d\n", 42);
    _exit(0);
}
