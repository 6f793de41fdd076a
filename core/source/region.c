/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The end of the region: asks the store to move it, and believes nothing but the answer. */
#include "fault.h"
#include "internal.h"

/* The first multiple of `alignment`, a power of two, at or above `address`. */
static uintptr_t align_up(uintptr_t address, size_t alignment) {
    return (address + (alignment - 1)) & ~(uintptr_t)(alignment - 1);
}

/* The offset from the start of the region, at or above `offset`, where the store likes the end to be. */
static size_t aligned_offset(const struct ebb_heap *heap, size_t offset) {
    size_t granule = heap->store->granule;
    uintptr_t start = (uintptr_t)heap;
    return granule > 1 ? align_up(start + offset, granule) - start : offset;
}

static void set_end(struct ebb_heap *heap, size_t offset) {
    size_t end = offset / EBB_GRANULE;
    heap->idle = ebb_narrow(end - heap->top);
    heap->slack = (uint8_t)(offset % EBB_GRANULE);
    /* What the store took comes back as its promise says. The granule that it left a part of does not. */
    size_t first_taken = end + (heap->slack != 0);
    if (heap->fresh > first_taken) {
        heap->fresh = ebb_narrow(first_taken);
    }
}

/* Asks the store once to take back `bytes`; returns what it took. */
static size_t ask_to_take(struct ebb_heap *heap, size_t bytes) {
    const struct ebb_store *store = heap->store;
    if (store->shrink == NULL || (heap->marks & EBB_BURIED) != 0) {
        return 0;
    }
    size_t taken = store->shrink(store->context, bytes);
    if (taken > bytes) {
        ebb_report(heap, EBB_FAULT_STORE, (const char *)heap + ebb_region_bytes(heap));
        taken = bytes;
    }
    ebb_count_up(taken != 0 ? &heap->shrinks : &heap->refusals);
    return taken;
}

void ebb_set_end_within_maximum(struct ebb_heap *heap, size_t offset) {
    size_t limit = heap->maximum;
    size_t surplus = offset > limit ? offset - limit : 0;
    set_end(heap, offset - surplus);
    if (heap->peak_region < ebb_region_bytes(heap)) {
        heap->peak_region = ebb_region_bytes(heap);
    }
    if (surplus != 0) {
        /* If the store does not take it, it is a gap to the next growth: lost, but never touched. */
        ask_to_take(heap, surplus);
    }
}

/*
 * Somebody else has moved the end of the region, and new memory starts at `start`, beyond ours:
 *
 *   [used][ idle ]| somebody else's |[    new    ]   ->   [used][ free ][      gap      ][ new top ]
 *
 * Returns whether that can be written down; nothing has changed if not.
 */
static bool bridge_gap(struct ebb_heap *heap, size_t start, size_t limit) {
    size_t after = (start + 2 * EBB_HEADER_SIZE + EBB_GRANULE - 1) / EBB_GRANULE;
    if (after > limit / EBB_GRANULE) {
        return false;
    }
    ebb_cell *block = ebb_top(heap);
    size_t flags = ebb_header(block);
    size_t idle = heap->idle < EBB_SIZE_MIN ? 0 : heap->idle;
    size_t gap = after - heap->top - idle;
    ebb_set_top(heap, ebb_block_at(heap, after), 0);
    ebb_set_left_size(ebb_top(heap), 0);
    heap->fresh = heap->top;
    if (idle == 0) {
        ebb_set_header(block, ebb_header_of(gap, flags | EBB_USED));
    } else {
        ebb_set_header(ebb_after(block, idle), ebb_header_of(gap, EBB_LEFT_USED | EBB_USED));
        ebb_set_header(block, ebb_header_of(idle, flags | EBB_USED));
        ebb_release(heap, block, idle);
    }
    return true;
}

/* Takes in memory that the store has added; returns false if it cannot be used. */
static bool take_in(struct ebb_heap *heap, struct ebb_span span) {
    size_t end = ebb_region_bytes(heap);
    size_t start = (uintptr_t)span.start - (uintptr_t)heap;
    if ((uintptr_t)span.start < (uintptr_t)heap + end || span.size > UINTPTR_MAX - (uintptr_t)span.start) {
        ebb_report(heap, EBB_FAULT_STORE, span.start);
        return false;
    }
    size_t limit = heap->maximum;
    size_t new_end = start + span.size;
    heap->marks = 0;
    if (start > end && !bridge_gap(heap, start, new_end < limit ? new_end : limit)) {
        ask_to_take(heap, span.size);
        /* What lies right above us now is not ours to give back, and no store has to know. */
        heap->marks = EBB_BURIED;
        return false;
    }
    ebb_set_end_within_maximum(heap, new_end);
    return true;
}

