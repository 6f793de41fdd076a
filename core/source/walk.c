/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* From block to block, in order of addresses. */
#include "control.h"

static enum ebb_block_kind kind_of(ebb_cell *block) {
    if (!ebb_is_used(block)) {
        return EBB_BLOCK_FREE;
    }
    return ebb_left_is_used(ebb_after(block, ebb_size(block))) ? EBB_BLOCK_USED : EBB_BLOCK_GAP;
}

static bool show(ebb_visitor visitor, void *context, ebb_cell *block, size_t bytes, enum ebb_block_kind kind) {
    struct ebb_block shown = {.address = ebb_payload(block), .size = bytes, .kind = kind};
    return visitor(context, &shown);
}

bool ebb_walk(const struct ebb_heap *heap, ebb_visitor visitor, void *context) {
    if (!ebb_region_is_sound(heap)) {
        return false;
    }
    size_t offset = 0;
    while (offset != heap->extent) {
        ebb_cell *block = ebb_block_at(heap, offset);
        size_t bytes = ebb_bytes_of(ebb_size(block));
        bool leads_on = bytes != 0 && bytes % EBB_GRANULE == 0 && bytes <= heap->extent - offset;
        if (!leads_on || !show(visitor, context, block, bytes, kind_of(block))) {
            return false;
        }
        offset += bytes;
    }
    return show(visitor, context, ebb_top(heap), heap->idle, EBB_BLOCK_TOP);
}

static bool add_free(void *context, const struct ebb_block *block) {
    size_t *sum = context;
    if (block->kind == EBB_BLOCK_FREE || block->kind == EBB_BLOCK_TOP) {
        *sum += block->size;
    }
    return true;
}

size_t ebb_free_bytes(const struct ebb_heap *heap) {
    size_t sum = 0;
    ebb_walk(heap, add_free, &sum);
    return sum;
}

static bool note_largest(void *context, const struct ebb_block *block) {
    size_t *largest = context;
    /* The region may end within a granule. */
    size_t bytes = ebb_bytes_of(ebb_size_within(block->size));
    if ((block->kind == EBB_BLOCK_FREE || block->kind == EBB_BLOCK_TOP) && bytes > *largest) {
        *largest = bytes;
    }
    return true;
}

size_t ebb_largest_free(const struct ebb_heap *heap) {
    size_t largest = 0;
    ebb_walk(heap, note_largest, &largest);
    return largest != 0 ? largest - EBB_HEADER_SIZE : 0;
}
