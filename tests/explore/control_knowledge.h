/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * All that the explorer knows of the control block's inside. What it has to know: which fields only ever grow or tick,
 * so that states that differ in nothing else are the same, and how sizes are rounded.
 */
#ifndef EXPLORE_CONTROL_KNOWLEDGE_H
#define EXPLORE_CONTROL_KNOWLEDGE_H

#include <ebb/heap.h>

#include <stdbool.h>
#include <stddef.h>

/*
 * Sets what counts to where it starts to count: peaks to what is now, counters to 0, patience to that of a policy whose
 * clock has just been set, reluctance to at most two refusals. `typical` is what the largest request so far is taken to
 * be, in bytes: so requests are made below and above it.
 */
void control_normalise(struct ebb_heap *heap, size_t typical);

/* Whether the policy's clock can make a difference to a call that it counts. */
bool control_has_clock(const struct ebb_heap *heap);

/* Whether the clock has counted anything since control_normalise(). */
bool control_has_ticked(const struct ebb_heap *heap);

/* Makes patience have run out, as it has when a free leaves what is due to the next call. */
void control_exhaust_patience(struct ebb_heap *heap);

/* The first byte from which on what is idle is as the store gave it. */
const unsigned char *control_fresh(const struct ebb_heap *heap);

/* Whether there is a loose block: only then may it make a difference whether the heap is scattered. */
bool control_has_loose(const struct ebb_heap *heap);

/* Makes the heap believe that there may be a free block of any class. */
void control_loosen_bound(struct ebb_heap *heap);

bool control_is_scattered(const struct ebb_heap *heap);

/* Makes the heap count as scattered, or not. */
void control_set_scattered(struct ebb_heap *heap, bool is_scattered);

/* The least size, in granules, of which a free block must serve every request of `size` granules: see heap.h. */
size_t control_surely_found(size_t size);

/* The same for ebb_aligned_alloc(), where `size` includes the most that alignment can need. */
size_t control_surely_found_aligned(size_t size);

#endif
