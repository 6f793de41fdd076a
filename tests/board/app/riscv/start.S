/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Start file of an app on RISC-V: no constructors, and the heap starts empty. */
    .option norelax
    .text

    .global board_app_start
board_app_start:
    /* Until the break is moved, only the stack is there. */
    li a4, 5
    li a0, 0
    la a1, board_bss_end
    ecall
    li t0, 128
    beq a0, t0, 1f
    li a4, 6
    li a0, 0
    li a1, 119                  /* BOARD_EXIT_NO_ROOM */
    ecall

1:  li a0, 10
    la a1, board_stack_top
    ecall
    li a0, 11
    la a1, board_bss_end
    ecall

    la t0, board_data_start
    la t1, board_data_end
    la t2, board_data_load
2:  bgeu t0, t1, 3f
    lw t3, 0(t2)
    sw t3, 0(t0)
    addi t2, t2, 4
    addi t0, t0, 4
    j 2b

3:  la t0, board_bss_start
    la t1, board_bss_end
4:  bgeu t0, t1, 5f
    sw zero, 0(t0)
    addi t0, t0, 4
    j 4b

5:  la tp, board_thread_start
    call main
    mv a1, a0
    li a0, 0
    li a4, 6
    ecall
