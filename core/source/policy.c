/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The policy: by how much to grow, when to give back, and how much of it.
 *
 * Holding idle memory costs a little at each call; moving the end costs a lot, once. Not knowing what comes, the
 * adaptive policy waits until the idle memory has cost as much as a move down and up again would have, and gives it back
 * then: so it never pays much more than twice what it had to. Karlin, Manasse, Rudolph and Sleator, "Competitive Snoopy
 * Caching", 1988, for the rule; what is new here is that the lot follows the program.
 */
#include "internal.h"

enum { DEFAULT_MOVE_PRICE = 26000 };

/* Granules. */
enum { FIRST_LOT = 256 / EBB_GRANULE, SMALLEST_LOT = 64 / EBB_GRANULE, LARGEST_LOT = 16384 / EBB_GRANULE };

/*
 * The price of a move, in bytes idle for one call, as granules idle at one free: half the calls are frees. A shift, as
 * division is a call into libgcc on small processors.
 */
enum { SHIFT_TO_GRANULES_AT_FREE = EBB_GRANULE == 8 ? 4 : 5 };

bool ebb_policy_is_sound(const struct ebb_policy *policy) {
    return policy->strategy <= EBB_FIXED;
}

static intptr_t price_of_move(const struct ebb_heap *heap) {
    uint32_t price = ebb_is_adaptive(heap) ? heap->move_price : DEFAULT_MOVE_PRICE;
    return (intptr_t)(price >> SHIFT_TO_GRANULES_AT_FREE);
}

/* A move down and one up again; twice as much for each time that the store has refused in a row. */
static intptr_t full_patience(const struct ebb_heap *heap) {
    intptr_t patience = 2 * price_of_move(heap);
    for (unsigned doublings = heap->reluctance; doublings != 0 && patience < INTPTR_MAX / 2; doublings--) {
        patience *= 2;
    }
    return patience;
}

static ebb_number granules_within(size_t bytes, size_t most) {
    size_t granules = bytes / EBB_GRANULE;
    return (ebb_number)(granules < most ? granules : most);
}

static ebb_number quantum_of(const struct ebb_policy *policy) {
    size_t most = EBB_SIZE_MAX;
    size_t granules = policy->quantum / EBB_GRANULE + (policy->quantum % EBB_GRANULE != 0);
    return (ebb_number)(granules < most ? granules : most);
}

void ebb_adopt_policy(struct ebb_heap *heap, const struct ebb_policy *policy) {
    size_t most = (size_t)EBB_NUMBER_MAX * EBB_GRANULE;
    heap->strategy = (uint8_t)policy->strategy;
    heap->maximum = policy->maximum != 0 && policy->maximum < most ? policy->maximum : most;
    if (policy->quantum == 0) {
        heap->lot = FIRST_LOT;
        heap->move_price = policy->move_price != 0 ? policy->move_price : DEFAULT_MOVE_PRICE;
    } else {
        size_t return_above = policy->return_above > policy->quantum ? policy->return_above : policy->quantum;
        heap->lot = quantum_of(policy);
        heap->move_price = 0;
        heap->return_above = granules_within(return_above, EBB_NUMBER_MAX);
    }
    heap->patience = full_patience(heap);
}

void ebb_adapt_to_growth(struct ebb_heap *heap) {
    if (!ebb_is_adaptive(heap)) {
        return;
    }
    intptr_t spent = full_patience(heap) - heap->patience;
    if (spent < price_of_move(heap) / 2 && heap->lot < LARGEST_LOT) {
        heap->lot = (ebb_number)(heap->lot * 2);
    }
    heap->patience = full_patience(heap);
}

void ebb_return_idle(struct ebb_heap *heap) {
    bool returns = heap->strategy == EBB_GROW_AND_RETURN;
    size_t idle = ebb_idle(heap);
    if (ebb_is_adaptive(heap)) {
        /* What was in use at some time since the last look may soon be again. */
        size_t spare = heap->spare < idle ? heap->spare : idle;
        size_t keep = heap->lot / 2;
        if (returns && spare > keep) {
            ebb_give_back(heap, idle - spare + keep);
        }
        heap->lot = (ebb_number)(keep > SMALLEST_LOT ? keep : SMALLEST_LOT);
    } else if (returns && idle > heap->return_above) {
        ebb_give_back(heap, heap->lot);
    }
    heap->spare = (ebb_number)ebb_idle(heap);
    heap->patience = full_patience(heap);
}

size_t ebb_trim(struct ebb_heap *heap) {
    return heap->strategy == EBB_FIXED ? 0 : ebb_give_back(heap, 0);
}

/* For EBB_FIXED: takes all that the maximum allows; without one, all that the store has. */
static bool reserve(struct ebb_heap *heap, bool all_of_it) {
    size_t idle = ebb_idle(heap);
    if (ebb_reserve(heap, heap->maximum) || !all_of_it) {
        heap->maximum = ebb_region_bytes(heap);
        return true;
    }
    ebb_give_back(heap, idle);
    return false;
}

/* Whether the region is, or can be made, no larger than `maximum` bytes. */
static bool shrink_to(struct ebb_heap *heap, size_t maximum) {
    size_t most = maximum / EBB_GRANULE;
    if (ebb_region_bytes(heap) > maximum && heap->top <= most) {
        ebb_give_back(heap, most - heap->top);
    }
    return ebb_region_bytes(heap) <= maximum;
}

bool ebb_set_policy(struct ebb_heap *heap, const struct ebb_policy *policy) {
    static const struct ebb_policy default_policy;
    const struct ebb_policy *wanted = policy != NULL ? policy : &default_policy;
    if (!ebb_policy_is_sound(wanted) || (wanted->maximum != 0 && !shrink_to(heap, wanted->maximum))) {
        return false;
    }
    struct ebb_policy before;
    ebb_get_policy(heap, &before);
    ebb_adopt_policy(heap, wanted);
    if (wanted->strategy == EBB_FIXED && !reserve(heap, wanted->maximum != 0)) {
        ebb_adopt_policy(heap, &before);
        return false;
    }
    return true;
}

void ebb_get_policy(const struct ebb_heap *heap, struct ebb_policy *policy) {
    policy->strategy = heap->strategy;
    policy->maximum = heap->maximum;
    policy->quantum = ebb_is_adaptive(heap) ? 0 : (size_t)heap->lot * EBB_GRANULE;
    policy->return_above = ebb_is_adaptive(heap) ? 0 : (size_t)heap->return_above * EBB_GRANULE;
    policy->move_price = heap->move_price;
}
