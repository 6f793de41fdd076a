/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The record of the store lies at the break, and the heap begins right above it:
 *
 *      stack | static data | store | heap ...   -> break            grants |
 *
 * Static memory is used up in every app that the library is linked with, whether the app allocates or not. And nothing
 * can be prepared at the start of an app, because its constructors do not run.
 */
#include "app_heap.h"

#include "break.h"
#include "tock_store_parts.h"

#ifndef EBB_GRANULE
#error "Compile the port with the same EBB_GRANULE as core: 8 or 16."
#endif

struct ebb_heap *ebb_tock_app_heap;

/* The kernel's error code where memory is wanting: its own, a grant's or a driver's. */
enum { NOMEM = 9 };

/* So that a heap that begins right above the record needs no padding of its own. */
_Static_assert(sizeof(struct ebb_tock_store) % EBB_GRANULE == 0, "the record ends where a heap can begin");

/* The record goes back. What was left out before it, for its alignment, stays: the next try needs it again. */
static void remove_store(struct ebb_tock_store *store) {
    ebb_tock_set_break((uintptr_t)store);
}

/* The break may be at any address. What other policies need is not linked into an app that names none. */
static void start_heap(void) {
    uintptr_t start = ebb_tock_round_up(ebb_tock_get_break(), EBB_GRANULE);
    struct ebb_tock_store *store = (struct ebb_tock_store *)start;
    if (!ebb_tock_set_break(start + sizeof *store)) {
        return;
    }
    ebb_tock_store_init_stepwise(store);
    ebb_tock_app_heap = ebb_create_default(&store->store);
    if (ebb_tock_app_heap == NULL) {
        remove_store(store);
    }
}

struct ebb_heap *ebb_tock_heap(void) {
    if (ebb_tock_app_heap == NULL) {
        start_heap();
    }
    return ebb_tock_app_heap;
}

/* That memory is zero can be said late: none of it has been used. */
bool ebb_tock_start(const struct ebb_policy *policy, bool fresh_is_zero) {
    if (ebb_tock_app_heap != NULL || ebb_tock_heap() == NULL) {
        return false;
    }
    struct ebb_tock_store *store = ebb_tock_app_store();
    ebb_tock_store_give_everything(store);
    store->store.fresh_is_zero = fresh_is_zero;
    if (policy == NULL || ebb_set_policy(ebb_tock_app_heap, policy)) {
        return true;
    }
    ebb_tock_app_heap = NULL;
    remove_store(store);
    return false;
}

bool ebb_tock_set_policy(const struct ebb_policy *policy) {
    struct ebb_heap *heap = ebb_tock_heap();
    if (heap == NULL) {
        return false;
    }
    ebb_tock_store_give_everything(ebb_tock_app_store());
    return ebb_set_policy(heap, policy);
}

bool ebb_tock_set_secret(uint64_t secret) {
    struct ebb_heap *heap = ebb_tock_heap();
    return heap != NULL && ebb_set_secret(heap, secret);
}

bool ebb_tock_reserve(size_t bytes) {
    if (ebb_tock_heap() == NULL) {
        return false;
    }
    struct ebb_tock_store *store = ebb_tock_app_store();
    if (ebb_tock_store_reserve(store, bytes)) {
        return true;
    }
    /* Asked again, because it is not the heap alone that may be in the way. */
    ebb_tock_trim();
    return ebb_tock_store_reserve(store, bytes);
}

size_t ebb_tock_trim(void) {
    return ebb_tock_app_heap != NULL ? ebb_trim(ebb_tock_app_heap) : 0;
}

bool ebb_tock_relieve(uint32_t error) {
    return error == NOMEM && ebb_tock_trim() != 0;
}

void ebb_tock_get_statistics(struct ebb_statistics *statistics) {
    if (ebb_tock_app_heap == NULL) {
        *statistics = (struct ebb_statistics){0};
        return;
    }
    ebb_get_statistics(ebb_tock_app_heap, statistics);
}
