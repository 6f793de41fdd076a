/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Counts of instructions per call: exact up to a limit, so that percentiles are values that occurred. */
#ifndef EBB_BENCH_HISTOGRAM_H
#define EBB_BENCH_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_VALUES = 1 << 15 };

struct histogram {
    uint32_t calls[HISTOGRAM_VALUES]; /* the last one: that many instructions or more */
    uint32_t count;
    uint32_t largest;
    uint64_t sum;
};

void histogram_clear(struct histogram *self);
void histogram_add(struct histogram *self, uint32_t value);

/* The smallest value that at least `per_mille` of 1000 calls do not exceed; 0 if there are none. */
uint32_t histogram_percentile(const struct histogram *self, uint32_t per_mille);

#endif
