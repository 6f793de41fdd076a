/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Child processes, and the little else that is asked of an operating system: process_posix.c, riscv/process.c. */
#ifndef MISUSE_PROCESS_H
#define MISUSE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

enum process_end {
    PROCESS_EXITED,
    PROCESS_ABORTED,   /* by itself: abort() */
    PROCESS_TIMED_OUT, /* its processor time was used up */
    PROCESS_CRASHED    /* by another signal */
};

/* Zeroed memory that a child shares with its parent. Ends the program if there is none. */
void *process_shared_memory(size_t size);

/* Runs `work` in a child and waits for its end. */
enum process_end process_run(void (*work)(void *context), void *context);

/* In a child: from now on it has a tenth of a second of processor time. A trial takes a thousandth, or a few. */
void process_start_clock(void);

/* Writes to standard output, at once. */
void process_print(const char *text);

/* Ends this process. */
_Noreturn void process_exit(int code);

#endif
