/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The policy: by how much to grow, when to give back, and how much of it.
 *
 * Holding idle memory costs a little at each call; moving the end costs a lot, once. Not knowing what comes, the
 * adaptive policy waits until the idle memory has cost as much as a move; then it gives back what nobody has needed
 * meanwhile, if that is worth more than a lot. So it does not pay much more than twice what it had to. Karlin, Manasse,
 * Rudolph and Sleator, "Competitive Snoopy Caching", 1988, for that rule. What goes back may have to be cleared when it
 * comes again: so the more is idle, the more it may cost.
 *
 * How large a lot is, is learnt the same way: growth that follows so soon after the last move that it could have been
 * part of it doubles the lot; each time that patience runs out the lot is halved.
 *
 * The clock ticks at calls that may have to do with top: frees, allocations from there, and blocks that are made larger
 * or smaller in place. It stands still when a program has freed all it had and turns to other things. So a free that
 * leaves very much idle at once gives it back there and then. If that is regretted, as growth follows before patience
 * has run out, twice as much has to be idle the next time.
 */
#include "moving_end.h"
#include "sound.h"

enum { DEFAULT_MOVE_PRICE = 26000 };

/* Bytes. */
enum { FIRST_LOT = 512 };

/* Of a part, the constant is the denominator: 4 is a quarter. */

/* A lot beyond this part of the region is not doubled: so doubling makes none of more than twice that part. */
enum { LARGEST_PART = 4 };

/* A lot that costs less than this part of a move at each call is cheap: it is doubled all the same. */
enum { CHEAP_PART = 256 };

/* One that costs more than this part of a move at each call is dear: it is not doubled, however large the region is. */
enum { DEAR_PART = 16 };

/*
 * Growth comes soon if idle memory has cost less than this part of a move since the last move. How much longer the
 * policy waits because memory has to be cleared does not count.
 */
enum { SOON_PART = 32 };

/* For so many idle bytes it waits as long again: to clear them costs about as much as to move the end down and up. */
enum { BYTES_PER_WAIT = 8192 };

/* No more of that, however many are idle. */
enum { MOST_WAITS = 16 };

/* A wait, and the price of a move, are no more than this, so that patience never overflows. */
#define LARGEST_WAIT ((ebb_cost)EBB_COST_LEFT_MAX / (2 * MOST_WAITS))
_Static_assert(LARGEST_WAIT < EBB_COST_LEFT_MAX / 2 / EBB_OVERDUE_WAITS, "what is put off for long is overdue");

/* What is idle after one free is very much if it costs this part of a move at each call. */
enum { BURST_PART = 8 };

/* Of a lot, this part stays when memory goes back: the next small blocks need no move then. */
enum { KEPT_PART = 4 };

/* A store that takes less than this part of what it was offered has taken next to nothing. */
enum { TAKEN_PART = 32 };

static size_t smaller(size_t one, size_t other) {
    return one < other ? one : other;
}

static size_t larger(size_t one, size_t other) {
    return one > other ? one : other;
}

/* ---- Taking on a policy ---- */

/* The end has moved, or it was decided that it does not: the waiting begins again. */
static void start_anew(struct ebb_heap *heap) {
    heap->least_idle = heap->idle;
    heap->patience = (ebb_cost_left)heap->wait;
    if (heap->strategy == EBB_GROW_AND_RETURN) {
        ebb_cost most = (ebb_cost)MOST_WAITS * BYTES_PER_WAIT;
        ebb_cost cleared = EBB_LARGEST_REGION <= most || heap->idle < most ? heap->idle : most;
        heap->patience += (ebb_cost_left)(heap->wait / BYTES_PER_WAIT * cleared);
    }
}

/* The store has no reason to refuse: patience is what a move costs. */
static void trust_store(struct ebb_heap *heap) {
    heap->wait = heap->move_price;
}

/* Adaptive: what a free may leave idle without giving it back at once. */
static size_t burst_of(const struct ebb_heap *heap) {
    ebb_cost burst = heap->move_price / BURST_PART;
    return burst < SIZE_MAX ? (size_t)burst : SIZE_MAX;
}

/* The lot, and what one free may leave idle, follow the program, beginning here. */
static void be_adaptive(struct ebb_heap *heap) {
    heap->is_adaptive = true;
    heap->has_burst = false;
    heap->lot = FIRST_LOT;
    heap->return_above = burst_of(heap);
}

