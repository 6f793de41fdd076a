/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Start file of a Tock app on RISC-V that is linked for fixed addresses: no constructors, and the heap starts empty.
 * app.ld says what the names stand for.
 */
    .option norelax
    .text

    .global app_start
app_start:
    /* The break is wherever the kernel has it; from here on, all below the heap is the app's. */
    li a4, 5
    li a0, 0                    /* brk */
    la a1, app_bss_end
    ecall
    li t0, 128                  /* success */
    beq a0, t0, 1f
    li a4, 6
    li a0, 0                    /* terminate */
    li a1, 119                  /* the RAM block is too small for stack and static data */
    ecall

1:  la sp, app_stack_top

    /* For the kernel's report of a fault: where the stack begins, and the heap. */
    li a4, 5
    li a0, 10
    la a1, app_stack_top
    ecall
    li a4, 5
    li a0, 11
    la a1, app_bss_end
    ecall

    la t0, app_data_start
    la t1, app_data_end
    la t2, app_data_load
2:  bgeu t0, t1, 3f
    lw t3, 0(t2)
    sw t3, 0(t0)
    addi t2, t2, 4
    addi t0, t0, 4
    j 2b

3:  la t0, app_bss_start
    la t1, app_bss_end
4:  bgeu t0, t1, 5f
    sw zero, 0(t0)
    addi t0, t0, 4
    j 4b

    /* What is a thread's own, such as picolibc's errno. */
5:  la tp, app_thread_start
    call main
    mv a1, a0
    li a0, 0                    /* terminate, with what main returned */
    li a4, 6
    ecall
