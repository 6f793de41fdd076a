/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Start file of a Tock app on Cortex-M that is linked for fixed addresses: no constructors, and the heap starts empty.
 * app.ld says what the names stand for.
 */
    .syntax unified
    .thumb
    .text

    .global app_start
    .thumb_func
app_start:
    /* The break is wherever the kernel has it; from here on, all below the heap is the app's. */
    movs r0, #0                 /* brk */
    ldr r1, =app_bss_end
    svc 5
    cmp r0, #128                /* success */
    beq 1f
    movs r0, #0                 /* terminate */
    movs r1, #119               /* the RAM block is too small for stack and static data */
    svc 6

1:  ldr r0, =app_stack_top
    mov sp, r0

    /* For the kernel's report of a fault: where the stack begins, and the heap. */
    movs r0, #10
    ldr r1, =app_stack_top
    svc 5
    movs r0, #11
    ldr r1, =app_bss_end
    svc 5

    ldr r0, =app_data_start
    ldr r1, =app_data_end
    ldr r2, =app_data_load
2:  cmp r0, r1
    bhs 3f
    ldm r2!, {r3}
    stm r0!, {r3}
    b 2b

3:  ldr r0, =app_bss_start
    ldr r1, =app_bss_end
    movs r2, #0
4:  cmp r0, r1
    bhs 5f
    stm r0!, {r2}
    b 4b

    /* Position-independent code, as ebb::tock is, finds its data through this register. */
5:  ldr r0, =app_got_start
    mov r9, r0
    bl main
    mov r1, r0
    movs r0, #0                 /* terminate, with what main returned */
    svc 6
