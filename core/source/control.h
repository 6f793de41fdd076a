/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The control block: all that a heap knows beside its blocks, at the start of its region.
 *
 *   heap                           EBB_FIRST                      top                end
 *   | control block       | header| payload ...        | header   | idle ...          |
 *                                 |<----- extent --------------->|<----- idle ------>|
 *
 * Everything is relative to the start, so the bytes of the region are the whole state of the heap. What has to do with
 * the end of the region is in bytes, as the store sees it. What is seldom asked for comes last: short instructions do
 * not reach that far.
 */
#ifndef EBB_SOURCE_CONTROL_H
#define EBB_SOURCE_CONTROL_H

#include "block.h"
#include "key.h"

#include <ebb/heap.h>

/* How many bins there are, and how many of them are for one size each: see bins.h. */
enum { EBB_EXACT_CLASSES = 8 };
#if EBB_NUMBER_BITS == 32 && SIZE_MAX > UINT32_MAX
enum { EBB_CLASSES = 62 };
#elif EBB_NUMBER_BITS == 32
enum { EBB_CLASSES = 58 };
#elif SIZE_MAX > UINT16_MAX
enum { EBB_CLASSES = 30 };
#else
enum { EBB_CLASSES = 26 };
#endif
_Static_assert(EBB_LARGEST_REGION / EBB_GRANULE < (size_t)EBB_EXACT_CLASSES << (EBB_CLASSES - EBB_EXACT_CLASSES) / 2,
               "the largest block has a class");

/*
 * Costs of the policy: bytes idle, summed over calls. What is left of one may be less than nothing. They have as many
 * bits as an address, but 32 where that has fewer, as the price of a move does not get smaller with it.
 */
#if UINTPTR_MAX > UINT32_MAX
typedef uint64_t ebb_cost;
typedef int64_t ebb_cost_left;
#define EBB_COST_LEFT_MAX INT64_MAX
#else
typedef uint32_t ebb_cost;
typedef int32_t ebb_cost_left;
#define EBB_COST_LEFT_MAX INT32_MAX
#endif
_Static_assert(EBB_LARGEST_REGION <= EBB_COST_LEFT_MAX, "patience can pay for a call with any idle memory");

struct ebb_heap {
    /* Blocks in use, and the lists of free ones: in units. */
    ebb_number headroom;          /* how many units fewer than `peak_live` are in use now */
    ebb_number end_of_lists;      /* link 0 leads here: its `prev` is written as any block's, and never read */
    ebb_number bins[EBB_CLASSES]; /* links to the first block of each list, where a block would have `next` */
    ebb_number peak_live;         /* the most units that ever were in use */
    uint8_t highest;              /* no class above this one has a block */
    bool is_scattered;            /* free memory is in too many pieces: see ebb_note_pieces() */

    /* How the end moves. */
    uint8_t strategy;
    bool is_adaptive; /* the lot follows the program; else the policy names a quantum */
    bool is_buried;   /* what lies right above the region cannot go back: somebody else's, or beyond the maximum */
    bool has_burst;   /* a free gave back at once what it left idle, and nobody has missed it yet */

    /* Where it is. */
    size_t extent; /* bytes from the first block to top: what lies above is in no block */
    size_t idle;   /* bytes from top to the end of the region */
    size_t fresh;  /* bytes above the first block: what is idle from there on is as the store gave it */

    /* When it moves, and by how much: see policy.c. */
    size_t least_idle;      /* the fewest bytes idle since the policy last looked: nobody needed those */
    size_t lot;             /* bytes to grow by: the quantum, or what adaption has come to */
    size_t return_above;    /* a free that leaves more bytes idle than this gives back at once */
    ebb_cost_left patience; /* what idle bytes may still cost, each call of the policy's clock, before they go back */
    ebb_cost wait;          /* what patience begins with: the price of a move; more if the store takes nothing back */
    uint32_t move_price;    /* see struct ebb_policy */

    /* What limits it, and figures. */
    const struct ebb_store *store;
    size_t maximum;     /* bytes that the region may have */
    size_t peak_region; /* the most that it ever had */
    size_t largest_request;
    uint32_t failed_requests;
    uint32_t grows;
    uint32_t shrinks;
    uint32_t refusals;

    ebb_fault_handler fault_handler;
    void *fault_context;

#if EBB_HARDENING == 2
    struct ebb_key key; /* what seals are made with */
#endif
};

_Static_assert(_Alignof(struct ebb_heap) <= EBB_GRANULE, "a heap can begin at each multiple of the granule");
_Static_assert(offsetof(struct ebb_heap, end_of_lists) == EBB_PREV * sizeof(ebb_cell), "the end of a list is link 0");
_Static_assert(offsetof(struct ebb_heap, bins) == EBB_NEXT * sizeof(ebb_cell), "a bin is the `next` of the link to it");

/* Bytes from the start to the payload of the lowest block: its header is the first thing after the control block. */
#define EBB_FIRST ((sizeof(struct ebb_heap) + EBB_HEADER_SIZE + EBB_GRANULE - 1) / EBB_GRANULE * EBB_GRANULE)

/* The bytes that a heap without any other block has room for. */
#define EBB_LARGEST_REQUEST (EBB_LARGEST_REGION - EBB_FIRST - EBB_HEADER_SIZE)

/* The block whose payload is so many bytes above that of the first. */
static inline ebb_cell *ebb_block_at(const struct ebb_heap *heap, size_t offset) {
    return ebb_block_of((const char *)heap + EBB_FIRST + offset);
}

/* How many bytes above the payload of the first block an address lies; very many if it is below. */
static inline size_t ebb_offset_of(const struct ebb_heap *heap, const void *address) {
    return (uintptr_t)address - (uintptr_t)heap - EBB_FIRST;
}

/* The same of a block's payload, without that address: who has the block alone needs one register less. */
static inline size_t ebb_offset_of_block(const struct ebb_heap *heap, const ebb_cell *block) {
    return (uintptr_t)block - (uintptr_t)heap - (EBB_FIRST - sizeof *block);
}

static inline ebb_cell *ebb_top(const struct ebb_heap *heap) {
    return ebb_block_at(heap, heap->extent);
}

/* Bytes from the start to the end of the region, exactly as the store sees it. */
static inline size_t ebb_region_bytes(const struct ebb_heap *heap) {
    return EBB_FIRST + heap->extent + heap->idle;
}

/* Whether the bounds of a region can be true: if so, whoever goes by them stays within `maximum`. */
static inline bool ebb_region_is_sound(const struct ebb_heap *heap) {
    return heap->extent % EBB_GRANULE == 0 && heap->maximum <= EBB_LARGEST_REGION && heap->extent <= heap->maximum &&
           heap->idle <= heap->maximum && ebb_region_bytes(heap) <= heap->maximum;
}

/* Units in use. */
static inline size_t ebb_live(const struct ebb_heap *heap) {
    return (size_t)heap->peak_live - heap->headroom;
}

#endif
