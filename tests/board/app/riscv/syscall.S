/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* void board_syscall_...(uintptr_t words[4]): four words go in, four come back. */
#if __riscv_xlen == 64
#define STORE sd
#define LOAD ld
#define WORD 8
#else
#define STORE sw
#define LOAD lw
#define WORD 4
#endif
    .text

    .macro syscall name, number
    .global \name
\name:
    mv t0, a0
    LOAD a0, 0*WORD(t0)
    LOAD a1, 1*WORD(t0)
    LOAD a2, 2*WORD(t0)
    LOAD a3, 3*WORD(t0)
    li a4, \number
    ecall
    STORE a0, 0*WORD(t0)
    STORE a1, 1*WORD(t0)
    STORE a2, 2*WORD(t0)
    STORE a3, 3*WORD(t0)
    ret
    .endm

    syscall board_syscall_yield, 0
    syscall board_syscall_subscribe, 1
    syscall board_syscall_command, 2
    syscall board_syscall_allow_read_write, 3
    syscall board_syscall_allow_read_only, 4
    syscall board_syscall_memop, 5
    syscall board_syscall_exit, 6
    syscall board_syscall_allow_userspace_readable, 7

/*
 * bool board_read_faults(const void *address), bool board_write_faults(void *address): the kernel is asked to go on at
 * the label after a fault.
 */
    .macro probe name, touch
    .global \name
\name:
    mv t0, a0
    li a0, 0x90000              /* BOARD_DRIVER_BENCH */
    li a1, 5                    /* BOARD_BENCH_CATCH */
    la a2, 1f
    li a4, 2
    ecall
    \touch t1, 0(t0)
    li a0, 0x90000
    li a1, 5
    li a2, 0
    ecall
    li a0, 0
    ret
1:  li a0, 1
    ret
    .endm

    probe board_read_faults, lbu
    probe board_write_faults, sb
