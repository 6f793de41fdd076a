/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fault.h"
#include "internal.h"

void ebb_free_sized(struct ebb_heap *heap, void *block, size_t size) {
    struct ebb_block_in_use found;
    if (!ebb_find_block(heap, block, &found)) {
        ebb_report_pointer(heap, block);
        return;
    }
    if (size > EBB_LARGEST_REQUEST || ebb_size_in(found.header) - ebb_size_for(size) >= EBB_SIZE_MIN) {
        ebb_report(heap, EBB_FAULT_SIZE, block);
        return;
    }
    ebb_free(heap, block);
}
