/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The policy: by how much to grow, when to give back, and how much of it.
 *
 * Holding idle memory costs a little at each call; moving the end costs a lot, once. Not knowing what comes, the
 * adaptive policy waits until the idle memory has cost as much as a move, and growing by as much again, would; then it
 * gives it back. So it does not pay much more than twice what it had to. Karlin, Manasse, Rudolph and Sleator,
 * "Competitive Snoopy Caching", 1988, for that rule.
 *
 * How much is a lot is learnt the same way: growth that follows so soon after the last move that it could have been
 * part of it doubles the lot; each time that memory goes back the lot is halved.
 *
 * The clock are the calls that have to do with top: frees, and allocations from there. It stands still when a program
 * has freed all it had and turns to other things. So a free that leaves very much idle at once gives it back there and
 * then.
 */
#include "internal.h"

enum { DEFAULT_MOVE_PRICE = 26000 };

/* Bytes that, grown by, cost as much as the move itself, where a kernel clears them. */
enum { BYTES_PER_MOVE = 4096 };

/* Granules. */
enum { FIRST_LOT = 512 / EBB_GRANULE };

/* A lot beyond this part of the region is not doubled: what nobody comes to need overshoots by no more than that. */
enum { LARGEST_PART = 4 };

/* Growth is soon if idle memory has cost less than this part of a move since the last one. */
enum { SOON_PART = 32 };

/* What is idle after one free is very much if it costs this part of a move at each call. */
enum { BURST_PART = 8 };

bool ebb_policy_is_sound(const struct ebb_policy *policy) {
    return policy->strategy <= EBB_FIXED;
}

/* Of a move of the end, in granules idle for one call of those that are the clock. */
static size_t price_of_move(const struct ebb_heap *heap) {
    return (ebb_is_adaptive(heap) ? heap->move_price : DEFAULT_MOVE_PRICE) / EBB_GRANULE;
}

/* What a move costs; twice as much for each time that the store has refused in a row. */
static intptr_t full_patience(const struct ebb_heap *heap) {
    size_t patience = price_of_move(heap) + 1;
    for (unsigned doublings = heap->reluctance; doublings != 0 && patience < INTPTR_MAX / 4; doublings--) {
        patience *= 2;
    }
    return (intptr_t)patience;
}

static ebb_number granules_within(size_t bytes, size_t most) {
    size_t granules = bytes / EBB_GRANULE;
    return ebb_narrow(granules < most ? granules : most);
}

static ebb_number quantum_of(const struct ebb_policy *policy) {
    size_t most = EBB_NUMBER_MAX;
    size_t granules = policy->quantum / EBB_GRANULE + (policy->quantum % EBB_GRANULE != 0);
    return ebb_narrow(granules < most ? granules : most);
}

static size_t larger(size_t one, size_t other) {
    return one > other ? one : other;
}

static ebb_number at_most_all(size_t granules) {
    return ebb_narrow(granules < EBB_NUMBER_MAX ? granules : EBB_NUMBER_MAX);
}

/* Adaptive: a free that leaves more than this idle gives it back at once. */
static void set_return_above(struct ebb_heap *heap, size_t least) {
    heap->return_above = at_most_all(larger(price_of_move(heap) / BURST_PART, larger(heap->lot, least)));
}

/* The end has moved, or it was decided that it does not: from here on is reckoned anew. */
static void start_anew(struct ebb_heap *heap) {
    heap->marks &= EBB_RETURNED | EBB_BURIED;
    heap->spare = ebb_narrow(heap->idle);
    heap->patience = full_patience(heap);
}

