/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "workload.h"

void workload_init(struct workload *self, uint32_t seed, enum sizes sizes) {
    random_seed(&self->random, seed);
    self->sizes = sizes;
    self->changes_policy = false;
}

static size_t power_law(struct random *random) {
    uint32_t doubling = random_below(random, 14);
    return random_below(random, UINT32_C(1) << doubling);
}

/* At and beyond the limits, where sums overflow. */
static size_t absurd(struct random *random) {
    size_t some = random_below(random, 40);
    switch (random_below(random, 4)) {
    case 0:
        return SIZE_MAX - some;
    case 1:
        return SIZE_MAX / 2 - some;
    case 2:
        return ebb_get_geometry().largest_request + 1 + some;
    default:
        return ebb_get_geometry().largest_request - some;
    }
}

static size_t draw_size(struct workload *self) {
    switch (self->sizes) {
    case SIZES_SMALL:
        return random_below(&self->random, 65);
    case SIZES_LARGE:
        return 256 + random_below(&self->random, 5745);
    case SIZES_POWER_LAW:
        break;
    }
    return random_chance(&self->random, 1) ? absurd(&self->random) : power_law(&self->random);
}

static size_t draw_alignment(struct random *random) {
    if (random_chance(random, 3)) {
        return absurd(random);
    }
    return random_chance(random, 5) ? 0 : (size_t)1 << random_below(random, 13);
}

static void draw_policy(struct random *random, struct ebb_policy *policy) {
    static const size_t quanta[] = {0, 0, 1, 64, 256, 1000, 4096, SIZE_MAX};
    *policy = (struct ebb_policy){
        .strategy = random_below(random, 3),
        .maximum = random_chance(random, 50) ? 0 : 2048 + random_below(random, 30000),
        .quantum = quanta[random_below(random, 8)],
        .return_above = random_chance(random, 50) ? 0 : random_below(random, 4096),
        .move_price = random_chance(random, 50) ? 0 : 1 + random_below(random, 100000),
    };
}

static void allocate(struct workload *self, struct model *model, size_t slot) {
    uint32_t way = random_below(&self->random, 100);
    if (way < 70) {
        (void)model_alloc(model, slot, draw_size(self));
    } else if (way < 85) {
        size_t count = random_below(&self->random, 5);
        (void)model_calloc(model, slot, count, draw_size(self));
    } else {
        size_t alignment = draw_alignment(&self->random);
        (void)model_aligned_alloc(model, slot, alignment, draw_size(self));
    }
}

static void change(struct workload *self, struct model *model, size_t slot, bool releases) {
    if (!releases) {
        (void)model_realloc(model, slot, draw_size(self));
    } else if (random_chance(&self->random, 20)) {
        model_free_sized(model, slot);
    } else {
        model_free(model, slot);
    }
}

/* The slot of the block that lies highest; any if there is none. */
static size_t last_slot(const struct model *model) {
    size_t last = 0;
    for (size_t slot = 1; slot < MODEL_BLOCKS; slot++) {
        if ((uintptr_t)model->blocks[slot].address > (uintptr_t)model->blocks[last].address) {
            last = slot;
        }
    }
    return last;
}

/* Any, and more often than others the last block: as a vector does that grows, and what has come and gone behind it. */
static size_t draw_slot(struct random *random, const struct model *model) {
    return random_chance(random, 10) ? last_slot(model) : random_below(random, MODEL_BLOCKS);
}

/* Phases of 64 calls that rather fill alternate with such that rather empty. */
void workload_step(struct workload *self, struct model *model) {
    struct random *random = &self->random;
    bool empties = (model->step / 64) % 2 == 1;
    if (self->changes_policy && random_chance(random, 2)) {
        struct ebb_policy policy;
        draw_policy(random, &policy);
        (void)model_set_policy(model, &policy);
        return;
    }
    if (random_chance(random, 1)) {
        (void)model_trim(model);
        return;
    }
    size_t slot = draw_slot(random, model);
    if (model->blocks[slot].address == NULL) {
        if (empties && random_chance(random, 60)) {
            return;
        }
        allocate(self, model, slot);
    } else {
        change(self, model, slot, random_chance(random, empties ? 80 : 40));
    }
}

void workload_run(struct workload *self, struct model *model, uint32_t steps) {
    for (uint32_t i = 0; i < steps; i++) {
        model->step++;
        workload_step(self, model);
        if (i % 16 == 0) {
            model_verify_payloads(model);
        }
    }
}
