/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Allocation. In this order: a block of the request's own class; the rest of the last cut; a block of a higher class,
 * which is cut, and what is left of it is the new rest; the bottom of top.
 */
#include "internal.h"

/* How many blocks of its own class a request looks at. */
enum { LOOKS = 4 };

/* A free block of the request's own class that is large enough, if one is found soon. */
static inline ebb_cell *find_in_class(const struct ebb_bins *bins, size_t class, size_t size) {
    ebb_number number = bins->first[class];
    for (int looks = LOOKS; number != 0 && looks != 0; looks--) {
        ebb_cell *block = ebb_block_at(bins, number);
        if (size < EBB_EXACT_CLASSES || ebb_size(block) >= size) {
            return block;
        }
        number = block[EBB_NEXT];
    }
    return NULL;
}

/* The rest, if it is large enough. */
static inline ebb_cell *find_rest(const struct ebb_bins *bins, size_t size) {
    ebb_number number = bins->first[EBB_CLASS_OF_REST];
    ebb_cell *rest = ebb_block_at(bins, number);
    return number != 0 && ebb_size(rest) >= size ? rest : NULL;
}

/* [ free size ][next]  ->  [used size ][next] */
static inline ebb_cell *use_whole(ebb_cell *block, size_t size) {
    ebb_set_used(block);
    ebb_set_left_used(ebb_after(block, size));
    return block;
}

/*
 * [   free size   ][next]  ->  [ free rest ][used wanted][next]
 *
 * The upper end is cut off, not the lower one: so what is left stays at its place, and can stay in its list.
 */
static inline ebb_cell *use_upper_end(ebb_cell *block, size_t size, size_t wanted) {
    size_t rest = size - wanted;
    ebb_cell *taken = ebb_after(block, rest);
    ebb_resize(block, rest);
    ebb_set_header(taken, ebb_header_of(wanted, EBB_USED));
    ebb_set_left_size(taken, rest);
    ebb_set_left_used(ebb_after(taken, wanted));
    return taken;
}

/* From a block of the request's own class: what is left of it, if anything, is small. */
static inline ebb_cell *take_from_class(struct ebb_bins *bins, ebb_cell *block, size_t size) {
    size_t found = ebb_size(block);
    size_t left = found - size;
    ebb_unbin(bins, block);
    if (size < EBB_EXACT_CLASSES || ebb_is_too_small(left)) {
        return use_whole(block, found);
    }
    ebb_bin(bins, block, left);
    return use_upper_end(block, found, size);
}

/* From the rest, which stays the rest. */
static inline ebb_cell *take_from_rest(struct ebb_bins *bins, ebb_cell *rest, size_t size) {
    size_t found = ebb_size(rest);
    if (ebb_is_too_small(found - size)) {
        ebb_unbin(bins, rest);
        return use_whole(rest, found);
    }
    return use_upper_end(rest, found, size);
}

/* A block in no list becomes the rest; the old rest goes where its size belongs. */
static void replace_rest(struct ebb_bins *bins, ebb_cell *block) {
    ebb_number old = bins->first[EBB_CLASS_OF_REST];
    if (old != 0) {
        ebb_cell *old_rest = ebb_block_at(bins, old);
        ebb_unbin(bins, old_rest);
        ebb_bin(bins, old_rest, ebb_size(old_rest));
    }
    ebb_bin_as(bins, block, EBB_CLASS_OF_REST);
}

/* From a block of a higher class: what is left of it becomes the rest. */
static ebb_cell *take_from_above(struct ebb_bins *bins, size_t class, size_t size) {
    ebb_cell *block = ebb_first_above(bins, class);
    if (block == NULL) {
        return NULL;
    }
    size_t found = ebb_size(block);
    ebb_unbin(bins, block);
    if (ebb_is_too_small(found - size)) {
        return use_whole(block, found);
    }
    replace_rest(bins, block);
    return use_upper_end(block, found, size);
}

/* From where most requests are met. */
static inline ebb_cell *take_close(struct ebb_bins *bins, size_t class, size_t size) {
    ebb_cell *block = find_in_class(bins, class, size);
    if (block != NULL) {
        return take_from_class(bins, block, size);
    }
    ebb_cell *rest = find_rest(bins, size);
    return rest != NULL ? take_from_rest(bins, rest, size) : NULL;
}

ebb_cell *ebb_take_free(struct ebb_heap *heap, size_t size) {
    struct ebb_bins *bins = &heap->bins;
    ebb_cell *rest = find_rest(bins, size);
    return rest != NULL ? take_from_rest(bins, rest, size) : take_from_above(bins, ebb_class_of(size), size);
}

ebb_cell *ebb_take_top(struct ebb_heap *heap, size_t size) {
    if (ebb_idle(heap) < size && !ebb_grow(heap, size)) {
        return NULL;
    }
    ebb_cell *block = ebb_top(heap);
    ebb_set_header(block, ebb_header_of(size, (ebb_header(block) & EBB_LEFT_USED) | EBB_USED));
    ebb_set_top(heap, heap->top + size, EBB_LEFT_USED);
    if (heap->fresh < heap->top) {
        heap->fresh = heap->top;
    }
    if (heap->spare > ebb_idle(heap)) {
        heap->spare = (ebb_number)ebb_idle(heap);
    }
    return block;
}

EBB_COLD void *ebb_fail(struct ebb_heap *heap) {
    ebb_count_up(&heap->failed_requests);
    return NULL;
}

static EBB_COLD void *alloc_from_afar(struct ebb_heap *heap, size_t class, size_t size) {
    ebb_cell *block = take_from_above(&heap->bins, class, size);
    if (block == NULL) {
        block = ebb_take_top(heap, size);
    }
    if (block == NULL) {
        return ebb_fail(heap);
    }
    ebb_count_live(heap, ebb_size(block));
    return block;
}

void *ebb_alloc(struct ebb_heap *heap, size_t size) {
    ebb_count_request(heap, size);
    if (size > EBB_LARGEST_REQUEST) {
        return ebb_fail(heap);
    }
    size_t wanted = ebb_size_for(size);
    size_t class = wanted < EBB_EXACT_CLASSES ? wanted : ebb_class_of(wanted);
    ebb_cell *block = take_close(&heap->bins, class, wanted);
    if (block == NULL) {
        return alloc_from_afar(heap, class, wanted);
    }
    ebb_count_live(heap, EBB_SIZE_MIN == 1 ? wanted : ebb_size(block));
    return block;
}
