/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What the two registers mean that the kernel answers memop with. */
#ifndef EBB_SOURCE_ANSWER_H
#define EBB_SOURCE_ANSWER_H

#include "memop.h"

#include <stdbool.h>

enum ebb_tock_variant {
    EBB_TOCK_FAILURE = 0,
    EBB_TOCK_SUCCESS = 128,
    EBB_TOCK_SUCCESS_NUMBER = 129,
    /* Kernels for 64 bits answer with these two where the value is an address. */
    EBB_TOCK_SUCCESS_POINTER = 136,
    EBB_TOCK_SUCCESS_ADDRESS = 137
};

/* Kernels for 32 bits have no other answer with a value. */
static inline bool ebb_tock_has_value(uintptr_t variant) {
    bool is_address = variant == EBB_TOCK_SUCCESS_POINTER || variant == EBB_TOCK_SUCCESS_ADDRESS;
    return variant == EBB_TOCK_SUCCESS_NUMBER || (UINTPTR_MAX > UINT32_MAX && is_address);
}

/*
 * A variant that we do not know is a refusal, whatever its number: a later kernel may put something else than a value
 * into the second register, and a break that we believe in wrongly is worse than one that did not move.
 */
static inline uintptr_t ebb_tock_decode(uintptr_t variant, uintptr_t value) {
    if (ebb_tock_has_value(variant)) {
        return value;
    }
    return variant == EBB_TOCK_SUCCESS ? 0 : EBB_TOCK_REFUSED;
}

#endif
