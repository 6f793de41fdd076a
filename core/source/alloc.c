/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Allocation. In this order: a block of the request's own class; the loose block; a block of a higher class; the bottom
 * of top. With best fit, the smaller of the loose block and one of a higher class. What is left of a block that was cut
 * becomes the loose block, unless the heap is scattered: see bins.h.
 *
 * Of a class, the first block that is large enough; in a scattered heap, the smallest of a few; with best fit, that of
 * the request's own class in any heap.
 */
#include "alloc.h"
#include "bins.h"
#include "counts.h"
#include "end.h"
#include "sound.h"

/* ---- Finding a block ---- */

/*
 * Of the first `looks` blocks of a class, the smallest of at least `least` units, or the first that is below `enough`.
 * NULL if there is none. At level 2, also one that is not sound.
 */
static EBB_INLINE ebb_cell *find_in_class(const struct ebb_heap *heap, size_t link, size_t least, size_t enough,
                                          int looks) {
    ebb_cell *found = NULL;
    size_t smallest = SIZE_MAX;
    for (; link != EBB_NONE && looks != 0; looks--) {
        ebb_cell *block = ebb_at_link(heap, link);
        if (!ebb_may_be_passed(heap, block)) {
            return block;
        }
        /* Its size, and flags that are less than a granule: they make no block larger than another. */
        size_t header = ebb_header(block);
        if (header >= least && header < smallest) {
            found = block;
            if (header < enough) {
                break;
            }
            smallest = header;
        }
        link = block[EBB_NEXT];
    }
    return found;
}

/* What is enough for a request of `size` units: one that fits exactly, if the smallest is chosen; else any. */
static inline size_t enough_for(size_t size, bool is_choosy) {
    return is_choosy ? size + EBB_GRANULE_UNITS : SIZE_MAX;
}

/*
 * The first block of the lowest class above `class` that has any, up to the highest that could; EBB_NONE if none has.
 *
 * The highest class that could have one is lowered only here, so it costs nothing to take a block from a list.
 */
static EBB_INLINE size_t search_above(struct ebb_heap *heap, size_t class) {
    /* As blocks, each of which has the first one of its list for `next`: bin by bin, they are a cell apart. */
    const ebb_cell *last = ebb_at_link(heap, ebb_link_to_bin(heap->highest));
    const ebb_cell *bin = ebb_at_link(heap, ebb_link_to_bin(class)) + 1;
    /* Two bins a round: the longest of all allocations spends much of its time here. */
    for (; EBB_HAS_SHORTCUTS && bin < last; bin += 2) {
        if (bin[EBB_NEXT] != EBB_NONE) {
            return bin[EBB_NEXT];
        }
        if (bin[1 + EBB_NEXT] != EBB_NONE) {
            return bin[1 + EBB_NEXT];
        }
    }
    for (; bin <= last; bin++) {
        if (bin[EBB_NEXT] != EBB_NONE) {
            return bin[EBB_NEXT];
        }
    }
    heap->highest = (uint8_t)(class);
    return EBB_NONE;
}

/* The same. If it is known without a search that there is none, notes whether the heap is scattered. */
static inline size_t find_above(struct ebb_heap *heap, size_t class) {
    /* Most often so where top is needed. */
    if (heap->highest <= class) {
        /* A small request says nothing about whether large ones find room. */
        if (class >= EBB_EXACT_CLASSES) {
            ebb_note_pieces(heap);
        }
        return EBB_NONE;
    }
    return search_above(heap, class);
}

/* ---- Taking what is needed of it, and handing that out ---- */

/*
 * [   free size   ][next]  ->  [used wanted][ free rest ][next]
 *
 * The lower end is cut off, so that the block can grow into what is left. To cut off the upper one would be a little
 * faster, as what is left stays where it is, but a block could only grow to the left then, by a copy.
 */
static inline void cut_off_lower_end(struct ebb_heap *heap, ebb_cell *block, size_t header, size_t wanted) {
    size_t rest_size = ebb_opaque(ebb_size_in(header) - wanted);
    ebb_cell *rest = ebb_after(block, wanted);
    ebb_set_header(heap, block, header - ebb_header_of(rest_size, 0) + EBB_USED);
    ebb_set_header(heap, rest, ebb_header_of(rest_size, EBB_LEFT_USED));
    ebb_set_left_size(ebb_after(rest, rest_size), rest_size);
}

/* `wanted` units of a free block that has as many; what is left of it goes into another list. */
static inline void *take(struct ebb_heap *heap, ebb_cell *block, size_t wanted) {
    ebb_unbin(heap, block);
    size_t header = ebb_header(block);
    size_t size = ebb_size_in(header);
    size_t rest = size - wanted;
    /* With best fit, it is the smallest of the blocks looked at: see alloc_from_chosen(). */
    if (EBB_BEST_FIT ? ebb_stays(rest, wanted) : ebb_is_too_small(rest)) {
        return ebb_hand_out(heap, size, ebb_use_whole(heap, block, size));
    }
    cut_off_lower_end(heap, block, header, wanted);
    void *payload = ebb_hand_out_in_line(heap, wanted, block);
    ebb_put_free(heap, ebb_after(block, wanted), rest);
    return payload;
}

