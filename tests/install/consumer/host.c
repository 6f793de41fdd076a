/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A program on Linux: a heap on virtual memory. Returns 0 if all is well. */
#include <ebb/heap.h>
#include <ebb/host_secret.h>
#include <ebb/host_store.h>

int main(void) {
    struct ebb_host_store store;
    if (ebb_host_store_init(&store, (size_t)1 << 24) != 0) {
        return 1;
    }
    struct ebb_heap *heap = ebb_create(&store.store, NULL);
    if (heap == NULL || !ebb_host_set_secret(heap) || ebb_alloc(heap, 100000) == NULL) {
        return 2;
    }
    ebb_destroy(heap);
    return ebb_host_store_destroy(&store) == 0 ? 0 : 3;
}
