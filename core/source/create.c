/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The beginning of a heap, under any policy. */
#include "first_memory.h"

static bool has_room_for_a_block(size_t maximum) {
    return maximum == 0 || maximum >= EBB_REGION_OF_A_BLOCK;
}

/* What can go back of a heap without blocks, and of the bytes before it: not what lies below a gap. */
static size_t bytes_to_return(const struct ebb_heap *heap, size_t before) {
    size_t all = heap->extent == 0 ? before + ebb_region_bytes(heap) : heap->idle;
    return heap->is_buried ? 0 : all;
}

struct ebb_heap *ebb_create(const struct ebb_store *store, const struct ebb_policy *policy) {
    struct ebb_policy wanted = ebb_policy_or_default(policy);
    if (!ebb_store_is_sound(store) || !ebb_policy_is_sound(&wanted) || !has_room_for_a_block(wanted.maximum)) {
        return NULL;
    }
    struct ebb_span span = store->grow(store->context, EBB_FIRST_REQUEST);
    struct ebb_heap *heap = ebb_begin(store, span);
    size_t left = span.size;
    if (heap != NULL) {
        ebb_adopt_policy(heap, &wanted);
        ebb_take_in_rest(heap, span);
        if (wanted.strategy != EBB_FIXED || ebb_reserve(heap, wanted.maximum)) {
            return heap;
        }
        left = bytes_to_return(heap, (size_t)((char *)heap - (char *)span.start));
    }
    ebb_give_up(store, left);
    return NULL;
}
