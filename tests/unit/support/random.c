/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "random.h"

/* Marsaglia, "Xorshift RNGs", 2003. The state must not be 0; nearby seeds are spread by an odd factor. */
void random_seed(struct random *self, uint32_t seed) {
    self->state = seed * UINT32_C(2654435761) + 1;
    if (self->state == 0) {
        self->state = 1;
    }
    for (int i = 0; i < 8; i++) {
        (void)random_next(self);
    }
}

uint32_t random_next(struct random *self) {
    uint32_t x = self->state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    self->state = x;
    return x;
}

uint32_t random_below(struct random *self, uint32_t bound) {
    return (random_next(self) >> 4) % bound;
}

bool random_chance(struct random *self, uint32_t percent) {
    return random_below(self, 100) < percent;
}