/* The same of the loose block. What is left of it is loose, too, and no list changes. */
static EBB_INLINE void *take_from_loose(struct ebb_heap *heap, size_t link, size_t wanted) {
    ebb_cell *block = ebb_at_link(heap, link);
    size_t header = ebb_header(block);
    size_t size = ebb_size_in(header);
    if (ebb_is_too_small(size - wanted)) {
        return ebb_hand_out(heap, size, ebb_take_whole(heap, block, size));
    }
    ebb_replace_loose(heap, ebb_after(block, wanted), link + wanted);
    cut_off_lower_end(heap, block, header, wanted);
    return ebb_hand_out(heap, wanted, block);
}

/* From the bottom of top, which is large enough. */
extern inline ebb_cell *ebb_take_top(struct ebb_heap *heap, size_t size) {
    ebb_cell *block = ebb_top(heap);
    size_t idle = heap->idle - ebb_bytes_of(size);
    heap->idle = idle;
    heap->extent += ebb_bytes_of(size);
    ebb_set_header(heap, block, ebb_header(block) + ebb_header_of(size, EBB_USED));
    ebb_set_header(heap, ebb_after(block, size), ebb_header_of(0, EBB_LEFT_USED));
    if (heap->least_idle > idle) {
        heap->least_idle = idle;
    }
    return block;
}

/* ---- From one place; fails where that is damaged, or has too little ---- */

EBB_OUT_OF_LINE void *ebb_fail(struct ebb_heap *heap) {
    heap->failed_requests++;
    return NULL;
}

/* From a free block that is large enough. */
static EBB_OUT_OF_LINE void *alloc_from_list(struct ebb_heap *heap, size_t size, ebb_cell *block) {
    heap = ebb_opaque_pointer(heap);
    return ebb_verify_free_block(heap, block, size) ? take(heap, block, size) : ebb_fail(heap);
}

/* The first block of a class of one size: it fits. */
static inline void *alloc_first(struct ebb_heap *heap, size_t size, size_t class, size_t link) {
    ebb_cell *block = ebb_at_link(heap, link);
    if (!EBB_HAS_SHORTCUTS) {
        return alloc_from_list(heap, size, block);
    }
    if (!ebb_verify_free_block(heap, block, size)) {
        return ebb_fail(heap);
    }
    ebb_unbin_first(heap, class, block);
    return ebb_hand_out(heap, size, ebb_use_whole(heap, block, size));
}

/* From the lower end of the loose block. */
static EBB_INLINE void *alloc_from_loose(struct ebb_heap *heap, size_t size, size_t loose) {
    return ebb_verify_free_block(heap, ebb_at_link(heap, loose), size) ? take_from_loose(heap, loose, size)
                                                                       : ebb_fail(heap);
}

static inline void *alloc_at_top(struct ebb_heap *heap, size_t size) {
    return ebb_hand_out(heap, size, ebb_take_top(heap, size));
}

/* The policy may have something to do. */
static EBB_APART void *alloc_and_return_idle(struct ebb_heap *heap, size_t size) {
    void *block = alloc_at_top(heap, size);
    ebb_return_idle_if_overdue(heap);
    return block;
}

/* Top has too little. */
static EBB_APART void *alloc_and_grow(struct ebb_heap *heap, size_t size) {
    return ebb_grow(heap, ebb_bytes_of(size)) ? alloc_and_return_idle(heap, size) : ebb_fail(heap);
}

/* ---- Where to look, one place after the other ---- */

static inline void *alloc_from_top(struct ebb_heap *heap, size_t size) {
    if (!ebb_verify_top(heap, size)) {
        return ebb_fail(heap);
    }
    if (heap->idle < ebb_bytes_of(size)) {
        return alloc_and_grow(heap, size);
    }
    bool is_impatient = ebb_charge(heap);
    if (EBB_HAS_SHORTCUTS && !(is_impatient && ebb_is_overdue(heap))) {
        return alloc_at_top(heap, size);
    }
    return alloc_and_return_idle(heap, size);
}

/* From the smallest of the blocks looked at: all of it, if little would be left. With best fit, take() sees to that. */
static EBB_OUT_OF_LINE void *alloc_from_chosen(struct ebb_heap *heap, size_t size, ebb_cell *block) {
    size_t all = ebb_size(block);
    /* Where there are shortcuts, it is only called of a choosy heap. */
    bool is_choosy = EBB_HAS_SHORTCUTS || heap->is_scattered;
    bool stays = !EBB_BEST_FIT && is_choosy && ebb_stays(all - size, size);
    return alloc_from_list(heap, stays ? all : size, block);
}

