/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "histogram.h"

void histogram_clear(struct histogram *self) {
    for (uint32_t value = 0; value < HISTOGRAM_VALUES; value++) {
        self->calls[value] = 0;
    }
    self->count = 0;
    self->largest = 0;
    self->sum = 0;
}

void histogram_add(struct histogram *self, uint32_t value) {
    self->calls[value < HISTOGRAM_VALUES ? value : HISTOGRAM_VALUES - 1]++;
    self->count++;
    self->sum += value;
    if (self->largest < value) {
        self->largest = value;
    }
}

uint32_t histogram_percentile(const struct histogram *self, uint32_t per_mille) {
    uint64_t needed = ((uint64_t)self->count * per_mille + 999) / 1000;
    uint64_t seen = 0;

    for (uint32_t value = 0; value < HISTOGRAM_VALUES - 1; value++) {
        seen += self->calls[value];
        if (seen >= needed) {
            return value;
        }
    }
    return self->largest;
}
