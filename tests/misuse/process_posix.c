/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* MAP_ANONYMOUS is no POSIX of 2008, but everywhere. */
#define _DEFAULT_SOURCE

#include "process.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void give_up(const char *what) {
    process_print("error ");
    process_print(what);
    process_print("\n");
    _exit(1);
}

void *process_shared_memory(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        give_up("no shared memory");
    }
    return memory;
}

/* What a subject says before it aborts is no result, and a core file none either. */
static void be_quiet(void) {
    const struct rlimit none = {0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)close(STDERR_FILENO);
}

enum process_end process_run(void (*work)(void *context), void *context) {
    pid_t child = fork();
    if (child == 0) {
        be_quiet();
        work(context);
        _exit(0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        give_up("no child process");
    }
    if (WIFEXITED(status)) {
        return PROCESS_EXITED;
    }
    switch (WTERMSIG(status)) {
    case SIGABRT:
        return PROCESS_ABORTED;
    case SIGPROF:
        return PROCESS_TIMED_OUT;
    default:
        return PROCESS_CRASHED;
    }
}

void process_start_clock(void) {
    const struct itimerval tenth = {.it_value = {.tv_usec = 100000}};
    (void)setitimer(ITIMER_PROF, &tenth, NULL);
}

void process_print(const char *text) {
    size_t size = strlen(text);
    while (size != 0) {
        ssize_t written = write(STDOUT_FILENO, text, size);
        if (written <= 0) {
            _exit(1);
        }
        text += written;
        size -= (size_t)written;
    }
}

_Noreturn void process_exit(int code) {
    _exit(code);
}
