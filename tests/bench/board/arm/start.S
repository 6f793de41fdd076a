@ SPDX-License-Identifier: Apache-2.0 OR MIT

@ Handler mode is never left once an exception was taken: whatever goes wrong ends the run.

    .syntax unified
    .thumb

    .section .vectors, "a"
    .word stack_end
    .word _start
    .rept 14
    .word trap
    .endr

    .text
    .globl _start
    .type _start, %function
    .thumb_func
_start:
    ldr r0, =bss_start
    ldr r1, =bss_end
    movs r2, #0
clear:
    cmp r0, r1
    bhs cleared
    str r2, [r0]
    adds r0, r0, #4
    b clear
cleared:
    @ SysTick from the processor's clock, over its whole range, without interrupts.
    ldr r0, =0xe000e010
    ldr r1, =0xffffff
    str r1, [r0, #4]
    str r2, [r0, #8]
    movs r1, #5
    str r1, [r0, #0]
    bl main
    bl machine_exit
    .ltorg

    .type trap, %function
    .thumb_func
trap:
    mrs r0, ipsr
    ldr r1, [sp, #24]
    ldr r2, =0xe000ed28
    ldr r2, [r2]
    bl board_trapped
    .ltorg