/* Asks the store once for `bytes` more; returns whether it gave any that can be used. */
static bool ask_for(struct ebb_heap *heap, size_t bytes) {
    const struct ebb_store *store = heap->store;
    struct ebb_span span = store->grow(store->context, bytes);
    if (span.size == 0 || !take_in(heap, span)) {
        ebb_count_up(&heap->refusals);
        return false;
    }
    ebb_count_up(&heap->grows);
    return true;
}

/* The bytes to ask for so that the region ends at `end`, or where the store likes it better within the maximum. */
static size_t bytes_up_to(const struct ebb_heap *heap, size_t end) {
    size_t offset = aligned_offset(heap, end * EBB_GRANULE);
    if (offset > heap->maximum) {
        offset = end * EBB_GRANULE;
    }
    return offset - ebb_region_bytes(heap);
}

/* Granules that the region may still grow by. */
static size_t room(const struct ebb_heap *heap) {
    return heap->maximum / EBB_GRANULE - ebb_end(heap);
}

bool ebb_grow(struct ebb_heap *heap, size_t size) {
    size_t missing = size - heap->idle;
    if (missing > room(heap)) {
        return false;
    }
    size_t generous = ebb_lot_for(heap, missing);
    size_t bytes = bytes_up_to(heap, ebb_end(heap) + (generous < room(heap) ? generous : room(heap)));
    ask_for(heap, bytes);
    if (heap->idle >= size) {
        return true;
    }
    /* Refused, or not enough, or beyond a gap: once more, for no more than is needed. */
    missing = size - heap->idle;
    size_t least = missing * EBB_GRANULE - heap->slack;
    return missing <= room(heap) && least != bytes && ask_for(heap, least) && heap->idle >= size;
}

bool ebb_reserve(struct ebb_heap *heap, size_t bytes) {
    for (int tries = 2; tries != 0 && ebb_region_bytes(heap) < bytes; tries--) {
        ask_for(heap, bytes < EBB_LARGEST_REGION ? bytes - ebb_region_bytes(heap) : EBB_LARGEST_REGION);
    }
    return ebb_region_bytes(heap) >= bytes;
}

/* How often a refused request to take memory back is made again, for half of it each time: at first, and later. */
enum { BISECTIONS = 2, BISECTIONS_OF_RELUCTANT = 1 };

/* A store that takes next to nothing of what it is offered is reluctant: the policy waits longer with the next. */
static void note_reluctance(struct ebb_heap *heap, size_t offered, size_t taken) {
    if (taken > offered / 32) {
        heap->reluctance = 0;
    } else if (heap->reluctance != UINT8_MAX) {
        heap->reluctance++;
    }
}

size_t ebb_give_back(struct ebb_heap *heap, size_t keep) {
    size_t end = ebb_region_bytes(heap);
    size_t target = aligned_offset(heap, (heap->top + keep) * EBB_GRANULE);
    if (target >= end) {
        return 0;
    }
    size_t offered = end - target;
    size_t taken = ask_to_take(heap, offered);
    note_reluctance(heap, offered, taken);
    int bisections = heap->reluctance > 1 ? BISECTIONS_OF_RELUCTANT : BISECTIONS;
    for (; bisections != 0 && taken == 0; bisections--) {
        target = aligned_offset(heap, target + (end - target + 1) / 2);
        if (target >= end) {
            break;
        }
        taken = ask_to_take(heap, end - target);
    }
    set_end(heap, end - taken);
    return taken;
}

/* The place at or below `offset` where the store likes the end to be; `offset` itself if top reaches beyond that. */
static size_t aligned_offset_within(const struct ebb_heap *heap, size_t offset) {
    size_t above = aligned_offset(heap, offset);
    size_t below = above == offset ? offset : above - heap->store->granule;
    return above >= heap->store->granule && below >= (size_t)heap->top * EBB_GRANULE ? below : offset;
}

bool ebb_shrink_within(struct ebb_heap *heap, size_t maximum) {
    size_t end = ebb_region_bytes(heap);
    if (end > maximum && (size_t)heap->top * EBB_GRANULE <= maximum) {
        set_end(heap, end - ask_to_take(heap, end - aligned_offset_within(heap, maximum)));
    }
    return ebb_region_bytes(heap) <= maximum;
}
