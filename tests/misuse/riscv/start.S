# SPDX-License-Identifier: Apache-2.0 OR MIT

# A program for Linux on RV32, as QEMU's user mode runs it, without an operating system's C library.

    .section .text.start
    .globl _start
_start:
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la tp, thread_start
    mv a0, sp
    andi sp, sp, -16
    call run_main
    call process_exit

    .globl linux_call
linux_call:
    mv a7, a6
    ecall
    ret
