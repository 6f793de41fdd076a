/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The control block: all that a heap knows beside its blocks, at the start of its region.
 *
 *   heap = number 0               EBB_FIRST                       top                end
 *   | control block       | header| payload ...        | header   | idle ...          |
 *
 * Everything is relative to the start, so the bytes of the region are the whole state of the heap.
 */
#ifndef EBB_SOURCE_CONTROL_H
#define EBB_SOURCE_CONTROL_H

#include "bins.h"
#include "block.h"

#include <ebb/heap.h>

enum {
    EBB_RETURNED = 1, /* the last move gave memory back */
    EBB_BURIED = 2    /* somebody else's memory lies right above the region */
};

struct ebb_heap {
    struct ebb_bins bins;

    ebb_number top;   /* number of top: what lies above is in no block */
    ebb_number end;   /* number of the first granule beyond the region */
    ebb_number fresh; /* from this number on, no byte was written since the store gave it */

    ebb_number live;      /* granules in use */
    ebb_number peak_live; /* the most that ever were */

    ebb_number spare;        /* the fewest granules idle since the policy last looked: nobody needed those */
    ebb_number lot;          /* granules to grow by: the quantum, or what adaption has come to */
    ebb_number return_above; /* a free that reaches top and leaves more idle than this gives back at once */

    const struct ebb_store *store;
    ebb_fault_handler fault_handler;
    void *fault_context;

    size_t maximum;     /* bytes that the region may have */
    size_t peak_region; /* the most that it ever had */
    size_t largest_request;
    uint32_t failed_requests;
    uint32_t grows;
    uint32_t shrinks;
    uint32_t refusals;

    intptr_t patience;   /* each free takes the idle granules from this; once below 0, it is time to give back */
    uint32_t move_price; /* see struct ebb_policy; 0: the policy names a quantum */

    uint8_t strategy;
    uint8_t reluctance; /* how often in a row the store refused to take memory back */
    uint8_t marks;      /* of the last moves of the end: EBB_RETURNED, EBB_BURIED */
    uint8_t slack;      /* bytes of the region beyond `end`: less than a granule */
};

_Static_assert(offsetof(struct ebb_heap, bins) == 0, "numbers are relative to the bins");

/* The lowest number a block can have: its header is the first thing after the control block. */
#define EBB_FIRST ((sizeof(struct ebb_heap) + EBB_HEADER_SIZE + EBB_GRANULE - 1) / EBB_GRANULE)

static inline ebb_cell *ebb_top(const struct ebb_heap *heap) {
    return ebb_block_at(heap, heap->top);
}

/* Whether the lot follows the program; else the policy names a quantum. */
static inline bool ebb_is_adaptive(const struct ebb_heap *heap) {
    return heap->move_price != 0;
}

/* Granules between top and the end of the region. */
static inline size_t ebb_idle(const struct ebb_heap *heap) {
    return (size_t)heap->end - heap->top;
}

/* Bytes from the start to the end of the region, exactly as the store sees it. */
static inline size_t ebb_region_bytes(const struct ebb_heap *heap) {
    return (size_t)heap->end * EBB_GRANULE + heap->slack;
}

/* Moves top to `number`; the block to the left is in use unless `flags` lack EBB_LEFT_USED. */
static inline void ebb_set_top(struct ebb_heap *heap, size_t number, size_t flags) {
    heap->top = (ebb_number)number;
    ebb_set_header(ebb_block_at(heap, number), ebb_header_of(0, flags & EBB_LEFT_USED));
}

static inline void ebb_count_up(uint32_t *counter) {
    if (*counter != UINT32_MAX) {
        ++*counter;
    }
}

#endif
