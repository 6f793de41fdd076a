/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Allocation at multiples of more than a granule: takes more than needed and releases what lies before and after. */
#include "internal.h"

/*
 * The granules from `block` to the first place at or above it that is aligned, and that leaves nothing before it or
 * enough for a block.
 */
static size_t granules_before(const ebb_cell *block, size_t alignment) {
    /* A remainder would be a call into libgcc on small processors. */
    size_t before = (size_t)(-(uintptr_t)block & (alignment - 1)) / EBB_GRANULE;
    /* An alignment is at least two granules, and no smallest block is larger. */
    bool too_few = EBB_SIZE_MIN > 1 && before == 1;
    return too_few ? before + alignment / EBB_GRANULE : before;
}

_Static_assert(EBB_SIZE_MIN <= 2, "one granule is all that can be too few");

/* The most that granules_before() returns. */
static size_t most_granules_before(size_t alignment) {
    return alignment / EBB_GRANULE + EBB_SIZE_MIN - 1 - (EBB_SIZE_MIN == 1);
}

/* [    used block    ]  ->  [ free ][   used    ] */
static ebb_cell *release_before(struct ebb_heap *heap, ebb_cell *block, size_t before) {
    if (before == 0) {
        return block;
    }
    ebb_cell *rest = ebb_after(block, before);
    ebb_set_header(rest, ebb_header_of(ebb_size(block) - before, EBB_USED | EBB_LEFT_USED));
    ebb_resize(block, before);
    ebb_release(heap, block, before);
    return rest;
}

/* A block of at least `size` granules with an aligned part of `wanted`, whichever way; NULL if there is none. */
static ebb_cell *take_around(struct ebb_heap *heap, size_t alignment, size_t wanted) {
    size_t size = wanted + most_granules_before(alignment);
    ebb_cell *block = size <= EBB_NUMBER_MAX ? ebb_take_free(heap, size) : NULL;
    if (block != NULL) {
        return block;
    }
    size_t needed = granules_before(ebb_top(heap), alignment) + wanted;
    if (needed > heap->idle && ebb_grow(heap, needed)) {
        /* Top is elsewhere if there is a gap now. */
        needed = granules_before(ebb_top(heap), alignment) + wanted;
    }
    /* Not left to ebb_take_top() to grow: over a gap it would come back from another place. */
    return needed <= heap->idle ? ebb_take_top(heap, needed) : NULL;
}

void *ebb_aligned_alloc(struct ebb_heap *heap, size_t alignment, size_t size) {
    if ((alignment & (alignment - 1)) == 0 && alignment <= EBB_GRANULE) {
        return ebb_alloc(heap, size);
    }
    ebb_count_request(heap, size);
    bool is_power_of_two = (alignment & (alignment - 1)) == 0;
    if (!is_power_of_two || alignment > EBB_LARGEST_REQUEST || size > EBB_LARGEST_REQUEST) {
        return ebb_fail(heap);
    }
    size_t wanted = ebb_size_for(size);
    ebb_cell *block = take_around(heap, alignment, wanted);
    if (block == NULL) {
        return ebb_fail(heap);
    }
    block = release_before(heap, block, granules_before(block, alignment));
    ebb_release_tail(heap, block, wanted);
    ebb_count_live(heap, ebb_size(block));
    return block;
}
