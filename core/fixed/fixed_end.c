/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * An end that never moves, in place of region.c, policy.c, what begins and ends a heap, and the store on a buffer: what
 * the blocks ask of those has its answer here. So a program whose memory stays the same carries no code for a store or
 * a policy.
 *
 * The tempting alternative, a pointer to what moves the end, which the linker would follow or not, makes every other
 * heap larger.
 */
#include "end.h"
#include "lay_out.h"

#include <ebb/fixed.h>

bool ebb_grow(struct ebb_heap *heap, size_t idle_needed) {
    (void)heap;
    (void)idle_needed;
    return false;
}

void ebb_return_burst(struct ebb_heap *heap) {
    (void)heap;
}

/* The policy's clock ticks without a policy, too: it is in every free. */
void ebb_return_idle(struct ebb_heap *heap) {
    heap->patience = EBB_COST_LEFT_MAX;
}

struct ebb_heap *ebb_create_fixed(void *memory, size_t size) {
    /* What is asked of a store is whether its memory is zero. */
    static const struct ebb_store no_store = {.fresh_is_zero = false};
    size_t before = ebb_bytes_before_heap((uintptr_t)memory);
    if (memory == NULL || size < before + EBB_REGION_OF_A_BLOCK) {
        return NULL;
    }
    size_t region = size - before < EBB_LARGEST_REGION ? size - before : EBB_LARGEST_REGION;
    struct ebb_heap *heap = ebb_lay_out((char *)memory + before, &no_store);
    /* The strategy is for who looks at the heap from outside: a debugger, a core dump. */
    heap->strategy = EBB_FIXED;
    heap->maximum = region;
    heap->peak_region = region;
    heap->idle = region - EBB_FIRST;
    return heap;
}
