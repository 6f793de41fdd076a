@ SPDX-License-Identifier: Apache-2.0 OR MIT

@ Counts time by SysTick, which runs downwards in 24 bits. Instructions of ARMv6-M only, for both processors.

    .syntax unified
    .thumb
    .text

    .equ SYSTICK_VALUE, 0xe000e018

    .macro function name
    .balign 4
    .globl \name
    .type \name, %function
    .thumb_func
\name:
    .endm

@ \register = \register - \end, modulo 2^24
    .macro elapsed register, end
    subs \register, \register, \end
    lsls \register, \register, #8
    lsrs \register, \register, #8
    .endm

@ void make_counted_call(struct call *call)
    function make_counted_call
    push {r4, r5, r6, r7, lr}
    sub sp, #4
    movs r4, r0
    ldr r3, [r4, #0]
    ldr r0, [r4, #4]
    ldr r1, [r4, #8]
    ldr r2, [r4, #12]
    ldr r5, =SYSTICK_VALUE
    ldr r6, [r5]
    blx r3
    ldr r7, [r5]
    elapsed r6, r7
    str r0, [r4, #16]
    str r6, [r4, #20]
    add sp, #4
    pop {r4, r5, r6, r7, pc}
    .ltorg

@ Defines the function \name, which calls \real with its own arguments and adds what that took to \account.
    .macro count_apart name, real, account
    function \name
    push {r4, r5, r6, lr}
    ldr r4, =SYSTICK_VALUE
    ldr r5, [r4]
    bl \real
    ldr r6, [r4]
    elapsed r5, r6
    ldr r4, =\account
    ldr r6, [r4, #0]
    adds r6, r6, r5
    str r6, [r4, #0]
    ldr r6, [r4, #4]
    adds r6, r6, #1
    str r6, [r4, #4]
    pop {r4, r5, r6, pc}
    .ltorg
    .endm

    count_apart counted_grow, plain_grow, apart_store
    count_apart counted_shrink, plain_shrink, apart_store
    count_apart sbrk, plain_sbrk, apart_store
    count_apart _sbrk, plain_sbrk, apart_store
    count_apart __wrap_memcpy, __real_memcpy, apart_copy
    count_apart __wrap_memmove, __real_memmove, apart_copy
    count_apart __wrap_memset, __real_memset, apart_clear
    count_apart counted_nothing, nothing, apart_store

@ What costs 1, by definition.
    function nothing
    bx lr

@ A subject has either a store or sbrk(); what it has not is never called.
    .weak plain_grow
    .weak plain_shrink
    .weak plain_sbrk

    .bss
    .balign 4
    .globl apart_store
    .globl apart_copy
    .globl apart_clear
apart_store: .space 8
apart_copy: .space 8
apart_clear: .space 8
