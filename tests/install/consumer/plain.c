/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A program that needs nothing but the core: a heap in a buffer. Returns 0 if all is well. */
#include <ebb/buffer_store.h>
#include <ebb/heap.h>

static _Alignas(16) unsigned char buffer[8192];

int main(void) {
#ifdef EXPECTED_HARDENING
    if (ebb_get_geometry().hardening != EXPECTED_HARDENING) {
        return 5;
    }
#endif
    struct ebb_buffer_store store;
    ebb_buffer_store_init(&store, buffer, sizeof buffer);
    struct ebb_heap *heap = ebb_create(&store.store, NULL);
    if (heap == NULL) {
        return 1;
    }
    unsigned char *block = ebb_alloc(heap, 100);
    if (block == NULL || block < buffer || block >= buffer + sizeof buffer) {
        return 2;
    }
    block[99] = 1;
    block = ebb_realloc(heap, block, 1000);
    if (block == NULL || block[99] != 1) {
        return 3;
    }
    ebb_free(heap, block);
    return ebb_check(heap).damage == EBB_SOUND ? 0 : 4;
}
