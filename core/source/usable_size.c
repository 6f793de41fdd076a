/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fault.h"

size_t ebb_usable_size(const struct ebb_heap *heap, const void *block) {
    struct ebb_block_in_use found;
    if (!ebb_find_block(heap, block, &found)) {
        ebb_report_pointer(heap, block);
        return 0;
    }
    return ebb_payload_of(ebb_size_in(found.header));
}
