/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What an app on a test board can use beside ebb: its console, its syscalls, its instruction counter. */
#ifndef BOARD_H
#define BOARD_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <board_abi.h>

/* ---- Console: never allocates, and never moves the high-water mark ---- */

void board_write(const char *text, size_t length);

/* As printf, with these conversions: %d %i %u %x %c %s %p %%, a width, a leading 0 or -, and h hh l ll z t j. */
void board_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void board_print_list(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

/* ---- Ends: `code` becomes the emulator's exit code; apps have 0 to 118 ---- */

_Noreturn void board_exit(int code);

/*
 * The app starts anew, as after a crash under Tock: break, grants and high-water mark are reset, .data and .bss too.
 * `ram_bytes`: the block's size in the next life, at most the one it was linked with; 0: as now. Plans of
 * board_inject_...() are forgotten, counters are kept, and board_fact(BOARD_FACT_RESTART_WORD) then returns `word`.
 */
_Noreturn void board_restart(size_t ram_bytes, uintptr_t word);

/* The same as Tock does it at the app's own wish: the block's size stays, and so does what is in it, and the word. */
_Noreturn void board_exit_and_restart(void);

/* ---- Syscalls ---- */

struct board_answer {
    bool success;
    uintptr_t value; /* what success returned, if anything; otherwise one of BOARD_ERROR_... */
};

/* `operation`: one of BOARD_MEMOP_... */
struct board_answer board_memop(unsigned operation, uintptr_t argument);

struct board_answer board_command(uintptr_t driver, uintptr_t command, uintptr_t first, uintptr_t second);

/* 0, or one of BOARD_ERROR_... Drivers: BOARD_DRIVER_GRANT and up have a grant. */
uintptr_t board_allow_read_write(uintptr_t driver, void *buffer, size_t size);
uintptr_t board_allow_read_only(uintptr_t driver, const void *buffer, size_t size);
uintptr_t board_allow_userspace_readable(uintptr_t driver, void *buffer, size_t size);

/* 0, or one of BOARD_ERROR_... The upcall never comes. */
uintptr_t board_subscribe(uintptr_t driver, void (*upcall)(void));

/*
 * Uses driver number `index` (0 to BOARD_DRIVER_GRANT_COUNT - 1), whose grant has `size` bytes: its first use has to
 * allocate that. 0, or BOARD_ERROR_NOMEM if it does not fit.
 */
uintptr_t board_use_driver(unsigned index, size_t size);

/* The bare calls, four words in and four back, for tests of the kernel itself. */
void board_syscall_yield(uintptr_t words[4]);
void board_syscall_subscribe(uintptr_t words[4]);
void board_syscall_command(uintptr_t words[4]);
void board_syscall_allow_read_write(uintptr_t words[4]);
void board_syscall_allow_read_only(uintptr_t words[4]);
void board_syscall_memop(uintptr_t words[4]);
void board_syscall_exit(uintptr_t words[4]);
void board_syscall_allow_userspace_readable(uintptr_t words[4]);

/* ---- Behind the curtain ---- */

uintptr_t board_fact(enum board_fact fact);

/* Whether growth zeroes what it adds, as kernels do since April 2026 (at the start) or not, as those before. */
void board_set_zeroing(bool zeroing);

/* Just before the n-th brk or sbrk from now (1: the next), somebody else moves the break by `bytes`. */
void board_inject_move(unsigned n, intptr_t bytes);

/* Just before the n-th brk or sbrk from now, a driver without a grant takes one of `size` bytes, if it fits. */
void board_inject_grant(unsigned n, size_t size);

/* From the n-th brk or sbrk from now on (1: the next), `count` are refused. Takes the place of an earlier plan. */
void board_inject_refusals(unsigned n, unsigned count);

/* From now on a break above `highest` is refused, whatever the memory protection can express. 0: no limit. */
void board_limit_break(uintptr_t highest);

/*
 * Whether a touch beyond what the break makes reachable faults: if not, the kernel finds writes there afterwards. And
 * whether there is an instruction counter: see below. The micro:bit alone has neither.
 */
#if defined(__ARM_ARCH_6M__)
#define BOARD_IS_PROTECTED 0
#define BOARD_COUNTS_INSTRUCTIONS 0
#else
#define BOARD_IS_PROTECTED 1
#define BOARD_COUNTS_INSTRUCTIONS 1
#endif

#if BOARD_IS_PROTECTED
/* Whether the protection forbids the app to read, or to write, this byte. A write puts something there. */
bool board_read_faults(const void *address);
bool board_write_faults(void *address);
#endif

/* ---- Instruction counter: on all machines but the micro:bit ---- */

#if defined(__riscv)

/* Instructions executed so far, the kernel's included: see BOARD_FACT_KERNEL_INSTRUCTIONS. Exact. */
static inline uint32_t board_instructions(void) {
    uintptr_t count;
    __asm__ volatile(".option push\n\t"
                     ".option arch, +zicsr\n\t"
                     "csrr %0, instret\n\t"
                     ".option pop"
                     : "=r"(count)
                     :
                     : "memory");
    return (uint32_t)count;
}

#elif defined(__arm__) && !defined(__ARM_ARCH_6M__)

/*
 * An emulated instruction takes 128 ns (-icount shift=7), and the timer at this address, which the kernel starts and
 * the app may read, counts down every 40 ns, on the Cortex-M33's machine every 50 ns: 16 steps are 5 instructions, and
 * 64 are 25.
 */
#define BOARD_TIMER 0x40000004u

static inline uint32_t board_instructions_in(uint32_t steps) {
#if defined(__ARM_ARCH_8M_MAIN__)
    return (uint32_t)(((uint64_t)steps + 1) * 25 / 64);
#else
    return (uint32_t)(((uint64_t)steps + 1) * 5 / 16);
#endif
}

/* The same. Exact, until the timer wraps after 1.3 billion instructions. */
static inline uint32_t board_instructions(void) {
    return board_instructions_in(UINT32_MAX - *(volatile uint32_t *)BOARD_TIMER);
}

#endif

#endif
