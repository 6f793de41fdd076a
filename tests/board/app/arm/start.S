/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Start file of an app on Cortex-M: no constructors, and the heap starts empty. */
    .syntax unified
    .thumb
    .text

    .global board_app_start
    .thumb_func
board_app_start:
    /* Until the break is moved, only the stack is there. */
    movs r0, #0
    ldr r1, =board_bss_end
    svc 5
    cmp r0, #128
    beq 1f
    movs r0, #0
    movs r1, #119               /* BOARD_EXIT_NO_ROOM */
    svc 6

1:  movs r0, #10
    ldr r1, =board_stack_top
    svc 5
    movs r0, #11
    ldr r1, =board_bss_end
    svc 5

    ldr r0, =board_data_start
    ldr r1, =board_data_end
    ldr r2, =board_data_load
2:  cmp r0, r1
    bhs 3f
    ldm r2!, {r3}
    stm r0!, {r3}
    b 2b

3:  ldr r0, =board_bss_start
    ldr r1, =board_bss_end
    movs r2, #0
4:  cmp r0, r1
    bhs 5f
    stm r0!, {r2}
    b 4b

    /* Position-independent code, as Tock's apps are, finds its data through this register. */
5:  ldr r0, =board_got_start
    mov r9, r0
    bl main
    mov r1, r0
    movs r0, #0
    svc 6
