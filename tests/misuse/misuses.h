/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What is done wrong: mistakes and attacks, each of them small. */
#ifndef MISUSE_MISUSES_H
#define MISUSE_MISUSES_H

#include "scene.h"

struct misuse {
    const char *name;
    const char *text; /* what is done, for the table */
    bool is_random;   /* each trial is another: so there is a probability to measure */
    void (*commit)(struct scene *scene);
};

struct misuse_group {
    const char *title;
    const struct misuse *misuses;
    size_t count;
};

#define MISUSE_GROUP(heading, array)                                                                                   \
    { .title = (heading), .misuses = (array), .count = sizeof(array) / sizeof((array)[0]) }

extern const struct misuse_group wrong_pointers;
extern const struct misuse_group second_frees;
extern const struct misuse_group wrong_sizes;
extern const struct misuse_group overflows;
extern const struct misuse_group forged_headers;
extern const struct misuse_group writes_after_free;
extern const struct misuse_group forged_links;

#endif
