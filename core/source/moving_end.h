/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * What region.c, policy.c and the files that begin and end a heap call of each other, to move the end of the region. No
 * other file needs it.
 */
#ifndef EBB_SOURCE_MOVING_END_H
#define EBB_SOURCE_MOVING_END_H

#include "end.h"

/* The address of the end of the region. */
static inline uintptr_t ebb_end(const struct ebb_heap *heap) {
    return (uintptr_t)heap + ebb_region_bytes(heap);
}

/* The first multiple of the granule at or above an offset or a number of bytes. */
static inline size_t ebb_round_up(size_t bytes) {
    return (bytes + (EBB_GRANULE - 1)) & ~(size_t)(EBB_GRANULE - 1);
}

/* ---- region.c ---- */

/*
 * For EBB_FIXED: takes all that the region may have, and makes what it has then the maximum. `maximum` is what the
 * policy names, or 0. Returns false, and keeps what it took, if the policy names one and that was not reached. At most
 * four store calls.
 */
bool ebb_reserve(struct ebb_heap *heap, size_t maximum);

/*
 * Makes `size` bytes from the address `start` on, which the store has added, at the end or above it, part of the
 * region; returns false if they cannot be used. One store call.
 */
bool ebb_take_in(struct ebb_heap *heap, uintptr_t start, size_t size);

/* Gives back what is idle beyond `keep` bytes, or less; returns the bytes given. One store call. */
size_t ebb_give_back(struct ebb_heap *heap, size_t keep);

/* Gives back so many idle bytes, or fewer; returns how many. One store call. */
size_t ebb_shrink_by(struct ebb_heap *heap, size_t bytes);

/*
 * Gives back what lies beyond `maximum` bytes or, unless that is to be the end exactly, beyond the last place below it
 * where the store likes the end. Returns whether the region is within the maximum now. One store call.
 */
bool ebb_shrink_within(struct ebb_heap *heap, size_t maximum, bool exactly);

/* ---- policy.c ---- */

/*
 * What NULL stands for where a policy is expected. Not the address of a constant: in position-independent code, that
 * would be a word of RAM in each program.
 */
static inline struct ebb_policy ebb_policy_or_default(const struct ebb_policy *policy) {
    return policy != NULL ? *policy : (struct ebb_policy){0};
}

static inline bool ebb_policy_is_sound(const struct ebb_policy *policy) {
    return policy->strategy <= EBB_FIXED;
}

/* Sets what the default policy says. */
void ebb_adopt_default_policy(struct ebb_heap *heap);

/* Sets all that a policy says but the reservation of EBB_FIXED. */
void ebb_adopt_policy(struct ebb_heap *heap, const struct ebb_policy *policy);

/*
 * By how many bytes the region should grow if it has to grow by `missing`; may be fewer. Adapts to what has happened
 * since the last move.
 */
size_t ebb_next_lot(struct ebb_heap *heap, size_t missing);

/* The store was offered so many bytes and took so many: one that takes next to nothing is asked less often. */
void ebb_note_answer(struct ebb_heap *heap, size_t offered, size_t taken);

#endif
