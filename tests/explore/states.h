/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* All states that were ever seen, in the order in which they were: each packed, with the step that first led to it. */
#ifndef EXPLORE_STATES_H
#define EXPLORE_STATES_H

#include "choices.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From `parent`, by `operation` and the store's answers. */
struct step {
    uint32_t parent;
    uint32_t operation;
    uint8_t answers[MOST_CHOICES];
    uint8_t answer_count;
};

struct states {
    uint32_t count;
    size_t bytes; /* of all packed states */

    /* Private. */
    unsigned char *packed;
    size_t packed_room;
    struct known_state *known;
    uint32_t known_room;
    uint32_t *table;
    size_t table_size;
};

void states_init(struct states *self);
void states_free(struct states *self);

/* Adds a state unless it is known. Returns whether it is new: then its number is `count` - 1. */
bool states_add(struct states *self, const unsigned char *packed, size_t size, const struct step *step);

const unsigned char *states_packed(const struct states *self, uint32_t number);
const struct step *states_step(const struct states *self, uint32_t number);

#endif
