/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Allocation at multiples of more than a granule: takes more than needed and releases what lies before and after. */
#include "alloc.h"
#include "bins.h"
#include "counts.h"
#include "end.h"
#include "free.h"
#include "sound.h"

/*
 * The units from `block` to the first place at or above it that is aligned, and that leaves nothing before it or enough
 * for a block.
 */
static size_t size_before(ebb_cell *block, size_t alignment) {
    const void *payload = ebb_payload(block);
    /* A remainder would be a call into libgcc on small processors. */
    size_t before = (size_t)(-(uintptr_t)payload & (alignment - 1)) / EBB_UNIT;
    /* With one alignment more, these are three granules at least, and no smallest block is larger. */
    return before != 0 && before < EBB_SIZE_MIN ? before + alignment / EBB_UNIT : before;
}

_Static_assert(EBB_SIZE_MIN <= 3 * EBB_GRANULE_UNITS, "what is too few is enough with one alignment more");

/* [    used block    ]  ->  [ free ][   used    ] */
static ebb_cell *release_before(struct ebb_heap *heap, ebb_cell *block, size_t before) {
    if (before == 0) {
        return block;
    }
    ebb_cell *rest = ebb_split_used(heap, block, before);
    ebb_release(heap, block);
    return rest;
}

/* Whether a free block has room: `wanted` units from an aligned place in it on. */
static EBB_OUT_OF_LINE bool has_room_around(ebb_cell *block, size_t alignment, size_t wanted) {
    return size_before(block, alignment) + wanted <= ebb_size(block);
}

/* Of the first few blocks of a list, the smallest that has room, or NULL; at level 2, also one that is not sound. */
static ebb_cell *find_in_list(const struct ebb_heap *heap, size_t class, size_t alignment, size_t wanted) {
    size_t link = heap->bins[class];
    size_t smallest = SIZE_MAX;
    ebb_cell *found = NULL;
    for (int looks = ebb_looks(ebb_is_choosy(heap)); link != EBB_NONE && looks != 0; looks--) {
        ebb_cell *block = ebb_at_link(heap, link);
        if (!ebb_may_be_passed(heap, block)) {
            return block;
        }
        if (ebb_size(block) < smallest && has_room_around(block, alignment, wanted)) {
            smallest = ebb_size(block);
            found = block;
        }
        link = block[EBB_NEXT];
    }
    return found;
}

/* The block found that has room, of the lowest class, or the loose one if that is no larger; NULL if none has. */
static ebb_cell *find_around(const struct ebb_heap *heap, size_t alignment, size_t wanted) {
    ebb_cell *loose = find_in_list(heap, EBB_LOOSE, alignment, wanted);
    ebb_cell *other = NULL;
    for (size_t class = ebb_class_of(wanted); other == NULL && class <= heap->highest; class += 1) {
        other = find_in_list(heap, class, alignment, wanted);
    }
    return other == NULL || (loose != NULL && ebb_size(loose) <= ebb_size(other)) ? loose : other;
}

/*
 * A free block with room, in use now and as large as it was; NULL if none was found.
 *
 * It need not be so large that it would have room wherever it lay: what an aligned block leaves when it is freed never
 * would, and the next of its kind fits.
 */
static ebb_cell *take_free(struct ebb_heap *heap, size_t alignment, size_t wanted) {
    ebb_cell *block = find_around(heap, alignment, wanted);
    if (block == NULL || !ebb_verify_free_block(heap, block, ebb_size(block))) {
        return NULL;
    }
    return ebb_take_whole(heap, block, ebb_size(block));
}

enum { MOST_GROWTHS = 2 };

/*
 * A block with room from top, where that is now; NULL if top has too little and cannot grow so often. Growth over a gap
 * makes another place of top, from which more may be needed, or less: which of them counts, whatever growth has said.
 */
static ebb_cell *take_from_top(struct ebb_heap *heap, size_t alignment, size_t wanted) {
    bool may_grow = true;
    for (int growths = 0;; growths++) {
        size_t needed = size_before(ebb_top(heap), alignment) + wanted;
        if (!ebb_verify_top(heap, needed)) {
            return NULL;
        }
        if (ebb_bytes_of(needed) <= heap->idle) {
            return ebb_take_top(heap, needed);
        }
        if (!may_grow || growths == MOST_GROWTHS) {
            return NULL;
        }
        may_grow = ebb_grow(heap, ebb_bytes_of(needed));
    }
}

/* A free block with room, or one from top; NULL if there is none. */
static ebb_cell *take_around(struct ebb_heap *heap, size_t alignment, size_t wanted) {
    ebb_cell *block = take_free(heap, alignment, wanted);
    if (block != NULL) {
        return block;
    }
    /* As in ebb_alloc(): else aligned blocks that come and go among small ones would scatter the heap without end. */
    if (wanted >= EBB_SHARED_SIZE) {
        ebb_note_pieces(heap);
    }
    return take_from_top(heap, alignment, wanted);
}

void *ebb_aligned_alloc(struct ebb_heap *heap, size_t alignment, size_t size) {
    bool is_power_of_two = (alignment & (alignment - 1)) == 0;
    if (!ebb_admit(heap, size) || !is_power_of_two || alignment > EBB_LARGEST_REQUEST) {
        return ebb_fail(heap);
    }
    if (alignment <= EBB_GRANULE) {
        return ebb_alloc(heap, size);
    }
    size_t wanted = ebb_size_for(size);
    ebb_cell *block = take_around(heap, alignment, wanted);
    if (block == NULL) {
        return ebb_fail(heap);
    }
    block = release_before(heap, block, size_before(block, alignment));
    ebb_release_tail(heap, block, wanted);
    /* What frees of such blocks have put off: see ebb_free_block(). */
    ebb_return_idle_if_overdue(heap);
    return ebb_hand_out(heap, ebb_size(block), block);
}
