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
    EBB_EXTENDED = 1, /* patience has been extended since the last move */
    EBB_RETURNED = 2, /* the last move gave memory back */
    EBB_BURIED = 4    /* somebody else's memory lies right above the region */
};

struct ebb_heap {
    struct ebb_bins bins;

    ebb_number top;   /* number of top: what lies above is in no block */
    ebb_number idle;  /* granules from top to the end of the region */
    ebb_number fresh; /* from this number on, no byte was written since the store gave it */

    ebb_number peak_live; /* the most granules that ever were in use */
    ebb_number headroom;  /* how many fewer are now: so that each call writes one of the two, and rarely both */

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

    intptr_t patience;   /* what idle granules may still cost, each call of the policy's clock, before they go back */
    uint32_t move_price; /* see struct ebb_policy; 0: the policy names a quantum */

    uint8_t strategy;
    uint8_t reluctance; /* how often in a row the store refused to take memory back */
    uint8_t marks;      /* EBB_EXTENDED, EBB_RETURNED, EBB_BURIED */
    uint8_t slack;      /* bytes of the region beyond `end`: less than a granule */
    uint8_t highest;    /* no class above this one, at least the last exact one, has a block */
};

_Static_assert(offsetof(struct ebb_heap, bins) == 0, "links are relative to the bins");

/* The lowest number a block can have: its header is the first thing after the control block. */
#define EBB_FIRST ((sizeof(struct ebb_heap) + EBB_HEADER_SIZE + EBB_GRANULE - 1) / EBB_GRANULE)

/* Bytes. A store that is asked for as many is to give all there is. */
#define EBB_LARGEST_REGION (EBB_NUMBER_MAX * (size_t)EBB_GRANULE)

/* The bytes that a heap without any other block has room for. */
#define EBB_LARGEST_REQUEST ((EBB_NUMBER_MAX - EBB_FIRST) * (size_t)EBB_GRANULE - EBB_HEADER_SIZE)

static inline ebb_cell *ebb_top(const struct ebb_heap *heap) {
    return ebb_block_at(heap, heap->top);
}

/* Whether the lot follows the program; else the policy names a quantum. */
static inline bool ebb_is_adaptive(const struct ebb_heap *heap) {
    return heap->move_price != 0;
}

/* The number of the first granule beyond the region. */
static inline size_t ebb_end(const struct ebb_heap *heap) {
    return (size_t)heap->top + heap->idle;
}

/* Bytes from the start to the end of the region, exactly as the store sees it. */
static inline size_t ebb_region_bytes(const struct ebb_heap *heap) {
    return ebb_end(heap) * EBB_GRANULE + heap->slack;
}

/* Granules in use. */
static inline size_t ebb_live(const struct ebb_heap *heap) {
    return (size_t)heap->peak_live - heap->headroom;
}

/* Moves top, and not the end, to `block`; the block to its left is in use unless `flags` lack EBB_LEFT_USED. */
static inline void ebb_set_top(struct ebb_heap *heap, ebb_cell *block, size_t flags) {
    size_t number = ebb_number_of(heap, block);
    heap->idle = ebb_narrow(ebb_end(heap) - number);
    heap->top = ebb_narrow(number);
    ebb_set_header(block, ebb_header_of(0, flags & EBB_LEFT_USED));
}

static inline void ebb_count_up(uint32_t *counter) {
    if (*counter != UINT32_MAX) {
        ++*counter;
    }
}

#endif
