/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What the two registers mean that the kernel answers memop with. */
#ifndef EBB_SOURCE_ANSWER_H
#define EBB_SOURCE_ANSWER_H

#include "memop.h"

enum ebb_tock_variant {
    EBB_TOCK_FAILURE = 0,
    EBB_TOCK_SUCCESS = 128,
    EBB_TOCK_SUCCESS_NUMBER = 129,
    /* Kernels for 64 bits answer with these two where the value is an address. */
    EBB_TOCK_SUCCESS_POINTER = 136,
    EBB_TOCK_SUCCESS_ADDRESS = 137
};

/*
 * A variant that we do not know is a refusal, whatever its number: a later kernel may put something else than a value
 * into the second register, and a break that we believe in wrongly is worse than one that did not move.
 */
static inline uintptr_t ebb_tock_decode(uintptr_t variant, uintptr_t value) {
    switch (variant) {
    case EBB_TOCK_SUCCESS:
        return 0;
    case EBB_TOCK_SUCCESS_NUMBER:
    case EBB_TOCK_SUCCESS_POINTER:
    case EBB_TOCK_SUCCESS_ADDRESS:
        return value;
    default:
        return EBB_TOCK_REFUSED;
    }
}

#endif
