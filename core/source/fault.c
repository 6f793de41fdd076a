/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fault.h"

void ebb_report(const struct ebb_heap *heap, enum ebb_fault fault, const void *address) {
    if (heap->fault_handler != NULL) {
        heap->fault_handler(heap->fault_context, fault, address);
    }
}

static enum ebb_fault fault_of(const struct ebb_heap *heap, const void *pointer) {
    size_t offset = ebb_offset_of(heap, pointer);
    if (offset % EBB_GRANULE != 0 || offset >= heap->extent + heap->idle) {
        return EBB_FAULT_FOREIGN;
    }
    /* What is idle now was in use at best. */
    if (offset >= heap->extent || !ebb_is_used(ebb_block_at(heap, offset))) {
        return EBB_FAULT_FREED;
    }
    return EBB_FAULT_CORRUPT;
}

void ebb_report_pointer(const struct ebb_heap *heap, const void *pointer) {
    if (pointer != NULL) {
        ebb_report(heap, fault_of(heap, pointer), pointer);
    }
}

void ebb_set_fault_handler(struct ebb_heap *heap, ebb_fault_handler handler, void *context) {
    heap->fault_handler = handler;
    heap->fault_context = context;
}
