/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report.h"

#include "../common/command_line.h"
#include "columns.h"

#include <math.h>
#include <stdlib.h>

size_t report_cases(const struct report *self) {
    return self->traces * report_groups(self);
}

size_t report_groups(const struct report *self) {
    return self->cores * self->policies;
}

const struct replay_case *report_case_in_group(const struct report *self, size_t group, size_t trace) {
    return &self->cases[trace * report_groups(self) + group];
}

static double value_of(const struct replay_case *one, const struct column *column) {
    return one->mistake == NULL ? column->value(one) : NAN;
}

void report_values(const struct replay_case *one, double *values) {
    for (size_t column = 0; column < COLUMNS; column++) {
        values[column] = value_of(one, &columns[column]);
    }
}

/* NAN if one of the cases has none: without that trace, the mean could not be compared with that of another group. */
static double summary_of(const struct report *self, size_t group, const struct column *column, double *values) {
    for (size_t trace = 0; trace < self->traces; trace++) {
        values[trace] = value_of(report_case_in_group(self, group, trace), column);
        if (isnan(values[trace])) {
            return NAN;
        }
    }
    return column->summary(values, self->traces);
}

void report_summary(const struct report *self, size_t group, double *values) {
    double *of_traces = allocate(self->traces, sizeof *of_traces);
    for (size_t column = 0; column < COLUMNS; column++) {
        values[column] = summary_of(self, group, &columns[column], of_traces);
    }
    free(of_traces);
}
