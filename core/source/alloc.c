/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Allocation. In this order: a block of the request's own class; the loose block; a block of a higher class; the bottom
 * of top. What is left of a block that is cut is the loose block then.
 */
#include "internal.h"
#include "loose.h"

/* [ free size ][next]  ->  [used size ][next] */
static inline ebb_cell *use_whole(ebb_cell *block, size_t size) {
    ebb_set_used(block);
    ebb_set_left_used(ebb_after(block, size));
    return block;
}

/*
 * [   free size   ][next]  ->  [ free rest ][used wanted][next]
 *
 * The upper end is cut off, not the lower one: so what is left stays at its place, and can stay the loose block.
 */
static inline ebb_cell *use_upper_end(ebb_cell *block, size_t header, size_t wanted) {
    size_t rest = ebb_size_in(header) - wanted;
    ebb_cell *taken = ebb_after(block, rest);
    ebb_set_header(block, header - ebb_header_of(wanted, 0));
    ebb_set_header(taken, ebb_header_of(wanted, EBB_USED));
    ebb_set_left_size(taken, rest);
    ebb_set_left_used(ebb_after(taken, wanted));
    return taken;
}

/* From the loose block, which stays that. */
static inline ebb_cell *take_from_loose(struct ebb_heap *heap, ebb_cell *loose, size_t size) {
    size_t header = ebb_header(loose);
    size_t found = ebb_size_in(header);
    if (ebb_is_too_small(found - size)) {
        heap->bins.first[EBB_LOOSE] = EBB_NONE;
        return use_whole(loose, found);
    }
    return use_upper_end(loose, header, size);
}

/* From a block in a list. */
static inline ebb_cell *take_from_list(struct ebb_heap *heap, ebb_cell *block, size_t size) {
    size_t header = ebb_header(block);
    size_t found = ebb_size_in(header);
    ebb_unbin(&heap->bins, block);
    if (ebb_is_too_small(found - size)) {
        return use_whole(block, found);
    }
    ebb_cell *taken = use_upper_end(block, header, size);
    ebb_set_loose(heap, block);
    return taken;
}

/* From the bottom of top, which is large enough. */
static inline ebb_cell *take_from_top(struct ebb_heap *heap, size_t size) {
    ebb_cell *block = ebb_top(heap);
    size_t idle = heap->idle - size;
    size_t top = heap->top + size;
    heap->idle = ebb_narrow(idle);
    heap->top = ebb_narrow(top);
    ebb_set_header(block, ebb_header(block) + ebb_header_of(size, EBB_USED));
    ebb_set_header(ebb_after(block, size), ebb_header_of(0, EBB_LEFT_USED));
    if (heap->fresh < top) {
        heap->fresh = ebb_narrow(top);
    }
    if (heap->spare > idle) {
        heap->spare = ebb_narrow(idle);
    }
    return block;
}

/* Counts what was just allocated, and returns it. */
static inline void *count(struct ebb_heap *heap, ebb_cell *block, size_t wanted) {
    ebb_count_live(heap, EBB_SIZE_MIN == 1 ? wanted : ebb_size(block));
    return block;
}

EBB_COLD void *ebb_fail(struct ebb_heap *heap) {
    ebb_count_up(&heap->failed_requests);
    return NULL;
}

ebb_cell *ebb_take_top(struct ebb_heap *heap, size_t size) {
    return heap->idle >= size || ebb_grow(heap, size) ? take_from_top(heap, size) : NULL;
}

static EBB_COLD void *alloc_from_growth(struct ebb_heap *heap, size_t size) {
    return ebb_grow(heap, size) ? count(heap, take_from_top(heap, size), size) : ebb_fail(heap);
}

static EBB_COLD void *alloc_from_top_and_return_idle(struct ebb_heap *heap, size_t size) {
    void *block = count(heap, take_from_top(heap, size), size);
    ebb_return_idle(heap);
    return block;
}

