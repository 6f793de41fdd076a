/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "columns.h"

#include <math.h>

/* ---- Of one case ---- */

static double or_none(double value) {
    return value > 0 ? value : NAN;
}

/* None if either is 0: of a trace without operations, say, or what was not searched for. */
static double ratio(double value, double base) {
    return base > 0 ? or_none(value / base) : NAN;
}

static double operations(const struct replay_case *self) {
    return self->file->trace.operations;
}

static double peak_live(const struct replay_case *self) {
    return self->file->trace.peak_live;
}

static double maximum(const struct replay_case *self) {
    return or_none((double)self->maximum);
}

static double smallest_maximum(const struct replay_case *self) {
    return or_none((double)self->smallest_maximum);
}

static double footprint(const struct replay_case *self) {
    return ratio((double)self->smallest_maximum, peak_live(self));
}

static double peak_region(const struct replay_case *self) {
    return (double)self->peak_region;
}

static double mean_region(const struct replay_case *self) {
    return self->mean_region;
}

static double region_over_live(const struct replay_case *self) {
    return ratio(self->mean_region, self->mean_live);
}

static double grows(const struct replay_case *self) {
    return self->grows;
}

static double shrinks(const struct replay_case *self) {
    return self->shrinks;
}

static double moves_per_1000(const struct replay_case *self) {
    return operations(self) > 0 ? 1000.0 * (self->grows + self->shrinks) / operations(self) : NAN;
}

static double mean_fragmentation(const struct replay_case *self) {
    double sum = 0;
    for (uint32_t index = 0; index < self->timeline.count; index++) {
        sum += sample_fragmentation(&self->timeline.samples[index]);
    }
    return self->timeline.count == 0 ? NAN : sum / self->timeline.count;
}

static double worst_fragmentation(const struct replay_case *self) {
    double worst = self->timeline.count == 0 ? NAN : 0;
    for (uint32_t index = 0; index < self->timeline.count; index++) {
        worst = fmax(worst, sample_fragmentation(&self->timeline.samples[index]));
    }
    return worst;
}

static double failed(const struct replay_case *self) {
    return self->failed;
}

static double nanoseconds(const struct replay_case *self) {
    return or_none(self->nanoseconds);
}

/* ---- Of several ---- */

static double none(const double *values, size_t count) {
    (void)values;
    (void)count;
    return NAN;
}

static double sum(const double *values, size_t count) {
    double total = 0;
    for (size_t index = 0; index < count; index++) {
        total += values[index];
    }
    return total;
}

static double mean(const double *values, size_t count) {
    return sum(values, count) / (double)count;
}

static double geometric_mean(const double *values, size_t count) {
    double total = 0;
    for (size_t index = 0; index < count; index++) {
        total += log(values[index]);
    }
    return exp(total / (double)count);
}

static double largest(const double *values, size_t count) {
    double most = values[0];
    for (size_t index = 1; index < count; index++) {
        most = fmax(most, values[index]);
    }
    return most;
}

const struct column columns[COLUMNS] = {
    {"operations", "calls", 0, operations, sum},
    {"peak_live", "peak live", 0, peak_live, none},
    {"maximum", NULL, 0, maximum, none},
    {"smallest_maximum", "smallest", 0, smallest_maximum, none},
    {"footprint", "footprint", 3, footprint, geometric_mean},
    {"peak_region", "peak region", 0, peak_region, none},
    {"mean_region", "mean region", 0, mean_region, none},
    {"region_over_live", "region/live", 3, region_over_live, geometric_mean},
    {"grows", NULL, 0, grows, sum},
    {"shrinks", NULL, 0, shrinks, sum},
    {"moves_per_1000", "moves/1000", 2, moves_per_1000, mean},
    {"mean_fragmentation", "frag", 2, mean_fragmentation, mean},
    {"worst_fragmentation", "worst", 2, worst_fragmentation, largest},
    {"failed", "failed", 0, failed, sum},
    {"nanoseconds_per_call", "ns/call", 1, nanoseconds, geometric_mean},
};
