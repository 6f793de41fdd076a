/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What passes between an app and the test kernel: Tock's numbers where Tock has one, ours for the test controls. */
#ifndef BOARD_ABI_H
#define BOARD_ABI_H

/* Syscall classes: the immediate of SVC on Cortex-M, a4 on RISC-V. */
#define BOARD_CLASS_YIELD 0
#define BOARD_CLASS_SUBSCRIBE 1
#define BOARD_CLASS_COMMAND 2
#define BOARD_CLASS_ALLOW_READ_WRITE 3
#define BOARD_CLASS_ALLOW_READ_ONLY 4
#define BOARD_CLASS_MEMOP 5
#define BOARD_CLASS_EXIT 6
#define BOARD_CLASS_ALLOW_USERSPACE_READABLE 7

/* What a syscall returns first: its variant, which says what the other values mean. */
#define BOARD_FAILURE 0
#define BOARD_FAILURE_U32_U32 2
#define BOARD_SUCCESS 128
#define BOARD_SUCCESS_U32 129
#define BOARD_SUCCESS_U32_U32 130

/* Only on 64-bit machines, where an upcall, a buffer, memory of the app's and any other address are no numbers. */
#define BOARD_FAILURE_UPCALL 4
#define BOARD_FAILURE_BUFFER 5
#define BOARD_SUCCESS_UPCALL 134
#define BOARD_SUCCESS_BUFFER 135
#define BOARD_SUCCESS_POINTER 136
#define BOARD_SUCCESS_ADDRESS 137

#define BOARD_ERROR_FAIL 1
#define BOARD_ERROR_INVAL 6
#define BOARD_ERROR_NOMEM 9
#define BOARD_ERROR_NOSUPPORT 10
#define BOARD_ERROR_NODEVICE 11

#define BOARD_MEMOP_BRK 0
#define BOARD_MEMOP_SBRK 1
#define BOARD_MEMOP_RAM_START 2
#define BOARD_MEMOP_RAM_END 3
#define BOARD_MEMOP_FLASH_START 4
#define BOARD_MEMOP_FLASH_END 5
#define BOARD_MEMOP_GRANTS_START 6
#define BOARD_MEMOP_FLASH_REGIONS 7
#define BOARD_MEMOP_FLASH_REGION_START 8
#define BOARD_MEMOP_FLASH_REGION_END 9
#define BOARD_MEMOP_STACK_TOP 10
#define BOARD_MEMOP_HEAP_START 11

#define BOARD_EXIT_TERMINATE 0
#define BOARD_EXIT_RESTART 1

/*
 * Console: unlike Tock's, one command writes `length` bytes from `address`, and neither a grant nor an allow is needed.
 * So an app can report without moving the high-water mark or the start of the grants that it reports on.
 */
#define BOARD_DRIVER_CONSOLE 1
#define BOARD_CONSOLE_WRITE 1 /* address, length */

/* Drivers that have a grant, and do nothing else. Their first use, whatever it is, allocates it. */
#define BOARD_DRIVER_GRANT 0x80000
#define BOARD_DRIVER_GRANT_COUNT 32
#define BOARD_GRANT_USE 1           /* bytes of the grant, if this is the first use */
#define BOARD_GRANT_DEFAULT_SIZE 64 /* bytes, if the first use is another: allow, subscribe, command 0 */

/* How many buffers and upcalls each driver knows of each kind. */
#define BOARD_DRIVER_ALLOW_COUNT 1
#define BOARD_DRIVER_UPCALL_COUNT 1

/* The bench: a driver that lets a test look behind the kernel's curtain and pull strings there. */
#define BOARD_DRIVER_BENCH 0x90000
#define BOARD_BENCH_READ 1        /* one of enum board_fact; returns its value */
#define BOARD_BENCH_ZEROING 2     /* 0 or 1: whether growth zeroes what it adds */
#define BOARD_BENCH_INJECT_MOVE 3 /* n, bytes: just before the n-th brk or sbrk from now, the break moves by `bytes` */
#define BOARD_BENCH_INJECT_REFUSE 4 /* n, count: from the n-th brk or sbrk from now, `count` of them are refused */
#define BOARD_BENCH_CATCH 5         /* address: the next fault is not the end, the app goes on there; 0: no longer */
#define BOARD_BENCH_RESTART 6       /* bytes of RAM, word: the app starts anew, in a block of that size; 0: as it was */
#define BOARD_BENCH_INJECT_GRANT 7  /* n, bytes: just before the n-th brk or sbrk from now, a driver takes its grant */
#define BOARD_BENCH_LIMIT_BREAK 8   /* address: a break above it is refused; 0: none is */

enum board_fact {
    BOARD_FACT_BREAK,
    BOARD_FACT_HIGH_WATER_MARK,
    BOARD_FACT_REACHABLE_END,       /* first address past the break that faults */
    BOARD_FACT_GRANTS_START,        /* where the grants begin */
    BOARD_FACT_RAM_START,           /* start of the app's block */
    BOARD_FACT_RAM_END,             /* end of it */
    BOARD_FACT_GRANULE,             /* unit, in bytes, that the protection rounds the break to */
    BOARD_FACT_BREAK_CALLS,         /* brk and sbrk so far, refused ones included */
    BOARD_FACT_BREAK_REFUSALS,      /* those refused */
    BOARD_FACT_BREAK_MOVES,         /* those that moved the break */
    BOARD_FACT_VAIN_SHRINKS,        /* those that lowered the break, but not the end of what is reachable */
    BOARD_FACT_GRANTS,              /* grants allocated so far */
    BOARD_FACT_PINS,                /* how often a shared buffer has raised the high-water mark */
    BOARD_FACT_KERNEL_INSTRUCTIONS, /* spent in the kernel since the start, entry and exit included */
    BOARD_FACT_RESTART_WORD,        /* given with the last restart; 0 in the first life */
    BOARD_FACT_LARGEST_BLOCK,       /* bytes; a restart cannot ask for more RAM */
    BOARD_FACT_RESTARTS,            /* how often the app has started anew; 0 in the first life */
    BOARD_FACT_ARGUMENT,            /* what the emulator was given for the app; 0: nothing */
    BOARD_FACT_HIGHEST_BREAK,       /* the highest that the break has been, by brk or sbrk, since it was limited */
    BOARD_FACT_LOWEST_REFUSED,      /* the lowest break that was refused for that limit; 0: none was */
    BOARD_FACT_COUNT
};

/* Exit codes of the emulator that are the kernel's own. Apps have 0 to 118, and their start files 119. */
#define BOARD_EXIT_APP_FAULT 120    /* the app did what its protection forbids */
#define BOARD_EXIT_GRANT_DAMAGE 121 /* somebody wrote to a grant */
#define BOARD_EXIT_KERNEL_FAULT 122 /* a mistake of the kernel */
#define BOARD_EXIT_STUCK 123        /* the app waits for what never comes */

/* Bytes at the end of the app's block, for what the real kernel keeps there about the process: grants begin below. */
#define BOARD_KERNEL_OWNED 1024

/* Every byte of the app's block at its start, and of the grants: not zero, so that nothing relies on zero. */
#define BOARD_RAM_FILL 0xa5
#define BOARD_GRANT_FILL 0xc9

#endif
