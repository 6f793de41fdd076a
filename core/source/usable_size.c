/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fault.h"

size_t ebb_usable_size(const struct ebb_heap *heap, const void *block) {
    if (block == NULL) {
        return 0;
    }
    if (!ebb_is_block(heap, block)) {
        ebb_report_pointer(heap, block);
        return 0;
    }
    return ebb_payload_of(ebb_size(block));
}
