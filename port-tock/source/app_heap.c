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

#include <ebb/tock_store.h>

#include "memop.h"

/* The kernel's error code where memory is wanting: its own, a grant's or a driver's. */
enum { EBB_TOCK_NOMEM = 9 };

struct ebb_heap *ebb_tock_app_heap;

/* The break may be at any address. The heap wants to begin at a multiple of its granule, and so does the record. */
static struct ebb_tock_store *place_store(void) {
    size_t alignment = ebb_geometry().granule;
    struct ebb_tock_answer found = ebb_tock_memop(EBB_TOCK_SBRK, 0);
    uintptr_t padding = -found.value & (alignment - 1);
    if (!found.success || !ebb_tock_memop(EBB_TOCK_SBRK, padding + sizeof(struct ebb_tock_store)).success) {
        return NULL;
    }
    return (struct ebb_tock_store *)(found.value + padding);
}

static struct ebb_heap *create(const struct ebb_policy *policy, bool fresh_is_zero) {
    struct ebb_tock_store *store = place_store();
    if (store == NULL) {
        return NULL;
    }
    ebb_tock_store_init(store);
    store->store.fresh_is_zero = fresh_is_zero;
    struct ebb_heap *heap = ebb_create(&store->store, policy);
    if (heap == NULL) {
        /* The padding stays behind: the next try needs it again. */
        ebb_tock_memop(EBB_TOCK_BRK, (uintptr_t)store);
    }
    return heap;
}

bool ebb_tock_start(const struct ebb_policy *policy, bool fresh_is_zero) {
    if (ebb_tock_app_heap != NULL) {
        return false;
    }
    ebb_tock_app_heap = create(policy, fresh_is_zero);
    return ebb_tock_app_heap != NULL;
}

struct ebb_heap *ebb_tock_heap(void) {
    if (ebb_tock_app_heap == NULL) {
        ebb_tock_app_heap = create(NULL, false);
    }
    return ebb_tock_app_heap;
}

bool ebb_tock_set_policy(const struct ebb_policy *policy) {
    struct ebb_heap *heap = ebb_tock_heap();
    return heap != NULL && ebb_set_policy(heap, policy);
}

size_t ebb_tock_trim(void) {
    return ebb_tock_app_heap != NULL ? ebb_trim(ebb_tock_app_heap) : 0;
}

bool ebb_tock_relieve(uint32_t error) {
    return error == EBB_TOCK_NOMEM && ebb_tock_trim() != 0;
}

void ebb_tock_get_statistics(struct ebb_statistics *statistics) {
    if (ebb_tock_app_heap == NULL) {
        *statistics = (struct ebb_statistics){0};
        return;
    }
    ebb_get_statistics(ebb_tock_app_heap, statistics);
}
