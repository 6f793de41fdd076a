/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void be_a_child(void (*body)(void *context), void *context) {
    const struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    /* A sanitizer or the test library may have put handlers of their own there. */
    (void)signal(SIGSEGV, SIG_DFL);
    (void)signal(SIGABRT, SIG_DFL);
    alarm(60);
    body(context);
    _exit(0);
}

static int how_it_ended(pid_t child) {
    int status = 0;
    if (waitpid(child, &status, 0) != child) {
        perror("waitpid");
        exit(1);
    }
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static pid_t fork_or_exit(void) {
    (void)fflush(NULL);
    const pid_t child = fork();
    if (child < 0) {
        perror("fork");
        exit(1);
    }
    return child;
}

int run_in_child(void (*body)(void *context), void *context) {
    const pid_t child = fork_or_exit();
    if (child == 0) {
        be_a_child(body, context);
    }
    return how_it_ended(child);
}

static void read_all(int descriptor, char *text, size_t size) {
    size_t length = 0;
    ssize_t done = 1;
    while (done > 0 && length < size - 1) {
        done = read(descriptor, text + length, size - 1 - length);
        length += done > 0 ? (size_t)done : 0;
    }
    text[length] = '\0';
}

int run_in_child_and_read(void (*body)(void *context), void *context, char *text, size_t size) {
    int ends[2];
    if (pipe(ends) != 0) {
        perror("pipe");
        exit(1);
    }
    const pid_t child = fork_or_exit();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        be_a_child(body, context);
    }
    close(ends[1]);
    read_all(ends[0], text, size);
    close(ends[0]);
    return how_it_ended(child);
}

struct touched {
    const volatile unsigned char *byte;
};

static void touch(void *context) {
    const struct touched *touched = context;
    (void)*touched->byte;
}

int touch_faults(const volatile unsigned char *byte) {
    struct touched touched = {byte};
    return run_in_child(touch, &touched) == -SIGSEGV;
}

/* Not by stdio: its buffer is an allocation, and allocation is what is being measured. */
size_t resident_bytes(void) {
    char text[200];
    const int descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        perror("/proc/self/statm");
        exit(1);
    }
    read_all(descriptor, text, sizeof text);
    close(descriptor);
    char *rest = NULL;
    (void)strtoul(text, &rest, 10);
    return strtoul(rest, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

void *hide(void *pointer) {
    return pointer;
}
