/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "control_knowledge.h"

#include "bins.h"
#include "control.h"
#include "end.h"

static void reset_clock(struct ebb_heap *heap) {
    heap->wait = heap->move_price;
    heap->patience = (ebb_cost_left)heap->wait;
    if (!heap->is_adaptive || heap->strategy != EBB_GROW_AND_RETURN) {
        /* Nobody looks at these before the next policy sets them. */
        heap->least_idle = heap->idle;
        heap->has_burst = false;
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
    while (heap->highest != 0 && heap->bins[heap->highest] == 0) {
        heap->highest--;
    }
}

void control_normalise(struct ebb_heap *heap, size_t typical) {
    heap->end_of_lists = 0;
    bool is_read = heap->store->fresh_is_zero || EBB_HARDENING == 2;
    if (!is_read || heap->fresh < heap->extent) {
        heap->fresh = heap->extent;
    }
    tighten_bound(heap);
    heap->is_scattered = false;
    reset_clock(heap);
    reset_figures(heap, typical);
}

bool control_has_clock(const struct ebb_heap *heap) {
    return heap->strategy == EBB_GROW_AND_RETURN && heap->idle != 0;
}

bool control_has_ticked(const struct ebb_heap *heap) {
    return heap->patience != (ebb_cost_left)heap->wait;
}

void control_exhaust_patience(struct ebb_heap *heap) {
    /* As if the store had refused before: then a free does not give back at once. */
    heap->wait = 2 * (size_t)heap->move_price;
    /* For so long that an allocation gives back, too. */
    heap->patience = -(ebb_cost_left)(EBB_OVERDUE_WAITS * heap->wait) - 1;
}

const unsigned char *control_fresh(const struct ebb_heap *heap) {
    return (const unsigned char *)heap + EBB_FIRST + heap->fresh;
}

bool control_has_loose(const struct ebb_heap *heap) {
    return heap->bins[EBB_LOOSE] != EBB_NONE;
}

void control_loosen_bound(struct ebb_heap *heap) {
    heap->highest = EBB_CLASSES - 1;
}

bool control_is_scattered(const struct ebb_heap *heap) {
    return heap->is_scattered;
}

void control_set_scattered(struct ebb_heap *heap, bool is_scattered) {
    heap->is_scattered = is_scattered;
}

static size_t class_of(size_t granules) {
    return ebb_class_of(granules * EBB_GRANULE_UNITS);
}

size_t control_surely_found(size_t size) {
    size_t found = size;
    while (class_of(found) == class_of(found - 1)) {
        found++;
    }
    return found;
}

size_t control_surely_found_aligned(size_t size) {
    size_t found = size;
    while (class_of(found) == class_of(size)) {
        found++;
    }
    return found;
}
