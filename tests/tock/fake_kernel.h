/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * A Tock kernel with one process, as far as memop, allow and grants go: ebb_tock_memop() is answered here. The
 * process's memory is real memory of the test, filled with FAKE_DIRT wherever the process does not own it, and any byte
 * above the break that has changed is found at the next call.
 */
#ifndef EBB_TEST_FAKE_KERNEL_H
#define EBB_TEST_FAKE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FAKE_DIRT = 0xd7, FAKE_LARGEST_BLOCK = 65536, FAKE_OPERATIONS = 12 };

struct fake_board {
    const char *name;
    size_t block;              /* bytes of the process's RAM, at most FAKE_LARGEST_BLOCK */
    size_t protection_granule; /* the end of the process's memory is rounded up to this; 0: a sixteenth of the block */
    size_t first_break;        /* bytes above the start: stack and static data */
    size_t kernel_owned;       /* bytes at the end of the block */
    bool clears;               /* whether memory is cleared as it is added */
    bool wide;                 /* answers as kernels for 64 bits do */
};

struct fake_counts {
    unsigned calls[FAKE_OPERATIONS];
    unsigned refused; /* moves of the break */
    unsigned grown;   /* moves that added memory */
    unsigned shrunk;  /* moves that took memory away */
    unsigned useless; /* of those, how many the memory protection did not notice */
};

/* Starts the process anew. Nothing of an earlier process is left. */
void fake_boot(const struct fake_board *board);

/* The memory above the break happens to be zero, instead of dirty; whether the kernel clears it is another matter. */
void fake_power_on(void);

/* What the board's memory protection rounds the break to. */
size_t fake_protection_granule(void);

uintptr_t fake_ram_start(void);
uintptr_t fake_break(void);
uintptr_t fake_grants(void);
struct fake_counts fake_counts(void);
void fake_forget_counts(void);

/* System calls, of all kinds, since the start or the last fake_forget_counts(). */
unsigned fake_calls(void);

/* What brk() would say, without doing it. */
bool fake_accepts(uintptr_t address);

/* A driver's first use: false if the grant does not fit. */
bool fake_grant(size_t size);

/* The process shares a buffer with the kernel, which pins the break. */
void fake_allow(uintptr_t start, size_t size);

/* From now on these bytes are left out when memory is cleared that they are part of. */
void fake_do_not_clear(uintptr_t start, size_t size);

/* Somebody in the process other than the store moves the break. */
bool fake_other_sbrk(intptr_t increment);

/* From now on all answers to this operation carry this variant, whatever happened; 0: as it should be. */
void fake_answer_with(uint32_t operation, uintptr_t variant);

/* How many bytes above the break were ever found changed, or -1 if the process asked for what stops some kernels. */
long fake_trespasses(void);

#endif
