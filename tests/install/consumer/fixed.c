/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A program whose heap is a buffer and stays it. Returns 0 if all is well. */
#include <ebb/fixed.h>

static unsigned char buffer[2048];

int main(void) {
    struct ebb_heap *heap = ebb_create_fixed(buffer, sizeof buffer);
    if (heap == NULL) {
        return 1;
    }
    void *block = ebb_alloc(heap, 100);
    void *too_large = ebb_alloc(heap, sizeof buffer);
    if (block == NULL || too_large != NULL) {
        return 2;
    }
    ebb_free(heap, block);
    return ebb_check(heap).damage == EBB_SOUND ? 0 : 3;
}
