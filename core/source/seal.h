/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * At level 2, a header has a seal, which depends on what it says, where it lies, and the heap's key. So a header that
 * was overwritten, forged or copied is told from one that the heap has written there. At other levels, each header
 * counts as sealed.
 *
 * Whoever changes a header that was there before has to check its seal first, or a forged one becomes a true one.
 */
#ifndef EBB_SOURCE_SEAL_H
#define EBB_SOURCE_SEAL_H

#include "control.h"

#if EBB_HARDENING == 2

/* Derives from `secret` what headers are sealed with from now on. */
void ebb_draw_key(struct ebb_heap *heap, uint64_t secret);

static inline ebb_number ebb_seal_for(const struct ebb_heap *heap, const ebb_cell *block, size_t header) {
    return ebb_hash(&heap->key, header, ebb_link_to(heap, block));
}

static inline void ebb_seal(const struct ebb_heap *heap, ebb_cell *block, size_t header) {
    block[EBB_SEAL] = ebb_seal_for(heap, block, header);
}

/* Whether the header is one that the heap has written there. */
static inline bool ebb_is_sealed(const struct ebb_heap *heap, const ebb_cell *block) {
    return block[EBB_SEAL] == ebb_seal_for(heap, block, ebb_header(block));
}

#else

static inline void ebb_draw_key(const struct ebb_heap *heap, uint64_t secret) {
    (void)heap;
    (void)secret;
}

static inline void ebb_seal(const struct ebb_heap *heap, const ebb_cell *block, size_t header) {
    (void)heap;
    (void)block;
    (void)header;
}

static inline bool ebb_is_sealed(const struct ebb_heap *heap, const ebb_cell *block) {
    (void)heap;
    (void)block;
    return true;
}

#endif

#endif
