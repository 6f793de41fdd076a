/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "timeline.h"

#include "../common/command_line.h"

#include <stdlib.h>

double sample_fragmentation(const struct sample *sample) {
    return sample->free == 0 ? 0 : 1 - (double)sample->largest_free / (double)sample->free;
}

void timeline_open(struct timeline *self, uint32_t room, uint32_t operations) {
    const uint32_t count = room < operations ? room : operations;
    *self =
        (struct timeline){.samples = allocate(count, sizeof *self->samples), .room = count, .operations = operations};
}

void timeline_close(struct timeline *self) {
    free(self->samples);
}

/* Sample k of n stands for the operations up to k/n of all. */
static bool is_due(const struct timeline *self, uint32_t done) {
    return self->count < self->room && (uint64_t)done * self->room >= (uint64_t)(self->count + 1) * self->operations;
}

void timeline_note(struct timeline *self, const struct replay *replay, const struct replay_step *step) {
    const uint32_t done = step->index + 1;
    if (!is_due(self, done)) {
        return;
    }
    const struct core *core = replay->core;
    const size_t request = core->largest_free(replay->heap);
    self->samples[self->count++] = (struct sample){
        .operation = done,
        .live = step->live,
        .region = replay->arena.used,
        .free = core->free_bytes(replay->heap),
        .largest_free = request == 0 ? 0 : request + core->geometry().header,
    };
}
