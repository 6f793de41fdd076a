/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fault.h"

size_t ebb_usable_size(const struct ebb_heap *heap, const void *block) {
    const ebb_cell *found = ebb_find_block(heap, block);
    return found != NULL ? ebb_payload_of(ebb_size(found)) : 0;
}
