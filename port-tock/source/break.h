/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The break of the process, and addresses as memory protection, grants and blocks have them rounded. */
#ifndef EBB_SOURCE_BREAK_H
#define EBB_SOURCE_BREAK_H

#include "memop.h"

#include <stdbool.h>
#include <stddef.h>

/* False: refused, nothing changed. */
static inline bool ebb_tock_set_break(uintptr_t address) {
    return ebb_tock_memop(EBB_TOCK_BRK, address) != EBB_TOCK_REFUSED;
}

/* EBB_TOCK_REFUSED if the kernel does not say. */
static inline uintptr_t ebb_tock_get_break(void) {
    return ebb_tock_memop(EBB_TOCK_SBRK, 0);
}

static inline uintptr_t ebb_tock_round_down(uintptr_t address, size_t power_of_two) {
    return address & ~(uintptr_t)(power_of_two - 1);
}

static inline uintptr_t ebb_tock_round_up(uintptr_t address, size_t power_of_two) {
    return ebb_tock_round_down(address + power_of_two - 1, power_of_two);
}

#endif
