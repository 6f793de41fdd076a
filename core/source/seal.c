/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What the seals of a heap depend on, at level 2. */
#include "seal.h"
#include "fault.h"

#if EBB_HARDENING == 2

/* Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014. */
static uint64_t next_word(uint64_t *state) {
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t word = *state;
    word = (word ^ word >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    word = (word ^ word >> 27) * UINT64_C(0x94d049bb133111eb);
    return word ^ word >> 31;
}

void ebb_draw_key(struct ebb_heap *heap, uint64_t secret) {
    heap->key.of_header = (ebb_key_part)next_word(&secret);
    heap->key.of_link = (ebb_key_part)next_word(&secret);
    heap->key.offset = (ebb_key_part)next_word(&secret);
}

/* A walk over headers that are sound so far, and the block that it comes to next. */
struct progress {
    const struct ebb_heap *heap;
    const char *next;
};

static bool is_sealed(void *context, const struct ebb_block *block) {
    struct progress *self = context;
    if (!ebb_is_sealed(self->heap, ebb_block_of(block->address))) {
        return false;
    }
    self->next += block->size;
    return true;
}

static bool seal(void *context, const struct ebb_block *shown) {
    ebb_cell *block = ebb_block_of(shown->address);
    ebb_seal(context, block, ebb_header(block));
    return true;
}

bool ebb_set_secret(struct ebb_heap *heap, uint64_t secret) {
    /* All of it first: what was forged until now must not be sealed, nor a forged size lead the second walk astray. */
    struct progress progress = {.heap = heap, .next = (const char *)heap + EBB_FIRST};
    if (!ebb_walk(heap, is_sealed, &progress)) {
        ebb_report(heap, EBB_FAULT_CORRUPT, progress.next);
        return false;
    }
    ebb_draw_key(heap, secret);
    return ebb_walk(heap, seal, heap);
}

#else

bool ebb_set_secret(struct ebb_heap *heap, uint64_t secret) {
    (void)heap;
    (void)secret;
    return true;
}

#endif
