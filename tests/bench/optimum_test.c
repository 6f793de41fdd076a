/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The clairvoyant's cost against a search through every sequence of ends, required or not. */
#include "host/optimum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { OPERATIONS = 5, ENDS = 7, SEQUENCES = ENDS * ENDS * ENDS * ENDS * ENDS, ROUNDS = 3000 };

static uint32_t random_number(uint32_t *state, uint32_t below) {
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 16) % below;
}

static double step_cost(uint32_t from, uint32_t end, uint32_t required, const struct price *price) {
    double cost = price->idle_byte * (end - required);

    if (end != from) {
        cost += price->move;
    }
    return end > from ? cost + price->grown_byte * (end - from) : cost;
}

/* The cost of the sequence of ends that the digits of `number` are, or a huge one if it is too low somewhere. */
static double sequence_cost(const uint32_t *required, unsigned number, uint32_t start, const struct price *price) {
    uint32_t from = start;
    double cost = 0;

    for (unsigned index = 0; index < OPERATIONS; index++) {
        uint32_t end = number % ENDS;

        if (end < required[index]) {
            return 1e300;
        }
        cost += step_cost(from, end, required[index], price);
        from = end;
        number /= ENDS;
    }
    return cost;
}

/* The least cost of all sequences. */
static double search(const uint32_t *required, uint32_t start, const struct price *price) {
    double least = 1e300;

    for (unsigned number = 0; number < SEQUENCES; number++) {
        double cost = sequence_cost(required, number, start, price);

        if (cost < least) {
            least = cost;
        }
    }
    return least;
}

static void programming_finds_what_search_finds(void **state) {
    static const double grown[] = {0, 0.25, 1};
    static const double idle[] = {0, 0.125, 0.5, 2};
    uint32_t seed = 1;

    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct price price = {random_number(&seed, 4), grown[random_number(&seed, 3)], idle[random_number(&seed, 4)]};
        uint32_t start = random_number(&seed, ENDS);
        uint32_t required[OPERATIONS];

        for (unsigned index = 0; index < OPERATIONS; index++) {
            required[index] = random_number(&seed, ENDS);
        }
        double expected = search(required, start, &price);
        double found = least_cost(required, OPERATIONS, start, &price);

        /* Sums of eighths: exact, in whatever order. */
        assert_true(found <= expected && expected <= found);
    }
}

static void nothing_required_costs_nothing(void **state) {
    static const uint32_t required[] = {64, 64, 64};
    const struct price price = {2600, 0.85, 1};

    (void)state;
    assert_true(least_cost(required, 3, 64, &price) <= 0);
    assert_true(least_cost(required, 0, 64, &price) <= 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programming_finds_what_search_finds),
        cmocka_unit_test(nothing_required_costs_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
