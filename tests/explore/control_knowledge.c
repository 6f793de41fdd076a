/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "control_knowledge.h"

#include "control.h"

enum { MOVE_PRICE = 26000, RELUCTANT = 2 };

static void reset_clock(struct ebb_heap *heap) {
    size_t price = ebb_is_adaptive(heap) ? heap->move_price : MOVE_PRICE;
    heap->reluctance = 0;
    heap->patience = (intptr_t)(price / EBB_GRANULE + 1);
    if (!ebb_is_adaptive(heap) || heap->strategy != EBB_GROW_AND_RETURN) {
        /* Nobody looks at these before the next policy sets them. */
        heap->spare = heap->idle;
        heap->marks &= EBB_BURIED;
    }
}

static void reset_figures(struct ebb_heap *heap, size_t typical) {
    heap->peak_live = (ebb_number)ebb_live(heap);
    heap->headroom = 0;
    heap->peak_region = ebb_region_bytes(heap);
    heap->largest_request = typical;
    heap->failed_requests = 0;
    heap->grows = 0;
    heap->shrinks = 0;
    heap->refusals = 0;
}

/* How far one has to look for a block is a bound; a higher one is as true. */
static void tighten_bound(struct ebb_heap *heap) {
    while (heap->highest >= EBB_EXACT_CLASSES && ebb_first_link(&heap->bins, heap->highest) == EBB_NONE) {
        heap->highest--;
    }
}

void control_normalise(struct ebb_heap *heap, size_t typical) {
    if (!heap->store->fresh_is_zero) {
        heap->fresh = heap->top;
    }
    tighten_bound(heap);
    reset_clock(heap);
    reset_figures(heap, typical);
}

bool control_has_clock(const struct ebb_heap *heap) {
    return heap->strategy == EBB_GROW_AND_RETURN && heap->idle != 0;
}

void control_exhaust_patience(struct ebb_heap *heap) {
    heap->patience = 0;
    heap->reluctance = RELUCTANT;
}

size_t control_surely_found(size_t size) {
    size_t found = size;
    while (ebb_class_of(found) == ebb_class_of(found - 1)) {
        found++;
    }
    return found;
}

size_t control_surely_found_aligned(size_t size) {
    size_t found = size;
    while (ebb_class_of(found) == ebb_class_of(size)) {
        found++;
    }
    return found;
}
