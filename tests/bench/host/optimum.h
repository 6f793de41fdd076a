/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The least cost at which a region can follow what a program requires, for somebody who knows the future. */
#ifndef EBB_BENCH_OPTIMUM_H
#define EBB_BENCH_OPTIMUM_H

#include <stddef.h>
#include <stdint.h>

/* What moving the end and holding idle memory cost, in instructions. */
struct price {
    double move;       /* one move of the end */
    double grown_byte; /* each byte that a growth adds */
    double idle_byte;  /* each byte beyond the required end, for one operation */
};

/*
 * The least cost of a sequence of ends, one after each of `count` operations, each at or above required[i], beginning
 * with an end of `start` before the first.
 *
 * Exact. There is a best sequence of which every end is a required end: of a run of equal ends that is none, either
 * direction of a small change costs nothing more, until it meets a required end or a neighbouring run. So dynamic
 * programming over the distinct required ends suffices; its time is their number times the number of operations after
 * which another end is required.
 */
double least_cost(const uint32_t *required, size_t count, uint32_t start, const struct price *price);

#endif
