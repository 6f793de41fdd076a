/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The scripts of a program, as constants in its image. */
#ifndef SCRIPTS_H
#define SCRIPTS_H

#include <stddef.h>

struct script {
    const char *start;
    const char *end;
};

extern const struct script scripts[];
extern const size_t script_count;

#endif
