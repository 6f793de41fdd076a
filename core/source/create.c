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

/* What to ask for first, and for EBB_FIXED the only time. Without a maximum, that takes all that there is. */
static size_t first_request(const struct ebb_policy *policy) {
    if (policy->strategy != EBB_FIXED) {
        return LEAST_REGION;
    }
    return policy->maximum != 0 && policy->maximum < EBB_LARGEST_REGION ? policy->maximum : EBB_LARGEST_REGION;
}

static void offer(const struct ebb_store *store, size_t bytes) {
    if (store->shrink != NULL && bytes != 0) {
        store->shrink(store->context, bytes);
    }
}

/* The first memory of a heap, as the store's answers add it up. */
struct beginning {
    struct ebb_span span;
    uint32_t grows;
};

/*
 * Adds what `beginning` lacks to `least` bytes from where a region can start. Only once: a store that gives less twice
 * has no more. Memory that does not follow goes back at once, without what came before: what lies between is not ours.
 */
static bool extend_to(const struct ebb_store *store, struct beginning *beginning, size_t least) {
    size_t needed = bytes_before_region(beginning->span.start) + least;
    size_t size = beginning->span.size;
    if (size >= needed) {
        return true;
    }
    struct ebb_span more = store->grow(store->context, needed - size);
    if (more.size != 0 && (char *)more.start != (char *)beginning->span.start + size) {
        offer(store, more.size);
        beginning->span.size = 0;
        return false;
    }
    beginning->span.size += more.size;
    beginning->grows += more.size != 0;
    return beginning->span.size >= needed;
}

/* Takes from the store what the policy needs at the start. Returns whether it is enough; if not, all is given back. */
static bool begin(const struct ebb_store *store, const struct ebb_policy *policy, struct beginning *beginning) {
    size_t asked = first_request(policy);
    beginning->span = store->grow(store->context, asked);
    beginning->grows = 1;
    if (beginning->span.size == 0) {
        return false;
    }
    bool reserved = policy->strategy != EBB_FIXED || policy->maximum == 0 || beginning->span.size >= asked;
    if (reserved && extend_to(store, beginning, LEAST_REGION)) {
        return true;
    }
    offer(store, beginning->span.size);
    return false;
}

static struct ebb_heap *lay_out(const struct ebb_store *store, const struct ebb_policy *policy,
                                const struct beginning *beginning) {
    size_t before = bytes_before_region(beginning->span.start);
    struct ebb_heap *heap = (struct ebb_heap *)((uintptr_t)beginning->span.start + before);
    memset(heap, 0, sizeof *heap);
    heap->highest = EBB_EXACT_CLASSES - 1;
    heap->store = store;
    heap->fresh = EBB_FIRST;
    heap->grows = beginning->grows;
    ebb_set_top(heap, ebb_block_at(heap, EBB_FIRST), EBB_LEFT_USED);
    ebb_adopt_policy(heap, policy);
    ebb_set_end_within_maximum(heap, beginning->span.size - before);
    if (policy->strategy == EBB_FIXED) {
        heap->maximum = ebb_region_bytes(heap);
    }
    return heap;
}

struct ebb_heap *ebb_create(const struct ebb_store *store, const struct ebb_policy *policy) {
    static const struct ebb_policy default_policy;
    const struct ebb_policy *wanted = policy != NULL ? policy : &default_policy;
    if (!store_is_sound(store) || !ebb_policy_is_sound(wanted) || !has_room_for_a_block(wanted->maximum)) {
        return NULL;
    }
    struct beginning beginning;
    return begin(store, wanted, &beginning) ? lay_out(store, wanted, &beginning) : NULL;
}

/* Remembers where the last gap ends; what is ours without a break starts there. */
static bool note_end_of_gap(void *context, const struct ebb_block *block) {
    if (block->kind == EBB_BLOCK_GAP) {
        *(uintptr_t *)context = (uintptr_t)block->address + block->size;
    }
    return true;
}

size_t ebb_destroy(struct ebb_heap *heap) {
    const struct ebb_store *store = heap->store;
    uintptr_t start = (uintptr_t)heap;
    uintptr_t end = (uintptr_t)heap + ebb_region_bytes(heap);
    uintptr_t ours = start;
    bool is_last = (heap->marks & EBB_BURIED) == 0;
    if (!is_last || store->shrink == NULL || !ebb_walk(heap, note_end_of_gap, &ours)) {
        return end - start;
    }
    size_t offered = end - ours;
    size_t taken = offered != 0 ? store->shrink(store->context, offered) : 0;
    return end - start - (taken < offered ? taken : offered);
}
