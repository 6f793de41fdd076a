/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The figures of a case, in the order in which every output has them. */
#ifndef EBB_REPLAY_COLUMNS_H
#define EBB_REPLAY_COLUMNS_H

#include "case.h"

enum { COLUMNS = 15 };

struct column {
    const char *name;    /* in CSV and JSON */
    const char *heading; /* in the table; NULL: too much for it */
    int decimals;
    double (*value)(const struct replay_case *self); /* NAN: there is none */
    double (*summary)(const double *values, size_t count);
};

extern const struct column columns[COLUMNS];

#endif
