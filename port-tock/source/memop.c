/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The instruction that enters the kernel. Four registers carry the answer of any system call, two of them that of
 * memop; the other two are named as lost because no document promises that they are kept. All other registers come
 * back as they were: on Cortex-M the hardware and the kernel restore them, on RISC-V the kernel. Upcalls could change
 * more, but run only while the process yields.
 *
 * Register 9 holds the address of the app's data in position-independent code for Cortex-M. It appears nowhere here,
 * and so stays what it is.
 */
#include "memop.h"

#include "answer.h"

#if defined(__arm__)

uintptr_t ebb_tock_memop(uint32_t operation, uintptr_t argument) {
    register uintptr_t first __asm__("r0") = operation;
    register uintptr_t second __asm__("r1") = argument;
    __asm__ volatile("svc 5" : "+r"(first), "+r"(second) : : "r2", "r3", "cc", "memory");
    return ebb_tock_decode(first, second);
}

#elif defined(__riscv)

uintptr_t ebb_tock_memop(uint32_t operation, uintptr_t argument) {
    register uintptr_t first __asm__("a0") = operation;
    register uintptr_t second __asm__("a1") = argument;
    register uintptr_t call_class __asm__("a4") = 5;
    __asm__ volatile("ecall" : "+r"(first), "+r"(second) : "r"(call_class) : "a2", "a3", "memory");
    return ebb_tock_decode(first, second);
}

#else
#error "This enters the kernel on Cortex-M and RISC-V; elsewhere, bring an ebb_tock_memop() of your own."
#endif
