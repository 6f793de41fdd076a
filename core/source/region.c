/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The end of the region: asks the store to move it, and believes nothing but the answer. */
#include "bins.h"
#include "fault.h"
#include "moving_end.h"
#include "poison.h"

/* ---- Places of the end ---- */

/* By how much an end may be past a place where the store likes it, at most. */
static size_t most_past(const struct ebb_heap *heap) {
    size_t granule = heap->store->granule;
    return granule != 0 ? granule - 1 : 0;
}

/* Where an end `end` bytes from the start of the region goes, so that the store likes it: there or higher. */
static size_t aligned_end(const struct ebb_heap *heap, size_t end) {
    return end + (-((uintptr_t)heap + end) & most_past(heap));
}

/* Bytes that the region may still grow by. */
static size_t room(const struct ebb_heap *heap) {
    return heap->maximum - ebb_region_bytes(heap);
}

static void note_peak(struct ebb_heap *heap) {
    if (heap->peak_region < ebb_region_bytes(heap)) {
        heap->peak_region = ebb_region_bytes(heap);
    }
}

/* ---- What the store takes ---- */

/* Asks the store once to take back `bytes`; returns what it took. */
static size_t ask_to_take(struct ebb_heap *heap, size_t bytes) {
    const struct ebb_store *store = heap->store;
    if (bytes == 0 || store->shrink == NULL || heap->is_buried) {
        return 0;
    }
    size_t taken = store->shrink(store->context, bytes);
    if (taken > bytes) {
        ebb_report(heap, EBB_FAULT_STORE, (const char *)heap + ebb_region_bytes(heap));
        taken = bytes;
    }
    if (taken != 0) {
        heap->shrinks++;
    } else {
        heap->refusals++;
    }
    return taken;
}

size_t ebb_shrink_by(struct ebb_heap *heap, size_t bytes) {
    size_t taken = ask_to_take(heap, bytes);
    heap->idle -= taken;
    /* What the store took comes back as its promise says. */
    if (heap->fresh > heap->extent + heap->idle) {
        heap->fresh = heap->extent + heap->idle;
    }
    return taken;
}

/* ---- What the store gives ---- */

/* [ idle   ->  [ free ][       The header of what follows is not written yet. */
static void free_idle(struct ebb_heap *heap, ebb_cell *top, size_t size) {
    ebb_cell *next = ebb_after(top, size);
    ebb_poison_payload(top, next);
    ebb_set_header(heap, top, ebb_header_of(size, ebb_header(top)));
    ebb_set_left_size(next, size);
    ebb_bin(heap, top, size, ebb_link_to(heap, top));
}

/*
 * Somebody else has moved the end of the region by `gap` bytes, and new memory starts beyond:
 *
 *   [used][ idle ]| somebody else's |[    new    ]   ->   [used][ free ][      gap      ][ new top ]
 *
 * Returns whether that can be written down `within` so many bytes of the old end; nothing has changed if not.
 */
static bool bridge_gap(struct ebb_heap *heap, size_t gap, size_t within) {
    size_t end = heap->extent + heap->idle;
    size_t after = ebb_round_up(end + gap + 2 * EBB_HEADER_SIZE);
    if (after > end + within) {
        return false;
    }
    ebb_cell *old_top = ebb_top(heap);
    size_t free_size = ebb_size_within(heap->idle);
    ebb_cell *low = ebb_after(old_top, free_size);
    ebb_cell *top = ebb_block_at(heap, after);
    size_t flags = EBB_USED;
    if (free_size != 0) {
        free_idle(heap, old_top, free_size);
    } else {
        flags |= ebb_header(old_top);
    }
    ebb_set_header(heap, low, ebb_header_of(ebb_size_between(low, top), flags));
    ebb_set_left_size(top, EBB_FOOTER_OF_GAP);
    ebb_set_top(heap, top, 0);
    return true;
}

/* Makes `within` bytes beyond the end part of the region, of which the first `gap` are somebody else's; or nothing. */
static bool extend(struct ebb_heap *heap, size_t gap, size_t within) {
    size_t new_end = heap->extent + heap->idle + within;
    if (gap != 0 && !bridge_gap(heap, gap, within)) {
        return false;
    }
    heap->idle = new_end - heap->extent;
    note_peak(heap);
    return true;
}

bool ebb_take_in(struct ebb_heap *heap, uintptr_t start, size_t size) {
    size_t gap = start - ebb_end(heap);
    size_t reach = gap + size;
    size_t within = reach < room(heap) ? reach : room(heap);
    /* Or what is too much would not be offered below. */
    heap->is_buried = false;
    bool is_usable = extend(heap, gap, within);
    size_t surplus = is_usable ? reach - within : size;
    surplus -= ask_to_take(heap, surplus);
    /*
     * What lies right above the region is somebody else's then, or what the store keeps of a surplus. To shrink below
     * it would make a gap of it: lost, and another one each time that the region reaches its maximum. Two statements,
     * as one condition of both would be a branch.
     */
    heap->is_buried = !is_usable;
    heap->is_buried |= surplus != 0;
    return is_usable;
}