static inline void *alloc_from_top(struct ebb_heap *heap, size_t size) {
    if (heap->idle < size) {
        return alloc_from_growth(heap, size);
    }
    if (ebb_charge(heap)) {
        return alloc_from_top_and_return_idle(heap, size);
    }
    return count(heap, take_from_top(heap, size), size);
}

/*
 * The first block of the lowest class above `class` that has any, or EBB_NONE.
 *
 * The highest class that could have one is lowered only here, so it costs nothing to take a block from a list.
 */
static inline size_t find_above(struct ebb_heap *heap, size_t class) {
    for (size_t above = class + 1; above <= heap->highest; above++) {
        size_t link = ebb_first_link(&heap->bins, above);
        if (link != EBB_NONE) {
            return link;
        }
    }
    heap->highest = (uint8_t)(class < EBB_EXACT_CLASSES ? EBB_EXACT_CLASSES - 1 : class);
    return EBB_NONE;
}

static EBB_COLD void *alloc_from_list(struct ebb_heap *heap, ebb_cell *block, size_t size) {
    return count(heap, take_from_list(heap, block, size), size);
}

static EBB_COLD void *alloc_from_afar(struct ebb_heap *heap, size_t class, size_t size) {
    size_t link = find_above(heap, class);
    return link != EBB_NONE ? alloc_from_list(heap, ebb_at_link(heap, link), size) : alloc_from_top(heap, size);
}

/* The loose block, if it is large enough: NULL if not. */
static inline ebb_cell *find_loose(struct ebb_heap *heap, size_t size) {
    size_t link = ebb_first_link(&heap->bins, EBB_LOOSE);
    ebb_cell *loose = ebb_at_link(heap, link);
    return link != EBB_NONE && ebb_size(loose) >= size ? loose : NULL;
}

/* After a look into its own class, of no use. */
static inline void *alloc_elsewhere(struct ebb_heap *heap, size_t class, size_t size) {
    ebb_cell *loose = find_loose(heap, size);
    if (loose == NULL) {
        return alloc_from_afar(heap, class, size);
    }
    return count(heap, take_from_loose(heap, loose, size), size);
}

/* How many blocks of its own class a request looks at. */
enum { LOOKS = 4 };

static EBB_COLD void *alloc_large(struct ebb_heap *heap, size_t size) {
    size_t class = ebb_class_of_large(size);
    size_t link = ebb_first_link(&heap->bins, class);
    for (int looks = LOOKS; link != EBB_NONE && looks != 0; looks--) {
        ebb_cell *block = ebb_at_link(heap, link);
        if (ebb_size(block) >= size) {
            return alloc_from_list(heap, block, size);
        }
        link = block[EBB_NEXT];
    }
    return alloc_elsewhere(heap, class, size);
}

static inline void *alloc(struct ebb_heap *heap, size_t size) {
    if (size >= EBB_EXACT_CLASSES) {
        return alloc_large(heap, size);
    }
    size_t link = ebb_first_link(&heap->bins, size);
    if (link == EBB_NONE) {
        return alloc_elsewhere(heap, size, size);
    }
    ebb_cell *block = ebb_at_link(heap, link);
    ebb_unbin(&heap->bins, block);
    return count(heap, use_whole(block, size), size);
}

/* Larger than any request before: only such a one can be too large. */
static EBB_COLD void *alloc_largest(struct ebb_heap *heap, size_t bytes) {
    ebb_count_request(heap, bytes);
    return bytes > EBB_LARGEST_REQUEST ? ebb_fail(heap) : alloc(heap, ebb_size_for(bytes));
}

void *ebb_alloc(struct ebb_heap *heap, size_t size) {
    if (size > heap->largest_request) {
        return alloc_largest(heap, size);
    }
    return alloc(heap, ebb_size_for(size));
}

ebb_cell *ebb_take_free(struct ebb_heap *heap, size_t size) {
    ebb_cell *loose = find_loose(heap, size);
    if (loose != NULL) {
        return take_from_loose(heap, loose, size);
    }
    size_t link = find_above(heap, ebb_class_of(size));
    return link != EBB_NONE ? take_from_list(heap, ebb_at_link(heap, link), size) : NULL;
}