void ebb_adopt_policy(struct ebb_heap *heap, const struct ebb_policy *policy) {
    size_t most = EBB_LARGEST_REGION;
    heap->strategy = (uint8_t)policy->strategy;
    heap->maximum = policy->maximum != 0 && policy->maximum < most ? policy->maximum : most;
    if (policy->quantum == 0) {
        heap->move_price = policy->move_price != 0 ? policy->move_price : DEFAULT_MOVE_PRICE;
        heap->lot = FIRST_LOT;
        set_return_above(heap, 0);
    } else {
        size_t return_above = policy->return_above > policy->quantum ? policy->return_above : policy->quantum;
        heap->move_price = 0;
        heap->lot = quantum_of(policy);
        heap->return_above = granules_within(return_above, EBB_NUMBER_MAX);
    }
    start_anew(heap);
}

/* Growth follows so soon after the last move that it could have been part of it, or that need not have been. */
static void regret(struct ebb_heap *heap, size_t size) {
    if (size <= heap->lot && heap->lot <= ebb_end(heap) / LARGEST_PART) {
        heap->lot = at_most_all(2 * (size_t)heap->lot);
    }
    if ((heap->marks & EBB_RETURNED) != 0) {
        set_return_above(heap, larger(heap->return_above, heap->idle + size));
    }
}

size_t ebb_lot_for(struct ebb_heap *heap, size_t size) {
    size_t spent = (size_t)(full_patience(heap) - heap->patience);
    if (ebb_is_adaptive(heap) && spent < price_of_move(heap) / SOON_PART) {
        regret(heap, size);
    }
    start_anew(heap);
    return larger(size, heap->lot);
}

static bool returns(const struct ebb_heap *heap) {
    return heap->strategy == EBB_GROW_AND_RETURN;
}

/* What is kept when memory is given back, so that the next small block needs no move. */
static size_t kept_part_of(size_t lot) {
    return lot / 4;
}

static void give_back(struct ebb_heap *heap, size_t keep) {
    if (ebb_give_back(heap, keep) != 0) {
        heap->marks |= EBB_RETURNED;
    }
}

void ebb_return_burst(struct ebb_heap *heap) {
    if (returns(heap) && heap->idle > heap->return_above) {
        give_back(heap, ebb_is_adaptive(heap) ? kept_part_of(heap->lot) : heap->lot);
    }
    start_anew(heap);
}

/* The granules that nobody has needed since the last move. */
static size_t spare_of(const struct ebb_heap *heap) {
    return heap->spare < heap->idle ? heap->spare : heap->idle;
}

/* Waits longer, once, if there is much to give back: to grow by as much again would cost more than a move. */
static bool extend_patience(struct ebb_heap *heap) {
    size_t price_of_granule = price_of_move(heap) / (BYTES_PER_MOVE / EBB_GRANULE);
    if ((heap->marks & EBB_EXTENDED) == 0) {
        heap->marks |= EBB_EXTENDED;
        heap->patience += (intptr_t)(spare_of(heap) * price_of_granule);
    }
    return heap->patience >= 0;
}

/* Halves the lot, and gives back all that is spare but a part of that. */
static void return_spare(struct ebb_heap *heap) {
    heap->lot = ebb_narrow(larger((size_t)heap->lot / 2, 1));
    size_t keep = kept_part_of(heap->lot);
    size_t spare = spare_of(heap);
    if (spare > keep) {
        give_back(heap, heap->idle - spare + keep);
        set_return_above(heap, 0);
    }
}

void ebb_return_idle(struct ebb_heap *heap) {
    if (returns(heap)) {
        if (!ebb_is_adaptive(heap)) {
            ebb_return_burst(heap);
            return;
        }
        if (extend_patience(heap)) {
            return;
        }
        return_spare(heap);
    }
    start_anew(heap);
}

size_t ebb_trim(struct ebb_heap *heap) {
    if (heap->strategy == EBB_FIXED) {
        return 0;
    }
    return ebb_give_back(heap, 0);
}

/* For EBB_FIXED: takes all that the maximum allows; without one, all that the store has. */
static bool reserve(struct ebb_heap *heap, bool all_of_it) {
    size_t idle = heap->idle;
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