/* They are what the policy names. */
static void keep_to_quantum(struct ebb_heap *heap, size_t quantum, size_t return_above) {
    heap->is_adaptive = false;
    heap->lot = ebb_round_up(smaller(quantum, EBB_LARGEST_REGION));
    heap->return_above = larger(return_above, heap->lot);
}

void ebb_adopt_default_policy(struct ebb_heap *heap) {
    heap->strategy = EBB_GROW_AND_RETURN;
    heap->maximum = EBB_LARGEST_REGION;
    heap->move_price = DEFAULT_MOVE_PRICE;
    be_adaptive(heap);
    trust_store(heap);
    start_anew(heap);
}

void ebb_adopt_policy(struct ebb_heap *heap, const struct ebb_policy *policy) {
    heap->strategy = (uint8_t)policy->strategy;
    /* 0, for no maximum, is the largest of all when 1 is taken from it. */
    heap->maximum = smaller(policy->maximum - 1, EBB_LARGEST_REGION - 1) + 1;
    ebb_cost move_price = policy->move_price != 0 ? policy->move_price : DEFAULT_MOVE_PRICE;
    heap->move_price = (uint32_t)(move_price < LARGEST_WAIT ? move_price : LARGEST_WAIT);
    if (policy->quantum == 0) {
        be_adaptive(heap);
    } else {
        keep_to_quantum(heap, policy->quantum, policy->return_above);
    }
    trust_store(heap);
    start_anew(heap);
}

/* ---- Growing ---- */

/* Whether idle memory has cost less than `cost` since the last move. */
static bool has_cost_less(const struct ebb_heap *heap, ebb_cost cost) {
    return heap->patience > (ebb_cost_left)(heap->wait - cost);
}

/*
 * Growth comes so soon after the last move that it could have been part of it. A large block says nothing about lots:
 * it would have come soon after any. The cheaper memory is, the larger is a block that counts as large; but that must
 * not depend on what the lot is: one that patience has made smaller than the program's blocks would never grow again,
 * and each of these be a move.
 */
static void double_lot(struct ebb_heap *heap, size_t missing) {
    size_t region = ebb_region_bytes(heap);
    bool is_small_lot = heap->lot <= region / LARGEST_PART + heap->move_price / CHEAP_PART;
    bool is_dear_lot = heap->lot > heap->move_price / DEAR_PART;
    bool is_large_block = missing > FIRST_LOT && missing > heap->move_price / CHEAP_PART;
    /* However cheap it is: what is not dear could exceed a size only where that has 16 bits. */
    bool can_double = SIZE_MAX > UINT16_MAX || heap->lot <= EBB_LARGEST_REGION / 2;
    if (!is_large_block && is_small_lot && !is_dear_lot && can_double) {
        heap->lot *= 2;
    }
}

/*
 * Growth follows a burst that went back at once, and patience, which gives back the same a little later, has not run
 * out since: that was a mistake. How much idle memory has cost meanwhile does not matter: it may have been but what the
 * last of a row of frees left, after the burst. What patience gave back does not count: it may have been much less than
 * a burst. Doubling never wraps, as more bytes than this were idle at once.
 */
static void regret(struct ebb_heap *heap) {
    heap->return_above *= 2;
    heap->has_burst = false;
}

size_t ebb_next_lot(struct ebb_heap *heap, size_t missing) {
    if (heap->is_adaptive && has_cost_less(heap, heap->move_price / SOON_PART)) {
        double_lot(heap, missing);
    }
    if (heap->is_adaptive && heap->has_burst) {
        regret(heap);
    }
    start_anew(heap);
    return heap->lot;
}

/* ---- Giving back ---- */

/* Waits twice as long for each time in a row that the store has taken back next to nothing of what it was offered. */
void ebb_note_answer(struct ebb_heap *heap, size_t offered, size_t taken) {
    if (taken > offered / TAKEN_PART) {
        trust_store(heap);
        /* What is left of a longer wait is void: only moves of the policy's own begin anew. */
        if (heap->patience > (ebb_cost_left)heap->wait) {
            heap->patience = (ebb_cost_left)heap->wait;
        }
    } else if (heap->wait <= LARGEST_WAIT / 2) {
        heap->wait *= 2;
    }
}

