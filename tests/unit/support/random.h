/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Random numbers that are the same everywhere for the same seed. */
#ifndef UNIT_RANDOM_H
#define UNIT_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint32_t state;
};

void random_seed(struct random *self, uint32_t seed);

uint32_t random_next(struct random *self);

/* 0 to `bound` - 1; `bound` is at least 1. */
uint32_t random_below(struct random *self, uint32_t bound);

/* True in `percent` of 100 cases. */
bool random_chance(struct random *self, uint32_t percent);

#endif
