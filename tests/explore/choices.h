/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Choices that somebody else makes during a run. The run is repeated until every combination of them was made: each
 * time the last choice that has an alternative left takes the next one.
 */
#ifndef EXPLORE_CHOICES_H
#define EXPLORE_CHOICES_H

#include <stdbool.h>
#include <stdint.h>

enum { MOST_CHOICES = 12 };

struct choices {
    uint8_t made[MOST_CHOICES];
    uint8_t options[MOST_CHOICES];
    unsigned count; /* made in this run so far */
    unsigned fixed; /* how many of them the run has to repeat */
};

/* Before the first run. */
void choices_clear(struct choices *self);

/* Before each further one: returns false if there is no combination left. */
bool choices_advance(struct choices *self);

/* Before a run that repeats what was made before. */
void choices_repeat(struct choices *self, const uint8_t *made, unsigned count);

/* The next choice: 0 to `options` - 1. */
unsigned choose(struct choices *self, unsigned options);

#endif