/*
 * From one of the first few blocks of a class above, to which `link` leads. At level 2, it may say that it is too
 * small: then it is found to be damaged.
 */
static EBB_OUT_OF_LINE void *alloc_from_few(struct ebb_heap *heap, size_t size, size_t link) {
    /* Where there are shortcuts, it is only called of a scattered heap. */
    size_t enough = EBB_HAS_SHORTCUTS || heap->is_scattered ? 0 : SIZE_MAX;
    return alloc_from_chosen(heap, size, find_in_class(heap, link, 0, enough, EBB_LOOKS_ABOVE));
}

/* From a class above `class`, or from top if none of them has a block. */
static EBB_OUT_OF_LINE void *alloc_from_above(struct ebb_heap *heap, size_t size, size_t class) {
    size_t link = find_above(heap, class);
    if (link == EBB_NONE) {
        return alloc_from_top(heap, size);
    }
    if (EBB_HAS_SHORTCUTS && !heap->is_scattered) {
        return alloc_from_list(heap, size, ebb_at_link(heap, link));
    }
    return alloc_from_few(heap, size, link);
}

/* The loose block is large enough or, at level 2, not sealed. */
static inline void *alloc_from_loose_or_above(struct ebb_heap *heap, size_t size, size_t class, ebb_cell *loose) {
    size_t link = EBB_BEST_FIT ? find_above(heap, class) : EBB_NONE;
    ebb_cell *above = ebb_at_link(heap, link);
    bool fits_better = link != EBB_NONE && ebb_size(above) < ebb_size(loose);
    return alloc_from_list(heap, size, fits_better ? above : loose);
}

/* There is nothing in the request's own class that will do. */
static EBB_INLINE void *alloc_elsewhere_in_line(struct ebb_heap *heap, size_t size, size_t class, bool has_shortcut) {
    size_t loose = heap->bins[EBB_LOOSE];
    if (loose != EBB_NONE) {
        ebb_cell *block = ebb_at_link(heap, loose);
        size_t block_size = ebb_size(block);
        /* Most often so, and then nothing else has to be asked. */
        if (has_shortcut && !EBB_BEST_FIT && block_size > size) {
            return alloc_from_loose(heap, size, loose);
        }
        if (block_size >= size || !ebb_is_sealed(heap, block)) {
            return alloc_from_loose_or_above(heap, size, class, block);
        }
    }
    return alloc_from_above(heap, size, class);
}

/* The same, for where that is rare, or code is to be small. */
static void *alloc_elsewhere(struct ebb_heap *heap, size_t size, size_t class) {
    return alloc_elsewhere_in_line(heap, size, class, false);
}

/* From the request's own class, to whose list `link` leads; or elsewhere. */
static EBB_OUT_OF_LINE void *alloc_from_class_or_elsewhere(struct ebb_heap *heap, size_t size, size_t class,
                                                           size_t link) {
    /* Where there are shortcuts, it is only called of a choosy heap. */
    bool is_choosy = EBB_HAS_SHORTCUTS || ebb_is_choosy(heap);
    ebb_cell *found = find_in_class(heap, link, size, enough_for(size, is_choosy), ebb_looks(is_choosy));
    return found != NULL ? alloc_from_chosen(heap, size, found) : alloc_elsewhere(heap, size, class);
}

/* A size that shares its class with others. */
static EBB_OUT_OF_LINE void *alloc_from_class(struct ebb_heap *heap, size_t size) {
    heap = ebb_opaque_pointer(heap);
    size_t class = ebb_class_of_shared(size);
    size_t link = heap->bins[class];
    if (EBB_HAS_SHORTCUTS && (link == EBB_NONE || !ebb_is_choosy(heap))) {
        ebb_cell *found = find_in_class(heap, link, size, enough_for(size, false), EBB_LOOKS);
        return found != NULL ? alloc_from_list(heap, size, found) : alloc_elsewhere_in_line(heap, size, class, true);
    }
    return alloc_from_class_or_elsewhere(heap, size, class, link);
}

void *ebb_alloc(struct ebb_heap *heap, size_t size) {
    heap = ebb_opaque_pointer(heap);
    if (!ebb_admit(heap, size)) {
        return ebb_fail(heap);
    }
    size_t wanted = ebb_size_for(size);
    if (wanted < EBB_SHARED_SIZE) {
        size_t class = wanted / EBB_GRANULE_UNITS;
        size_t link = heap->bins[class];
        if (link != EBB_NONE) {
            return alloc_first(heap, wanted, class, link);
        }
        return EBB_HAS_SHORTCUTS ? alloc_elsewhere_in_line(heap, wanted, class, true)
                                 : alloc_elsewhere(heap, wanted, class);
    }
    return alloc_from_class(heap, wanted);
}