/* Gives back what is idle beyond what is needed, but for a part of a lot. Returns whether the store took any. */
static bool give_back(struct ebb_heap *heap, size_t needed) {
    bool has_taken = ebb_give_back(heap, needed + (heap->is_adaptive ? heap->lot / KEPT_PART : heap->lot)) != 0;
    start_anew(heap);
    return has_taken;
}

void ebb_return_burst(struct ebb_heap *heap) {
    bool is_trusted = heap->wait <= heap->move_price;
    if (heap->idle > heap->return_above && heap->strategy == EBB_GROW_AND_RETURN && is_trusted) {
        heap->has_burst |= give_back(heap, 0);
    }
}

/*
 * Of what is idle, `spare` bytes were needed by nobody since the policy last looked. If they are more than a burst, it
 * was in vain that so much was kept; less than that may be but a lot, and says nothing about bursts.
 */
static EBB_OUT_OF_LINE void give_back_spare(struct ebb_heap *heap, size_t spare) {
    if (give_back(heap, heap->idle - spare) && spare > burst_of(heap)) {
        heap->return_above = burst_of(heap);
    }
}

void ebb_return_idle(struct ebb_heap *heap) {
    heap = ebb_opaque_pointer(heap);
    bool returns = heap->strategy == EBB_GROW_AND_RETURN;
    /* What it gave back has not been missed for as long as patience lasts. */
    heap->has_burst = false;
    if (returns && heap->is_adaptive) {
        size_t spare = smaller(heap->least_idle, heap->idle);
        heap->lot -= heap->lot / 2; /* never 0 */
        if (spare > heap->lot) {
            give_back_spare(heap, spare);
            return;
        }
    } else if (returns && heap->idle > heap->return_above) {
        give_back(heap, 0);
        return;
    }
    start_anew(heap);
}

size_t ebb_trim(struct ebb_heap *heap) {
    ebb_cost wait = heap->wait;
    size_t taken = heap->strategy == EBB_FIXED ? 0 : ebb_give_back(heap, 0);
    /* How often a program asks says nothing about how long the store refuses. */
    heap->wait = heap->wait < wait ? heap->wait : wait;
    return taken;
}

/* ---- Changing the policy ---- */

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

/*
 * Shrinks the region to the maximum of a policy, and returns whether it is within that now. A fixed heap has all of its
 * maximum: of what goes back below that, the store would have to be asked again. But one that takes back whole pages
 * only may refuse to end between two.
 */
static bool shrink_for(struct ebb_heap *heap, const struct ebb_policy *policy) {
    bool is_fixed = policy->strategy == EBB_FIXED;
    return ebb_shrink_within(heap, policy->maximum, is_fixed) ||
           (is_fixed && heap->store->granule > 1 && ebb_shrink_within(heap, policy->maximum, false));
}

bool ebb_set_policy(struct ebb_heap *heap, const struct ebb_policy *policy) {
    struct ebb_policy wanted = ebb_policy_or_default(policy);
    if (!ebb_policy_is_sound(&wanted)) {
        return false;
    }
    /* To take all may lead over a gap: see ebb_grow(). */
    if (wanted.strategy == EBB_FIXED && !ebb_verify_top(heap, heap->idle / EBB_UNIT)) {
        return false;
    }
    if (wanted.maximum != 0 && !shrink_for(heap, &wanted)) {
        return refuse(heap);
    }
    struct ebb_policy before;
    ebb_get_policy(heap, &before);
    ebb_adopt_policy(heap, &wanted);
    size_t before_bytes = ebb_region_bytes(heap);
    if (wanted.strategy == EBB_FIXED && !ebb_reserve(heap, wanted.maximum)) {
        /* All that came, wherever the store likes the end; or, if it came beyond a gap, what is idle there. */
        ebb_shrink_by(heap, smaller(ebb_region_bytes(heap) - before_bytes, heap->idle));
        ebb_adopt_policy(heap, &before);
        return refuse(heap);
    }
    return true;
}

void ebb_get_policy(const struct ebb_heap *heap, struct ebb_policy *policy) {
    policy->strategy = heap->strategy;
    policy->maximum = heap->maximum;
    policy->quantum = heap->is_adaptive ? 0 : heap->lot;
    policy->return_above = heap->is_adaptive ? 0 : heap->return_above;
    policy->move_price = heap->move_price;
}
