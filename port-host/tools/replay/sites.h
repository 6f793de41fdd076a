/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What a trace calls its sites. */
#ifndef EBB_REPLAY_SITES_H
#define EBB_REPLAY_SITES_H

#include "../trace/trace.h"

struct sites {
    char **names; /* that of site 1 first; NULL where there is none */
    uint32_t count;
};

/* Reads them from a trace that was verified. sites_close() follows. */
void sites_open(struct sites *self, const struct trace *trace);

/* The name of a site; NULL if it has none, as has site 0. */
const char *sites_name(const struct sites *self, uint32_t site);

void sites_close(struct sites *self);

#endif
