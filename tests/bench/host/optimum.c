/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "optimum.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The distinct ends, ascending, and the least cost so far of having each as the current end. */
struct levels {
    size_t count;
    uint32_t *end;
    double *cost;
};

/* Not fmin(), which minds numbers that are none, and is a call. */
static double lesser(double left, double right) {
    return left < right ? left : right;
}

static int compare(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

static struct levels distinct(const uint32_t *required, size_t count, uint32_t start) {
    struct levels levels = {0, malloc((count + 1) * sizeof *levels.end), malloc((count + 1) * sizeof *levels.cost)};

    if (levels.end == NULL || levels.cost == NULL) {
        fputs("not enough memory for the required ends\n", stderr);
        exit(EXIT_FAILURE);
    }
    for (size_t index = 0; index < count; index++) {
        levels.end[index] = required[index];
    }
    levels.end[count] = start;
    qsort(levels.end, count + 1, sizeof *levels.end, compare);
    for (size_t index = 0; index <= count; index++) {
        if (levels.count == 0 || levels.end[index] != levels.end[levels.count - 1]) {
            levels.end[levels.count++] = levels.end[index];
        }
    }
    return levels;
}

static void begin(struct levels *levels, uint32_t start) {
    for (size_t index = 0; index < levels->count; index++) {
        levels->cost[index] = levels->end[index] == start ? 0 : HUGE_VAL;
    }
}

/* Takes in that each end can be reached from a lower one by growing, and from a higher one by shrinking. */
static void relax(struct levels *levels, const struct price *price) {
    double from_below = HUGE_VAL; /* least cost of a lower end, less what reaching that end from 0 would cost */
    double from_above = HUGE_VAL;

    for (size_t index = 0; index < levels->count; index++) {
        double height = price->grown_byte * levels->end[index];
        double here = levels->cost[index];

        levels->cost[index] = lesser(here, from_below + height + price->move);
        from_below = lesser(from_below, here - height);
    }
    for (size_t index = levels->count; index-- != 0;) {
        double here = levels->cost[index];

        levels->cost[index] = lesser(here, from_above + price->move);
        from_above = lesser(from_above, here);
    }
}

/* `operations` in a row require `required`. */
static void hold(struct levels *levels, uint32_t required, size_t operations, const struct price *price) {
    for (size_t index = 0; index < levels->count; index++) {
        if (levels->end[index] < required) {
            levels->cost[index] = HUGE_VAL;
        } else {
            levels->cost[index] += price->idle_byte * (levels->end[index] - required) * (double)operations;
        }
    }
}

double least_cost(const uint32_t *required, size_t count, uint32_t start, const struct price *price) {
    struct levels levels = distinct(required, count, start);
    double least = HUGE_VAL;
    size_t next;

    begin(&levels, start);
    for (size_t index = 0; index < count; index = next) {
        for (next = index + 1; next < count && required[next] == required[index];) {
            next++;
        }
        relax(&levels, price);
        hold(&levels, required[index], next - index, price);
    }
    for (size_t index = 0; index < levels.count; index++) {
        least = lesser(least, levels.cost[index]);
    }
    free(levels.end);
    free(levels.cost);
    return least;
}
