/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * For a heap that is to have all there is, from the start and for good: EBB_FIXED. All other heaps ask for what they
 * need; to give them less than that would be of no use to them, and would keep memory from the grants.
 */
#include <ebb/heap.h>

#include "break.h"
#include "code_address.h"
#include "protection.h"
#include "tock_store_parts.h"

/* No other heap asks for so much. And sbrk() would take a size above INTPTR_MAX for a negative one: never passed on. */
static bool asks_for_all(size_t size) {
    return size >= ebb_get_geometry().largest_region || size > INTPTR_MAX;
}

/*
 * Grants lie at or above the end of our memory as the protection rounds it. So the highest break is the start of the
 * grants where protection granules are small, and less than one lower where they are large. How large they are is found
 * by doubling: what find_protection_granule() takes them for is too much on some boards, and too little with a kernel
 * of release 2.1.
 */
static size_t raise_break_to_grants(const struct ebb_tock_store *self, uintptr_t start) {
    for (size_t step = EBB_TOCK_PROTECTION_GRANULE_RISCV;; step *= 2) {
        uintptr_t grants = ebb_tock_memop(EBB_TOCK_GRANTS_START, 0);
        uintptr_t highest = ebb_tock_round_down(grants < self->highest ? grants : self->highest, step);
        if (grants == EBB_TOCK_REFUSED || highest <= start) {
            return 0;
        }
        if (ebb_tock_set_break(highest)) {
            return highest - start;
        }
    }
}

static struct ebb_span raise_break_or_take_all(void *context, size_t size) {
    struct ebb_tock_store *self = context;
    if (!asks_for_all(size)) {
        return ebb_tock_raise_break(self, size);
    }
    uintptr_t start = ebb_tock_get_break();
    size_t added = raise_break_to_grants(self, start);
    if (added != 0) {
        ebb_tock_note_growth(self, start, added);
    }
    return (struct ebb_span){.start = (void *)start, .size = added};
}

void ebb_tock_store_give_everything(struct ebb_tock_store *self) {
    EBB_TOCK_LOAD_ADDRESS(self->store.grow, raise_break_or_take_all);
}

void ebb_tock_store_init(struct ebb_tock_store *self) {
    ebb_tock_store_init_stepwise(self);
    ebb_tock_store_give_everything(self);
}
