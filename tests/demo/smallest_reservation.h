/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * How large a fixed heap has to be is only known once the program has run. The figure that is fairest to it is the
 * smallest reservation with which the very same calls succeed, found by making them again and again: bisection, to
 * the heap's granule.
 */
#ifndef EBB_DEMO_SMALLEST_RESERVATION_H
#define EBB_DEMO_SMALLEST_RESERVATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reservation_search {
    bool (*suffices)(void *context, size_t size); /* whether all calls succeed on a heap fixed at `size` bytes */
    void *context;
    uint32_t trials; /* made */
};

/*
 * Returns the smallest reservation above `too_small`, which cannot be enough, and up to `limit`; 0 if there is none.
 * Begins at `likely` and goes up from there if need be.
 */
size_t find_smallest_reservation(struct reservation_search *self, size_t too_small, size_t likely, size_t limit);

#endif
