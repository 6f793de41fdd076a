/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* How a syscall answers: four words, which the machine carries from and to the app's registers. */
#ifndef KERNEL_ANSWER_H
#define KERNEL_ANSWER_H

#include <stdint.h>

#include <board_abi.h>

static inline void answer_failure(uintptr_t words[4], uintptr_t error) {
    words[0] = BOARD_FAILURE;
    words[1] = error;
}

static inline void answer_success(uintptr_t words[4]) {
    words[0] = BOARD_SUCCESS;
}

static inline void answer_value(uintptr_t words[4], uintptr_t value) {
    words[0] = BOARD_SUCCESS_U32;
    words[1] = value;
}

/* Of what puts something of the app's in place of what was there before: nothing, where nothing is kept. */
static inline void answer_with_nothing_before(uintptr_t words[4], uintptr_t error) {
    if (error == 0) {
        words[0] = BOARD_SUCCESS_U32_U32;
        words[1] = 0;
        words[2] = 0;
    } else {
        words[0] = BOARD_FAILURE_U32_U32;
        words[1] = error;
    }
}

/* Kernels on 64-bit machines tell addresses from numbers. */
static inline void answer_address(uintptr_t words[4], uintptr_t address) {
    words[0] = sizeof(uintptr_t) > 4 ? BOARD_SUCCESS_ADDRESS : BOARD_SUCCESS_U32;
    words[1] = address;
}

#endif
