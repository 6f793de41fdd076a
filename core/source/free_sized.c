/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fault.h"
#include "free.h"

void ebb_free_sized(struct ebb_heap *heap, void *block, size_t size) {
    ebb_cell *found = ebb_find_block(heap, block);
    if (found == NULL) {
        return;
    }
    size_t wanted = ebb_size_for(size);
    if (size > EBB_LARGEST_REQUEST || !ebb_stays(ebb_size(found) - wanted, wanted)) {
        ebb_report(heap, EBB_FAULT_SIZE, block);
        return;
    }
    ebb_free_block(heap, found);
}
