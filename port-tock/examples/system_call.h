/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The one system call that the example needs of its own: subscribe, which is enough to make a driver take its grant. */
#ifndef EBB_EXAMPLE_SYSTEM_CALL_H
#define EBB_EXAMPLE_SYSTEM_CALL_H

#include <stdint.h>

enum { TOCK_SUCCESS = 128 };

/* Takes back the driver's upcall number `number`, if there is any. Returns 0, or the kernel's error code. */
static inline uint32_t tock_unsubscribe(uintptr_t driver, uintptr_t number) {
#if defined(__arm__)
    register uintptr_t first __asm__("r0") = driver;
    register uintptr_t second __asm__("r1") = number;
    register uintptr_t upcall __asm__("r2") = 0;
    register uintptr_t data __asm__("r3") = 0;
    __asm__ volatile("svc 1" : "+r"(first), "+r"(second), "+r"(upcall), "+r"(data) : : "cc", "memory");
#else
    register uintptr_t first __asm__("a0") = driver;
    register uintptr_t second __asm__("a1") = number;
    register uintptr_t upcall __asm__("a2") = 0;
    register uintptr_t data __asm__("a3") = 0;
    register uintptr_t call_class __asm__("a4") = 1;
    __asm__ volatile("ecall" : "+r"(first), "+r"(second), "+r"(upcall), "+r"(data) : "r"(call_class) : "memory");
#endif
    return first >= TOCK_SUCCESS ? 0 : (uint32_t)second;
}

#endif
