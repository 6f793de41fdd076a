/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "choices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void choices_clear(struct choices *self) {
    memset(self, 0, sizeof *self);
}

bool choices_advance(struct choices *self) {
    unsigned last = self->count;
    while (last > 0 && self->made[last - 1] + 1u == self->options[last - 1]) {
        last--;
    }
    if (last == 0) {
        return false;
    }
    self->made[last - 1]++;
    self->fixed = last;
    self->count = 0;
    return true;
}

void choices_repeat(struct choices *self, const uint8_t *made, unsigned count) {
    choices_clear(self);
    memcpy(self->made, made, count);
    self->fixed = count;
}

unsigned choose(struct choices *self, unsigned options) {
    if (self->count == MOST_CHOICES) {
        fprintf(stderr, "explore: one call asked the store more than %d times\n", MOST_CHOICES);
        exit(1);
    }
    if (self->count >= self->fixed) {
        self->made[self->count] = 0;
    }
    self->options[self->count] = (uint8_t)options;
    return self->made[self->count++];
}
