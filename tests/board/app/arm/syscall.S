/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* void board_syscall_...(uintptr_t words[4]): four words go in, four come back. */
    .syntax unified
    .thumb
    .text

    .macro syscall name, number
    .global \name
    .thumb_func
\name:
    push {r4, lr}
    mov r4, r0
    ldm r4!, {r0-r3}
    subs r4, r4, #16
    svc \number
    stm r4!, {r0-r3}
    pop {r4, pc}
    .endm

    syscall board_syscall_yield, 0
    syscall board_syscall_subscribe, 1
    syscall board_syscall_command, 2
    syscall board_syscall_allow_read_write, 3
    syscall board_syscall_allow_read_only, 4
    syscall board_syscall_memop, 5
    syscall board_syscall_exit, 6
    syscall board_syscall_allow_userspace_readable, 7

#if !defined(__ARM_ARCH_6M__)
/*
 * bool board_read_faults(const void *address), bool board_write_faults(void *address): the kernel is asked to go on at
 * the label after a fault.
 */
    .macro probe name, touch, value
    .global \name
    .thumb_func
\name:
    push {r4, lr}
    mov r4, r0
    ldr r0, =0x90000            /* BOARD_DRIVER_BENCH */
    movs r1, #5                 /* BOARD_BENCH_CATCH */
    adr r2, 1f
    svc 2
    \touch r0, [r4]
    ldr r0, =0x90000
    movs r1, #5
    movs r2, #0
    svc 2
    movs r0, #0
    pop {r4, pc}
    .balign 4
1:  movs r0, #1
    pop {r4, pc}
    .endm

    probe board_read_faults, ldrb
    probe board_write_faults, strb
#endif
