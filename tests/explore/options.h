/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What is to be explored, as the command line says it. */
#ifndef EXPLORE_OPTIONS_H
#define EXPLORE_OPTIONS_H

#include "world.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MOST_POLICIES = 8 };

struct options {
    struct setting setting;
    struct ebb_policy policies[MOST_POLICIES]; /* the heap starts with the first */
    const char *policy_names[MOST_POLICIES];
    size_t policy_count;
    uint32_t most_states;
    uint32_t most_depth;
    bool must_close;
};

/* Ends the program with a message if the command line makes no sense, and with 0 if it asks for help. */
void options_read(struct options *self, int argc, char **argv);

/* In one line, without its end. */
void options_print(const struct options *self);

/* As C code that creates the heap. */
void options_print_start(const struct options *self);

#endif
