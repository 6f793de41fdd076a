/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The store knows its kernel:
 *  - The kernel says no with one code, whether the break is pinned, the grants are near or the memory protection cannot
 *    express it; and it never gives less than it was asked for.
 *  - Grants come at any time, so no limit is remembered.
 *  - A shared buffer pins the break until the process restarts, so a break refused from below is remembered.
 *  - Others may move the break as well, so before it is lowered it has to be where we left it.
 */
#include <ebb/tock_store.h>

#include <ebb/heap.h>

#include "memop.h"
#include "protection.h"

/* Enough to halve what a refused shrink was about down to a sixteenth. */
enum { EBB_TOCK_PROBES = 4 };

static uintptr_t round_down(uintptr_t address, size_t granule) {
    return address & ~(uintptr_t)(granule - 1);
}

static uintptr_t round_up(uintptr_t address, size_t granule) {
    return round_down(address + granule - 1, granule);
}

static bool set_break(uintptr_t address) {
    return ebb_tock_memop(EBB_TOCK_BRK, address).success;
}

/* 0 if the kernel does not say. */
static uintptr_t get_break(void) {
    struct ebb_tock_answer found = ebb_tock_memop(EBB_TOCK_SBRK, 0);
    return found.success ? found.value : 0;
}

/* ---- Growing ---- */

/*
 * sbrk() answers with the break as it was: not where we left it if somebody else has moved it, and the heap is told so.
 * It wraps, but what would lower the break is so much that asks_for_all() takes it.
 */
static struct ebb_span grow_by(size_t size) {
    struct ebb_tock_answer old = ebb_tock_memop(EBB_TOCK_SBRK, size);
    return (struct ebb_span){.start = (void *)old.value, .size = old.success ? size : 0};
}

/*
 * Grants have to lie at or above the end of our memory as the protection rounds it. So the highest break is the start
 * of the grants where granules are small, and up to a granule less where they are large.
 */
static struct ebb_span grow_to_grants(size_t granule) {
    uintptr_t start = get_break();
    struct ebb_tock_answer grants = ebb_tock_memop(EBB_TOCK_GRANTS_START, 0);
    struct ebb_span all = {.start = (void *)start, .size = 0};
    if (start == 0 || !grants.success) {
        return all;
    }
    if (set_break(grants.value)) {
        all.size = grants.value - start;
        return all;
    }
    /* The granule is what we take the protection for; where that is wrong, the answer is found by halving. */
    uintptr_t refused = grants.value;
    uintptr_t reached = start;
    uintptr_t probe = round_down(refused - 1, granule);
    while (probe > reached && probe < refused) {
        if (set_break(probe)) {
            reached = probe;
        } else {
            refused = probe;
        }
        probe = round_up(reached + (refused - reached) / 2, granule);
    }
    all.size = reached - start;
    return all;
}

/*
 * Giving less than was asked for would be of no use to an allocation, only keep memory from the grants. But a heap that
 * asks for this much wants all there is. Nor is what would wrap around ever passed on.
 */
static bool asks_for_all(size_t size) {
    return size >= ebb_geometry().largest_region || size > INTPTR_MAX;
}

static void note_growth(struct ebb_tock_store *self, struct ebb_span grown) {
    uintptr_t start = (uintptr_t)grown.start;
    if (self->end == 0 && self->lowest < start) {
        self->lowest = start;
    }
    /* A break that somebody has lowered into our region does not move the region's end. */
    if (start >= self->end) {
        self->end = start + grown.size;
    }
}

static struct ebb_span grow(void *context, size_t size) {
    struct ebb_tock_store *self = context;
    struct ebb_span grown = asks_for_all(size) ? grow_to_grants(self->store.granule) : grow_by(size);
    if (grown.size != 0) {
        note_growth(self, grown);
    }
    return grown;
}

/* ---- Shrinking ---- */

/*
 * The break is queried first: lowering it and looking at the answer would be one call instead of two, but by then
 * somebody else's memory would be gone, and the kernel clears it before it gives it back.
 */
static bool break_is_ours(const struct ebb_tock_store *self) {
    return get_break() == self->end;
}

static bool lower_break(struct ebb_tock_store *self, uintptr_t target) {
    if (!set_break(target)) {
        self->lowest = target + 1;
        return false;
    }
    self->end = target;
    return true;
}

/*
 * Something between `lowest` and the end is pinned. Refusals are monotone, so halving finds where, and never raises the
 * break: memory that goes back and forth would be cleared.
 */
static void lower_break_to_the_pin(struct ebb_tock_store *self) {
    for (int probes = 0; probes < EBB_TOCK_PROBES; probes++) {
        uintptr_t target = round_up(self->lowest + (self->end - self->lowest) / 2, self->store.granule);
        if (target >= self->end) {
            return;
        }
        lower_break(self, target);
    }
}

static size_t shrink(void *context, size_t size) {
    struct ebb_tock_store *self = context;
    uintptr_t old_end = self->end;
    uintptr_t target = old_end - size;
    if (size > old_end || target < self->lowest) {
        target = round_up(self->lowest, self->store.granule);
    }
    if (target >= old_end || !break_is_ours(self)) {
        return 0;
    }
    if (!lower_break(self, target)) {
        lower_break_to_the_pin(self);
    }
    return old_end - self->end;
}

/* ---- What the board is ---- */

#if defined(__riscv)
static size_t find_granule(uintptr_t ram_start) {
    (void)ram_start;
    return EBB_TOCK_GRANULE_RISCV;
}
#else
static size_t find_granule(uintptr_t ram_start) {
    struct ebb_tock_answer ram_end = ebb_tock_memop(EBB_TOCK_RAM_END, 0);
    return ebb_tock_cortex_m_granule(ram_end.success ? ram_end.value - ram_start : 0);
}
#endif

/*
 * A break at the start of the process's memory leaves nothing to protect, and there are kernels that stop at that. So
 * it counts as refused from the beginning.
 */
void ebb_tock_store_init(struct ebb_tock_store *self) {
    uintptr_t ram_start = ebb_tock_memop(EBB_TOCK_RAM_START, 0).value;
    self->store = (struct ebb_store){
        .grow = grow,
        .shrink = shrink,
        .context = self,
        .granule = find_granule(ram_start),
        .fresh_is_zero = false,
    };
    self->end = 0;
    self->lowest = ram_start + 1;
}
