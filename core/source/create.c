/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The life of a heap: from the store's first memory to the return of the last. */
#include "internal.h"
#include "memory.h"

/* What the first call must bring: the control block and the header of an empty top. */
#define LEAST_REGION (EBB_FIRST * EBB_GRANULE)

/* Bytes from `address` up to where a region can start. */
static size_t bytes_before_region(const void *address) {
    return (size_t)(-(uintptr_t)address % EBB_GRANULE);
}

static bool store_is_sound(const struct ebb_store *store) {
    return store != NULL && store->grow != NULL && (store->granule & (store->granule - 1)) == 0;
}

static bool has_room_for_a_block(size_t maximum) {
    return maximum == 0 || maximum >= LEAST_REGION + EBB_SIZE_MIN * EBB_GRANULE;
}

/* What to ask for first. A fixed heap without a maximum takes all that there is. */
static size_t first_request(const struct ebb_policy *policy) {
    size_t all = (size_t)EBB_NUMBER_MAX * EBB_GRANULE;
    if (policy->strategy != EBB_FIXED) {
        return LEAST_REGION;
    }
    return policy->maximum != 0 && policy->maximum < all ? policy->maximum : all;
}

static void return_all(const struct ebb_store *store, size_t bytes) {
    if (store->shrink != NULL && bytes != 0) {
        store->shrink(store->context, bytes);
    }
}

/* Adds to `region` until it has `least` bytes from where it can start. Only one more call: a store that stutters is one
 * that has no more. */
static bool extend_to(const struct ebb_store *store, struct ebb_span *region, size_t least) {
    size_t needed = bytes_before_region(region->start) + least;
    if (region->size >= needed) {
        return true;
    }
    struct ebb_span more = store->grow(store->context, needed - region->size);
    bool follows = more.size != 0 && (char *)more.start == (char *)region->start + region->size;
    region->size += more.size;
    return follows && region->size >= needed;
}

/* The first memory of a heap; a size of 0 if the store has not enough for the policy. */
static struct ebb_span first_region(const struct ebb_store *store, const struct ebb_policy *policy) {
    size_t asked = first_request(policy);
    struct ebb_span region = store->grow(store->context, asked);
    bool reserved = policy->strategy != EBB_FIXED || policy->maximum == 0 || region.size >= asked;
    if (region.size != 0 && (!reserved || !extend_to(store, &region, LEAST_REGION))) {
        return_all(store, region.size);
        region.size = 0;
    }
    return region;
}

static struct ebb_heap *lay_out(const struct ebb_store *store, const struct ebb_policy *policy,
                                struct ebb_span region) {
    size_t before = bytes_before_region(region.start);
    size_t all = (size_t)EBB_NUMBER_MAX * EBB_GRANULE;
    size_t size = region.size - before < all ? region.size - before : all;
    struct ebb_heap *heap = (struct ebb_heap *)((uintptr_t)region.start + before);
    memset(heap, 0, sizeof *heap);
    heap->store = store;
    heap->end = (ebb_number)(size / EBB_GRANULE);
    heap->slack = (uint8_t)(size % EBB_GRANULE);
    heap->fresh = EBB_FIRST;
    heap->peak_region = size;
    heap->grows = 1;
    ebb_set_top(heap, EBB_FIRST, EBB_LEFT_USED);
    ebb_adopt_policy(heap, policy);
    if (policy->strategy == EBB_FIXED) {
        heap->maximum = heap->end;
    }
    return heap;
}

struct ebb_heap *ebb_create(const struct ebb_store *store, const struct ebb_policy *policy) {
    static const struct ebb_policy default_policy;
    const struct ebb_policy *wanted = policy != NULL ? policy : &default_policy;
    if (!store_is_sound(store) || !ebb_policy_is_sound(wanted) || !has_room_for_a_block(wanted->maximum)) {
        return NULL;
    }
    struct ebb_span region = first_region(store, wanted);
    return region.size != 0 ? lay_out(store, wanted, region) : NULL;
}

size_t ebb_destroy(struct ebb_heap *heap) {
    const struct ebb_store *store = heap->store;
    size_t bytes = ebb_region_bytes(heap);
    size_t taken = store->shrink != NULL ? store->shrink(store->context, bytes) : 0;
    return taken < bytes ? bytes - taken : 0;
}
