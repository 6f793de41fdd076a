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

unsigned char *old_pointers_pick(struct old_pointers *self, uint32_t turn) {
    return self->addresses[turn == 0 ? self->latest : random_below(&self->random, self->count)];
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