/* ---- Asking for more ---- */

/* Asks the store once for `bytes` more; returns how many it gave, of use or not. A lie gives none. */
static size_t ask_for(struct ebb_heap *heap, size_t bytes) {
    const struct ebb_store *store = heap->store;
    struct ebb_span span = store->grow(store->context, bytes);
    /* Not with the end, one byte higher: that of a region up to the last of all addresses is 0. */
    if (span.size != 0 && (uintptr_t)span.start <= ebb_end(heap) - 1) {
        ebb_report(heap, EBB_FAULT_STORE, span.start);
        span.size = 0;
    }
    bool grown = span.size != 0 && ebb_take_in(heap, (uintptr_t)span.start, span.size);
    uint32_t *counter = grown ? &heap->grows : &heap->refusals;
    ++*counter;
    return span.size;
}

/* The same, but asks for nothing, and gives none, if that is more than the region may grow by. */
static size_t ask_within_room(struct ebb_heap *heap, size_t bytes) {
    return bytes <= room(heap) ? ask_for(heap, bytes) : 0;
}

/*
 * The bytes to ask for when so many are missing: a lot, and up to where the store likes the end. If that is beyond the
 * maximum, which is `most` bytes away, up to the last such place within it; or, where that will not do, up to the
 * maximum.
 */
static size_t bytes_to_ask_for(struct ebb_heap *heap, size_t missing, size_t most) {
    size_t lot = ebb_next_lot(heap, missing);
    size_t beyond = most_past(heap);
    /* The end may be beyond what an address can say; how far it is past a multiple never is. */
    size_t bytes = (lot > missing ? lot : missing) + beyond;
    bytes = bytes < most ? bytes : most;
    size_t past = (ebb_end(heap) + bytes) & beyond;
    return bytes >= past && bytes - past >= missing ? bytes - past : bytes;
}

/* At least as many bytes as bridge_gap() may leave unused of what follows a gap, in granules. */
#define ABOVE_GAP ((2 * EBB_HEADER_SIZE + 2 * EBB_GRANULE - 1) / EBB_GRANULE * EBB_GRANULE)

/*
 * For `bytes`, the store has given `given`, which is not enough for `idle_needed`, or nothing: once more, for no
 * more than is needed.
 */
static void ask_again(struct ebb_heap *heap, size_t idle_needed, size_t bytes, size_t given) {
    if (heap->is_buried) {
        /* There is a gap: what is idle below will not count, and the gap's headers come on top. */
        given += ask_within_room(heap, idle_needed + ABOVE_GAP);
        if (given != 0) {
            return;
        }
        /* Or none any more, which only an answer tells: then that may have been too much for what is left. */
    }
    size_t missing = idle_needed - heap->idle;
    bool was_refused = given == 0 && missing == bytes;
    if (!was_refused) {
        ask_within_room(heap, missing);
    }
}

bool ebb_grow(struct ebb_heap *heap, size_t idle_needed) {
    size_t missing = idle_needed - heap->idle;
    size_t most = room(heap);
    if (missing > most) {
        return false;
    }
    size_t bytes = bytes_to_ask_for(heap, missing, most);
    size_t given = ask_for(heap, bytes);
    if (heap->idle < idle_needed) {
        ask_again(heap, idle_needed, bytes, given);
    }
    return heap->idle >= idle_needed;
}

bool ebb_reserve(struct ebb_heap *heap, size_t maximum) {
    size_t missing = room(heap);
    if (missing != 0 && maximum == 0) {
        ask_for(heap, EBB_LARGEST_REGION);
    } else if (missing != 0) {
        ebb_grow(heap, heap->idle + missing);
        if (room(heap) != 0) {
            return false;
        }
    }
    heap->maximum = ebb_region_bytes(heap);
    return true;
}

/* ---- Giving back ---- */

size_t ebb_give_back(struct ebb_heap *heap, size_t keep) {
    size_t end = ebb_region_bytes(heap);
    size_t target = aligned_end(heap, end - heap->idle + keep);
    /* What is not offered is not refused either. */
    if (target >= end || heap->is_buried) {
        return 0;
    }
    size_t taken = ebb_shrink_by(heap, end - target);
    ebb_note_answer(heap, end - target, taken);
    return taken;
}

bool ebb_shrink_within(struct ebb_heap *heap, size_t maximum, bool exactly) {
    size_t end = ebb_region_bytes(heap);
    size_t top = end - heap->idle;
    if (end > maximum && top <= maximum) {
        size_t target = exactly ? maximum : aligned_end(heap, maximum);
        if (target > maximum) {
            target -= heap->store->granule;
        }
        ebb_shrink_by(heap, end - (target >= top && target <= maximum ? target : maximum));
    }
    return ebb_region_bytes(heap) <= maximum;
}
