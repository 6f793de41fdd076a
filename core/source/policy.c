/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The policy: by how much to grow, when to give back, and how much of it.
 *
 * Holding idle memory costs a little at each call; moving the end costs a lot, once. Not knowing what comes, the
 * adaptive policy waits until the idle memory has cost as much as a move down and up again, and gives it back then: so
 * it does not pay much more than twice what it had to. Karlin, Manasse, Rudolph and Sleator, "Competitive Snoopy
 * Caching", 1988, for that rule.
 *
 * Frees are its clock, and the clock stands still when a program has freed all it had and turns to other things. So a
 * free that leaves very much idle at once counts for several, and if that turns out to have been rash, as the memory is
 * wanted again at once, the heap keeps as much from then on, until nobody has needed it for a while.
 */
#include "internal.h"

enum { DEFAULT_MOVE_PRICE = 26000 };

/* Granules. */
enum { FIRST_LOT = 256 / EBB_GRANULE, SMALLEST_LOT = 64 / EBB_GRANULE };

/* A growth takes no more than this part of the region, so that it overshoots by as little. */
enum { LARGEST_PART = 8 };

/* As how many frees one counts that leaves its memory idle at the end. */
enum { FREES_PER_BURST = 8 };

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

/* Adaptive: another lot, and with it what is too much to wait with. */
static void set_lot(struct ebb_heap *heap, size_t lot) {
    size_t burst = (size_t)full_patience(heap) / FREES_PER_BURST;
    size_t return_above = burst > lot ? burst : lot;
    heap->lot = (ebb_number)(lot < EBB_SIZE_MAX ? lot : EBB_SIZE_MAX);
    heap->return_above = (ebb_number)(return_above < EBB_NUMBER_MAX ? return_above : EBB_NUMBER_MAX);
}

void ebb_adopt_policy(struct ebb_heap *heap, const struct ebb_policy *policy) {
    size_t most = (size_t)EBB_NUMBER_MAX * EBB_GRANULE;
    heap->strategy = (uint8_t)policy->strategy;
    heap->maximum = policy->maximum != 0 && policy->maximum < most ? policy->maximum : most;
    if (policy->quantum == 0) {
        heap->move_price = policy->move_price != 0 ? policy->move_price : DEFAULT_MOVE_PRICE;
        set_lot(heap, FIRST_LOT);
    } else {
        size_t return_above = policy->return_above > policy->quantum ? policy->return_above : policy->quantum;
        heap->move_price = 0;
        heap->lot = quantum_of(policy);
        heap->return_above = granules_within(return_above, EBB_NUMBER_MAX);
    }
    heap->patience = full_patience(heap);
}

size_t ebb_lot_for(struct ebb_heap *heap, size_t size) {
    if (!ebb_is_adaptive(heap)) {
        return size > heap->lot ? size : heap->lot;
    }
    size_t part = heap->end / LARGEST_PART;
    intptr_t spent = full_patience(heap) - heap->patience;
    if (spent < price_of_move(heap) / 2) {
        /* Too soon after the last move. If that gave back what is missing now, as much is kept the next time. */
        size_t regretted = (heap->marks & EBB_RETURNED) != 0 ? 2 * (ebb_idle(heap) + size) : 0;
        size_t doubled = heap->lot < part ? (size_t)heap->lot * 2 : heap->lot;
        set_lot(heap, doubled > regretted ? doubled : regretted);
    }
    heap->patience = full_patience(heap);
    size_t lot = heap->lot < part ? heap->lot : part;
    return size > lot ? size : lot;
}

static bool returns(const struct ebb_heap *heap) {
    return heap->strategy == EBB_GROW_AND_RETURN;
}

void ebb_return_burst(struct ebb_heap *heap) {
    if (returns(heap)) {
        ebb_give_back(heap, ebb_is_adaptive(heap) ? heap->lot / 2 : heap->lot);
        heap->spare = (ebb_number)ebb_idle(heap);
        heap->patience = full_patience(heap);
    }
}

/* Gives back what nobody has needed since the last look, all but half a lot; a lot that nobody needed is halved. */
static void return_spare(struct ebb_heap *heap) {
    size_t idle = ebb_idle(heap);
    size_t spare = heap->spare < idle ? heap->spare : idle;
    if (spare > heap->lot / 4) {
        size_t half = heap->lot / 2;
        set_lot(heap, half > SMALLEST_LOT ? half : SMALLEST_LOT);
    }
    size_t keep = heap->lot / 2;
    if (returns(heap) && spare > keep) {
        ebb_give_back(heap, idle - spare + keep);
    }
}

void ebb_return_idle(struct ebb_heap *heap) {
    if (ebb_is_adaptive(heap)) {
        return_spare(heap);
    } else if (returns(heap) && ebb_idle(heap) > heap->return_above) {
        ebb_give_back(heap, heap->lot);
    }
    heap->spare = (ebb_number)ebb_idle(heap);
    heap->patience = full_patience(heap);
}

size_t ebb_trim(struct ebb_heap *heap) {
    if (heap->strategy == EBB_FIXED) {
        return 0;
    }
    size_t bytes = ebb_give_back(heap, 0);
    /* The program's own decision is nothing for the policy to regret. */
    heap->marks &= (uint8_t)~EBB_RETURNED;
    return bytes;
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

/*
 * A change of policy is refused. What the store has given or taken for it meanwhile may stay as it is: then that is
 * what a fixed heap has, and what another one may have at least.
 */
static bool refuse(struct ebb_heap *heap) {
    if (heap->strategy == EBB_FIXED || heap->maximum < ebb_region_bytes(heap)) {
        heap->maximum = ebb_region_bytes(heap);
    }
    return false;
}

bool ebb_set_policy(struct ebb_heap *heap, const struct ebb_policy *policy) {
    static const struct ebb_policy default_policy;
    const struct ebb_policy *wanted = policy != NULL ? policy : &default_policy;
    if (!ebb_policy_is_sound(wanted)) {
        return false;
    }
    if (wanted->maximum != 0 && !ebb_shrink_within(heap, wanted->maximum)) {
        return refuse(heap);
    }
    struct ebb_policy before;
    ebb_get_policy(heap, &before);
    ebb_adopt_policy(heap, wanted);
    if (wanted->strategy == EBB_FIXED && !reserve(heap, wanted->maximum != 0)) {
        ebb_adopt_policy(heap, &before);
        return refuse(heap);
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
