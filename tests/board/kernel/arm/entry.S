/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* ARMv6-M, ARMv7-M and ARMv8-M: where exceptions enter the kernel. */
    .syntax unified
    .thumb

    .section .kernel_vectors, "a"
    .word kernel_stack_top
    .word reset
    .word fault             /* NMI */
    .word fault             /* HardFault */
    .word fault             /* MemManage */
    .word fault             /* BusFault */
    .word fault             /* UsageFault */
    .word 0, 0, 0, 0
    .word supervisor_call
    .word fault             /* debug monitor */
    .word 0
    .word launch            /* PendSV */
    .word fault             /* SysTick */

    .text

    .global reset
    .thumb_func
reset:
    /* The image was loaded in place; only memory without content in it has to be made. */
    ldr r0, =kernel_bss_start
    ldr r1, =kernel_bss_end
    movs r2, #0
1:  cmp r0, r1
    bhs 2f
    stm r0!, {r2}
    b 1b
2:  bl kernel_boot

#if defined(__ARM_ARCH_6M__)
/* The app's registers r4 to r11 are callee-saved, and the others are in the frame on its stack. */
    .thumb_func
supervisor_call:
    push {r4, lr}
    mrs r0, psp
    bl arm_supervisor_call
    pop {r4, pc}
#else
/*
 * The app's registers r4 to r11 are callee-saved, and the others are in the frame on its stack, so nothing is saved
 * here. Instructions are counted between the two looks at the timer; those outside of them are OUTSIDE.
 */
    .equ TIMER_VALUE, 0x40000004
#if defined(__ARM_ARCH_8M_MAIN__)
    .equ OUTSIDE, 15
#else
    .equ OUTSIDE, 14
#endif

    .thumb_func
supervisor_call:
    push {r4, lr}                   /* 1 */
    ldr r4, =TIMER_VALUE            /* 2 */
    ldr r4, [r4]                    /* 3, and the first look */
    mrs r0, psp
    bl arm_supervisor_call
    ldr r0, =TIMER_VALUE
    ldr r0, [r0]                    /* the second look */
    subs r4, r4, r0                 /* 4: it counts down */
    adds r4, r4, #1                 /* 5 */
#if defined(__ARM_ARCH_8M_MAIN__)
    movs r0, #25                    /* 64 steps are 25 instructions; one more instruction than below */
    muls r4, r0
    lsrs r4, r4, #6
#else
    add r4, r4, r4, lsl #2          /* 6: 16 steps are 5 instructions */
    lsrs r4, r4, #4                 /* 7 */
#endif
    adds r4, r4, #OUTSIDE           /* 8 */
    ldr r0, =bench_kernel_instructions /* 9 */
    ldr r1, [r0]                    /* 10 */
    add r1, r1, r4                  /* 11 */
    str r1, [r0]                    /* 12 */
    pop {r4, lr}                    /* 13 */
    bx lr                           /* 14 */
#endif

/*
 * The app's first start. Only the return from an exception drops the privilege and leaves the kernel's code at once:
 * the instruction after one that drops it could not be fetched any more.
 */
    .thumb_func
launch:
    movs r0, #1                     /* thread mode is unprivileged from now on */
    msr control, r0
    isb
    movs r0, #2
    mvns r0, r0                     /* to thread mode, on the process stack */
    bx r0

    .thumb_func
fault:
    mrs r0, psp
    mov r1, lr
    b arm_fault
