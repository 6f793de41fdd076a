/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The store knows its kernel:
 *  - The kernel says no with one code, whether the break is pinned, the grants are near or the memory protection cannot
 *    express it; and it never gives less than it was asked for.
 *  - Grants come at any time, so where they begin is asked each time.
 *  - A shared buffer pins the break until the process restarts, so a break refused from below is remembered.
 *  - Others may move the break as well, so before it is lowered it has to be where we left it.
 */
#include <ebb/tock_store.h>

#include "break.h"
#include "code_address.h"
#include "protection.h"
#include "tock_store_parts.h"

/* A shrink that was refused is halved, down to a sixteenth. */
enum { TRIES = 5 };

/* The largest alignment of any grant that is known. */
enum { GRANT_ALIGNMENT = 8 };

/* The crate in port-tock/rust declares this record too, word by word. */
_Static_assert(sizeof(struct ebb_tock_store) == 8 * sizeof(uintptr_t), "the record is five words and three");

/* ---- Growing ---- */

/*
 * sbrk() answers with the break as it was: not where we left it if somebody else has moved it, and the heap is told so.
 * Only the answer says whether the new break would be in the reserve. It wraps, but no heap asks for what would lower
 * the break: half the address space.
 */
struct ebb_span ebb_tock_raise_break(void *context, size_t size) {
    struct ebb_tock_store *self = context;
    uintptr_t start = ebb_tock_memop(EBB_TOCK_SBRK, size);
    if (start == EBB_TOCK_REFUSED) {
        size = 0;
    } else if (start + size > self->highest) {
        ebb_tock_set_break(start);
        size = 0;
    } else {
        ebb_tock_note_growth(self, start, size);
    }
    return (struct ebb_span){.start = (void *)start, .size = size};
}

/* ---- Shrinking ---- */

/*
 * To `target`, which is below the end. Between `lowest` and the end, something may be pinned. Refusals are monotone, so
 * halving finds where, and never raises the break: memory that goes back and forth would be cleared.
 */
static void lower_break_to(struct ebb_tock_store *self, uintptr_t target) {
    unsigned tries = TRIES;
    do {
        if (!ebb_tock_set_break(target)) {
            self->lowest = target + 1;
        } else {
            self->end = target;
            if (tries == TRIES) {
                return;
            }
        }
        target = ebb_tock_round_up(self->lowest + (self->end - self->lowest) / 2, self->store.granule);
    } while (target < self->end && --tries != 0);
}

/*
 * The break is queried first: lowering it and looking at the answer would be one call instead of two, but by then
 * somebody else's memory would be gone, and the kernel clears it before it gives it back.
 */
static size_t lower_break(void *context, size_t size) {
    struct ebb_tock_store *self = context;
    uintptr_t old_end = self->end;
    uintptr_t target = old_end - size;
    if (target < self->lowest) {
        target = ebb_tock_round_up(self->lowest, self->store.granule);
    }
    if (target < old_end && ebb_tock_get_break() == old_end) {
        lower_break_to(self, target);
    }
    return old_end - self->end;
}

/* ---- What the board is ---- */

#if defined(__riscv)
static size_t find_protection_granule(void) {
    return EBB_TOCK_PROTECTION_GRANULE_RISCV;
}
#else
static size_t find_protection_granule(void) {
    uintptr_t end = ebb_tock_memop(EBB_TOCK_RAM_END, 0);
    return ebb_tock_cortex_m_protection_granule(end - ebb_tock_memop(EBB_TOCK_RAM_START, 0));
}
#endif

/* One by one: clearing all of it first would take more code. */
void ebb_tock_store_init_stepwise(struct ebb_tock_store *self) {
    self->store.context = self;
    self->store.granule = find_protection_granule();
    self->store.fresh_is_zero = false;
    self->end = 0;
    self->highest = UINTPTR_MAX;
    EBB_TOCK_LOAD_ADDRESS(self->store.grow, ebb_tock_raise_break);
    EBB_TOCK_LOAD_ADDRESS(self->store.shrink, lower_break);
}

/* ---- What is left to grants ---- */

bool ebb_tock_store_reserve(struct ebb_tock_store *self, size_t bytes) {
    self->highest = UINTPTR_MAX;
    if (bytes != 0) {
        uintptr_t grants = ebb_tock_memop(EBB_TOCK_GRANTS_START, 0);
        if (grants == EBB_TOCK_REFUSED) {
            return false;
        }
        uintptr_t lowest_grant = bytes < grants ? ebb_tock_round_down(grants - bytes, GRANT_ALIGNMENT) : 0;
        self->highest = ebb_tock_round_down(lowest_grant, self->store.granule);
    }
    return ebb_tock_get_break() <= self->highest;
}
