/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "old_pointers.h"

#include <string.h>

void old_pointers_init(struct old_pointers *self, uint32_t seed) {
    memset(self, 0, sizeof *self);
    random_seed(&self->random, seed + 1);
}

void old_pointers_add(struct old_pointers *self, unsigned char *address) {
    self->latest = self->count < OLD_POINTERS ? self->count++ : random_below(&self->random, OLD_POINTERS);
    self->addresses[self->latest] = address;
}

size_t old_pointers_some(struct old_pointers *self, unsigned char *found[OLD_POINTERS_SOME]) {
    if (self->count == 0) {
        return 0;
    }
    found[0] = self->addresses[self->latest];
    for (size_t i = 1; i < OLD_POINTERS_SOME; i++) {
        found[i] = self->addresses[random_below(&self->random, self->count)];
    }
    return OLD_POINTERS_SOME;
}

size_t old_pointers_between(const struct old_pointers *self, const unsigned char *from, const unsigned char *to,
                            unsigned char *found[OLD_POINTERS]) {
    size_t count = 0;
    for (uint32_t i = 0; i < self->count; i++) {
        if (from <= self->addresses[i] && self->addresses[i] < to) {
            found[count++] = self->addresses[i];
        }
    }
    return count;
}

bool old_pointers_use(struct ebb_heap *heap, unsigned char *block, uint32_t use) {
    switch (use) {
    case 0:
        ebb_free(heap, block);
        return true;
    case 1:
        ebb_free_sized(heap, block, 1);
        return true;
    case 2:
        return ebb_realloc(heap, block, 40) == NULL;
    default:
        return ebb_usable_size(heap, block) == 0;
    }
}
