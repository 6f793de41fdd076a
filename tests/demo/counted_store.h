/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A store that passes everything on to another one and keeps the books: where the region ends, and what moves cost. */
#ifndef EBB_DEMO_COUNTED_STORE_H
#define EBB_DEMO_COUNTED_STORE_H

#include <ebb/store.h>

#include <stdint.h>

struct counted_store {
    struct ebb_store store; /* what ebb_create() takes */
    const struct ebb_store *inner;
    uintptr_t start; /* of the region; 0 before the first growth */
    uintptr_t end;
    size_t peak; /* most bytes that the region ever had */
    uint32_t moves;
    uint32_t refusals;
    uint64_t returned;     /* bytes given back, all in all */
    uint64_t instructions; /* spent in the inner store */
};

void counted_store_init(struct counted_store *self, const struct ebb_store *inner);

/* Bytes of the region, now. */
size_t counted_store_region(const struct counted_store *self);

#endif
