/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The bytes that a fuzzer has made up, read as numbers. Behind their end there are only zeros. */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input {
    const uint8_t *next;
    const uint8_t *end;
};

static inline bool input_is_empty(const struct input *self) {
    return self->next == self->end;
}

static inline uint8_t input_byte(struct input *self) {
    return input_is_empty(self) ? 0 : *self->next++;
}

/* 0 to `bound` - 1; `bound` is 1 to 256. */
static inline size_t input_below(struct input *self, size_t bound) {
    return input_byte(self) % bound;
}

/* Mostly small, up to 32 KiB: what is to be doubled, and how often. */
static inline size_t input_size(struct input *self) {
    uint8_t first = input_byte(self);
    return first < 192 ? first : (size_t)input_byte(self) << (first & 7);
}

#endif
