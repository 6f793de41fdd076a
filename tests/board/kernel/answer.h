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

static inline uintptr_t variant(uintptr_t of_32_bits, uintptr_t of_64_bits) {
    return sizeof(uintptr_t) > 4 ? of_64_bits : of_32_bits;
}

/* Of what puts something of the app's in place of what was there before: nothing, where nothing is kept. */
static inline void answer_with_nothing_before(uintptr_t words[4], uintptr_t success, uintptr_t failure,
                                              uintptr_t error) {
    if (error == 0) {
        words[0] = success;
        words[1] = 0;
        words[2] = 0;
    } else {
        words[0] = failure;
        words[1] = error;
    }
}

static inline void answer_with_no_upcall_before(uintptr_t words[4], uintptr_t error) {
    answer_with_nothing_before(words, variant(BOARD_SUCCESS_U32_U32, BOARD_SUCCESS_UPCALL),
                               variant(BOARD_FAILURE_U32_U32, BOARD_FAILURE_UPCALL), error);
}

static inline void answer_with_no_buffer_before(uintptr_t words[4], uintptr_t error) {
    answer_with_nothing_before(words, variant(BOARD_SUCCESS_U32_U32, BOARD_SUCCESS_BUFFER),
                               variant(BOARD_FAILURE_U32_U32, BOARD_FAILURE_BUFFER), error);
}

/* Of the app's own memory or code. */
static inline void answer_pointer(uintptr_t words[4], uintptr_t address) {
    words[0] = variant(BOARD_SUCCESS_U32, BOARD_SUCCESS_POINTER);
    words[1] = address;
}

/* Of what the app must not touch. */
static inline void answer_address(uintptr_t words[4], uintptr_t address) {
    words[0] = variant(BOARD_SUCCESS_U32, BOARD_SUCCESS_ADDRESS);
    words[1] = address;
}

#endif
