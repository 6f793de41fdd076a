/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Child processes of a program for RV32 that has no operating system's C library: Linux, as QEMU's user mode offers it,
 * is called directly. Numbers and structures are those of Linux for RV32.
 */
#include "../process.h"

#include <stdint.h>
#include <string.h>

/* Of start.S. A negative result is an error. */
int32_t linux_call(int32_t a0, int32_t a1, int32_t a2, int32_t a3, int32_t a4, int32_t a5, int32_t number);

int run_main(int32_t *stack);
int main(int argc, char **argv);

enum { WRITE = 64, EXIT_GROUP = 94, WAITID = 95, SETITIMER = 103, CLONE = 220, MMAP2 = 222 };
enum { SIGABRT = 6, SIGCHLD = 17, SIGPROF = 27, ITIMER_PROF = 2, P_PID = 1, WEXITED = 4, CLD_EXITED = 1 };
enum { PROT_READ_WRITE = 3, MAP_SHARED_ANONYMOUS = 0x21 };

struct siginfo {
    int32_t signal, error, code, process, user, status;
    int32_t rest[26];
};

struct itimer {
    int32_t interval[2];
    int32_t value[2];
};

static int32_t address_of(const void *pointer) {
    return (int32_t)(uintptr_t)pointer;
}

/* What start.S calls: the number of arguments lies on the stack, and they above it. */
int run_main(int32_t *stack) {
    return main(stack[0], (char **)(stack + 1));
}

_Noreturn void process_exit(int code) {
    for (;;) {
        (void)linux_call(code, 0, 0, 0, 0, 0, EXIT_GROUP);
    }
}

void process_print(const char *text) {
    (void)linux_call(1, address_of(text), (int32_t)strlen(text), 0, 0, 0, WRITE);
}

static _Noreturn void give_up(const char *what) {
    process_print("error ");
    process_print(what);
    process_print("\n");
    process_exit(1);
}

void *process_shared_memory(size_t size) {
    int32_t address = linux_call(0, (int32_t)size, PROT_READ_WRITE, MAP_SHARED_ANONYMOUS, -1, 0, MMAP2);
    /* The last page of addresses stands for errors. */
    if ((uint32_t)address > (uint32_t)-4096) {
        give_up("no shared memory");
    }
    return (void *)(uintptr_t)address;
}

void process_start_clock(void) {
    const struct itimer tenth = {.value = {0, 100000}};
    (void)linux_call(ITIMER_PROF, address_of(&tenth), 0, 0, 0, 0, SETITIMER);
}

enum process_end process_run(void (*work)(void *context), void *context) {
    int32_t child = linux_call(SIGCHLD, 0, 0, 0, 0, 0, CLONE);
    if (child == 0) {
        work(context);
        process_exit(0);
    }
    struct siginfo info = {0};
    if (child < 0 || linux_call(P_PID, child, address_of(&info), WEXITED, 0, 0, WAITID) != 0) {
        give_up("no child process");
    }
    if (info.code == CLD_EXITED) {
        return PROCESS_EXITED;
    }
    switch (info.status) {
    case SIGABRT:
        return PROCESS_ABORTED;
    case SIGPROF:
        return PROCESS_TIMED_OUT;
    default:
        return PROCESS_CRASHED;
    }
}
