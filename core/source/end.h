/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * All that the blocks ask of the end of the region. The answers are in region.c and policy.c, or in fixed_end.c, where
 * it never moves.
 */
#ifndef EBB_SOURCE_END_H
#define EBB_SOURCE_END_H

#include "control.h"

/*
 * Grows the region until `idle_needed` bytes are idle, which is more than now; returns whether they are. At most four
 * store calls.
 *
 * All that is idle may become a free block below a gap, and the header of top another one. So whoever calls it has them
 * verified before: by then the store's answer would have to be written down whatever they are.
 */
bool ebb_grow(struct ebb_heap *heap, size_t idle_needed);

/* After a free that joined top: gives back at once what is idle, if that is so much that the policy does not wait. */
void ebb_return_burst(struct ebb_heap *heap);

/* Gives back what is idle, or some of it: patience has run out. */
void ebb_return_idle(struct ebb_heap *heap);

EBB_INLINE_UNLESS_SMALL void ebb_return_idle_if_due(struct ebb_heap *heap);
EBB_INLINE_UNLESS_SMALL void ebb_return_idle_if_due(struct ebb_heap *heap) {
    if (heap->patience < 0) {
        ebb_return_idle(heap);
    }
}

/* An allocation waits so many times longer than a free. */
enum { EBB_OVERDUE_WAITS = 4 };

static inline bool ebb_is_overdue(const struct ebb_heap *heap) {
    return heap->patience < -(ebb_cost_left)(EBB_OVERDUE_WAITS * heap->wait);
}

/*
 * The same for a call that has taken memory: often the next one does, too, and would want what this one gives back. So
 * it leaves that to a free, unless none comes for long.
 */
EBB_INLINE_UNLESS_SMALL void ebb_return_idle_if_overdue(struct ebb_heap *heap);
EBB_INLINE_UNLESS_SMALL void ebb_return_idle_if_overdue(struct ebb_heap *heap) {
    if (ebb_is_overdue(heap)) {
        ebb_return_idle(heap);
    }
}

/*
 * One call more on the policy's clock. Returns whether patience has run out: for ebb_return_idle(), once the call has
 * done its work, or for a later one. Without a sign, as nearly all memory may be idle in a call that overdraws it: what
 * wraps around then is patience for a call or two.
 */
static inline bool ebb_charge(struct ebb_heap *heap) {
    heap->patience = (ebb_cost_left)((ebb_cost)heap->patience - heap->idle);
    return heap->patience < 0;
}

#endif
