/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* RISC-V: where traps enter the kernel. */
#if __riscv_xlen == 64
#define STORE sd
#define LOAD ld
#define WORD 8
#else
#define STORE sw
#define LOAD lw
#define WORD 4
#endif

    .option arch, +zicsr

    .section .kernel_vectors, "ax"
    .global reset
reset:
    la sp, kernel_stack_top
    la t0, kernel_bss_start
    la t1, kernel_bss_end
1:  bgeu t0, t1, 2f
    STORE zero, 0(t0)
    addi t0, t0, WORD
    j 1b
2:  la t0, trap
    csrw mtvec, t0
    la t0, riscv_context
    csrw mscratch, t0
    call kernel_boot

    .text

    /* Instructions before the first look at the counter, which does not count itself, and from the second look on. */
    .equ OUTSIDE, 71

    .macro each_saved operation
    \operation x1, 1*WORD(sp)
    \operation x3, 3*WORD(sp)
    \operation x4, 4*WORD(sp)
    \operation x5, 5*WORD(sp)
    \operation x6, 6*WORD(sp)
    \operation x7, 7*WORD(sp)
    \operation x8, 8*WORD(sp)
    \operation x9, 9*WORD(sp)
    \operation x10, 10*WORD(sp)
    \operation x11, 11*WORD(sp)
    \operation x12, 12*WORD(sp)
    \operation x13, 13*WORD(sp)
    \operation x14, 14*WORD(sp)
    \operation x15, 15*WORD(sp)
    \operation x16, 16*WORD(sp)
    \operation x17, 17*WORD(sp)
    \operation x18, 18*WORD(sp)
    \operation x19, 19*WORD(sp)
    \operation x20, 20*WORD(sp)
    \operation x21, 21*WORD(sp)
    \operation x22, 22*WORD(sp)
    \operation x23, 23*WORD(sp)
    \operation x24, 24*WORD(sp)
    \operation x25, 25*WORD(sp)
    \operation x26, 26*WORD(sp)
    \operation x27, 27*WORD(sp)
    \operation x28, 28*WORD(sp)
    \operation x29, 29*WORD(sp)
    \operation x30, 30*WORD(sp)
    \operation x31, 31*WORD(sp)
    .endm

    /*
     * While the app runs, mscratch holds the address of riscv_context; it gets the app's stack pointer for a moment.
     * Register 0 is always zero, so its place holds the program counter.
     */
    .align 2
trap:
    csrrw sp, mscratch, sp              /* 1 */
    each_saved STORE                    /* 31 */
    csrr s0, minstret                   /* the first look */
    csrrw t0, mscratch, sp
    STORE t0, 2*WORD(sp)
    csrr t0, mepc
    STORE t0, 0(sp)
    mv s1, sp
    mv a0, sp
    la sp, kernel_stack_top
    call riscv_trap
    mv sp, s1
    LOAD t0, 0(sp)
    csrw mepc, t0
    csrr s1, minstret                   /* 1: the second look, which has not counted itself */
    sub s0, s1, s0                      /* 2 */
    addi s0, s0, OUTSIDE                /* 3 */
    la t0, bench_kernel_instructions    /* 5 */
    lw t1, 0(t0)                        /* 6 */
    add t1, t1, s0                      /* 7 */
    sw t1, 0(t0)                        /* 8 */
    each_saved LOAD                     /* 38 */
    LOAD sp, 2*WORD(sp)                 /* 39 */
    mret                                /* 40 */
