/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A random program: it allocates, resizes and frees through a model. */
#ifndef UNIT_WORKLOAD_H
#define UNIT_WORKLOAD_H

#include "model.h"
#include "random.h"

enum sizes {
    SIZES_SMALL,    /* up to 64 bytes */
    SIZES_LARGE,    /* 256 to 6000 bytes */
    SIZES_POWER_LAW /* each doubling up to 8 KiB as often as the one before, and now and then what cannot be */
};
#define SIZES_COUNT 3

struct workload {
    struct random random;
    enum sizes sizes;
    bool changes_policy; /* now and then, at random */
};

void workload_init(struct workload *self, uint32_t seed, enum sizes sizes);

/* One call of the heap. */
void workload_step(struct workload *self, struct model *model);

/* `steps` calls, and after every 16th a look at all payloads. */
void workload_run(struct workload *self, struct model *model, uint32_t steps);

#endif
