# SPDX-License-Identifier: Apache-2.0 OR MIT

# Counts instructions by minstret, which the emulator advances by exactly one for each.

    .option arch, +zicsr
    .text

# void make_counted_call(struct call *call)
    .globl make_counted_call
make_counted_call:
    addi sp, sp, -16
    sw ra, 12(sp)
    sw s0, 8(sp)
    sw s1, 4(sp)
    mv s0, a0
    lw t0, 0(s0)
    lw a0, 4(s0)
    lw a1, 8(s0)
    lw a2, 12(s0)
    csrr s1, minstret
    jalr t0
    csrr t0, minstret
    sub t0, t0, s1
    sw a0, 16(s0)
    sw t0, 20(s0)
    lw s1, 4(sp)
    lw s0, 8(sp)
    lw ra, 12(sp)
    addi sp, sp, 16
    ret

# Defines the function \name, which calls \real with its own arguments and adds what that took to \account.
# Both results are kept: a structure of two words is returned in a0 and a1.
    .macro count_apart name, real, account
    .globl \name
\name:
    csrr t0, minstret
    addi sp, sp, -16
    sw ra, 12(sp)
    sw t0, 8(sp)
    call \real
    lw t0, 8(sp)
    lw ra, 12(sp)
    addi sp, sp, 16
    la t2, \account
    lw t1, 4(t2)
    addi t1, t1, 1
    sw t1, 4(t2)
    lw t1, 0(t2)
    sub t1, t1, t0
    csrr t0, minstret
    add t1, t1, t0
    sw t1, 0(t2)
    ret
    .endm

    count_apart counted_grow, plain_grow, apart_store
    count_apart counted_shrink, plain_shrink, apart_store
    count_apart sbrk, plain_sbrk, apart_store
    count_apart _sbrk, plain_sbrk, apart_store
    count_apart __wrap_memcpy, __real_memcpy, apart_copy
    count_apart __wrap_memmove, __real_memmove, apart_copy
    count_apart __wrap_memset, __real_memset, apart_clear
    count_apart counted_nothing, nothing, apart_store

# What costs 1, by definition.
    .globl nothing
nothing:
    ret

# A subject has either a store or sbrk(); what it has not is never called.
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
