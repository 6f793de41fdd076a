# SPDX-License-Identifier: Apache-2.0 OR MIT

# Machine mode, one hart, no traps expected: whatever goes wrong ends the run.

    .option arch, +zicsr
    .section .text.start
    .globl _start
_start:
    csrr t0, mhartid
    bnez t0, sleep
    la sp, stack_end
    la tp, thread_start
    la t0, trap
    csrw mtvec, t0
    la t0, bss_start
    la t1, bss_end
clear:
    bgeu t0, t1, cleared
    sw zero, 0(t0)
    addi t0, t0, 4
    j clear
cleared:
    call main
    call machine_exit
sleep:
    wfi
    j sleep

    .balign 4
trap:
    csrr a0, mcause
    csrr a1, mepc
    csrr a2, mtval
    la sp, stack_end
    call board_trapped
    j sleep
