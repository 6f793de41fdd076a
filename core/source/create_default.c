/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The beginning of a heap in a program that names no policy, without the code for policies: see create.c. */
#include "first_memory.h"

struct ebb_heap *ebb_create_default(const struct ebb_store *store) {
    if (!ebb_store_is_sound(store)) {
        return NULL;
    }
    struct ebb_span span = store->grow(store->context, EBB_FIRST_REQUEST);
    struct ebb_heap *heap = ebb_begin(store, span);
    if (heap == NULL) {
        ebb_give_up(store, span.size);
        return NULL;
    }
    ebb_adopt_default_policy(heap);
    ebb_take_in_rest(heap, span);
    return heap;
}
