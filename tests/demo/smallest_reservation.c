/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "smallest_reservation.h"

#include <ebb/heap.h>

static bool suffices(struct reservation_search *self, size_t size) {
    self->trials++;
    return self->suffices(self->context, size);
}

static size_t round_up(size_t size, size_t granule) {
    return (size + granule - 1) / granule * granule;
}

static size_t bisect(struct reservation_search *self, size_t too_small, size_t enough, size_t granule) {
    while (enough - too_small > granule) {
        size_t middle = too_small + round_up((enough - too_small) / 2, granule);
        if (suffices(self, middle)) {
            enough = middle;
        } else {
            too_small = middle;
        }
    }
    return enough;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

size_t find_smallest_reservation(struct reservation_search *self, size_t too_small, size_t likely, size_t limit) {
    size_t granule = ebb_get_geometry().granule;
    size_t low = too_small / granule * granule;
    size_t high = least(likely, limit);
    while (!suffices(self, high)) {
        if (high == limit) {
            return 0;
        }
        low = high;
        high = least(round_up(high + high / 16 + 1, granule), limit);
    }
    return bisect(self, low, high, granule);
}
