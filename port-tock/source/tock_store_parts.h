/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Parts of the store, apart so that an app has only those that it uses. */
#ifndef EBB_SOURCE_TOCK_STORE_PARTS_H
#define EBB_SOURCE_TOCK_STORE_PARTS_H

#include <ebb/tock_store.h>

/* As ebb_tock_store_init(), but no request is taken for one for everything: what EBB_FIXED needs is left out. */
void ebb_tock_store_init_stepwise(struct ebb_tock_store *self);

/* From now on, a request for everything is given all there is. */
void ebb_tock_store_give_everything(struct ebb_tock_store *self);

/* Grows by what was asked for, or not at all. */
struct ebb_span ebb_tock_raise_break(void *context, size_t size);

/* The break has been raised by `size` bytes at `start`. */
static inline void ebb_tock_note_growth(struct ebb_tock_store *self, uintptr_t start, size_t size) {
    if (self->end == 0) {
        self->lowest = start;
    }
    /* A break that somebody has lowered into our region does not move the region's end. */
    if (start >= self->end) {
        self->end = start + size;
    }
}

#endif
