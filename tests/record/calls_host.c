/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A program on the host, with a heap in a buffer. */
#include "calls.h"

#include <ebb/buffer_store.h>

#include <inttypes.h>
#include <stdio.h>

struct ebb_heap *calls_heap(void) {
    static unsigned char buffer[1 << 18];
    static struct ebb_buffer_store store;
    static struct ebb_heap *heap;
    if (heap == NULL) {
        ebb_buffer_store_init(&store, buffer, sizeof buffer);
        heap = ebb_create(&store.store, NULL);
    }
    return heap;
}

void *calls_alloc(size_t size) {
    return ebb_alloc(calls_heap(), size);
}

void *calls_calloc(size_t size) {
    return ebb_calloc(calls_heap(), 1, size);
}

void *calls_aligned_alloc(size_t alignment, size_t size) {
    return ebb_aligned_alloc(calls_heap(), alignment, size);
}

void *calls_realloc(void *block, size_t size) {
    return ebb_realloc(calls_heap(), block, size);
}

void calls_free(void *block) {
    ebb_free(calls_heap(), block);
}

void calls_put_out(void *context, const void *bytes, size_t size) {
    (void)context;
    fwrite(bytes, 1, size, stdout);
}

void calls_say(const char *name, uint32_t first, uint32_t second) {
    printf("@%s %" PRIu32 " %" PRIu32 "\n", name, first, second);
}

uint32_t calls_instructions(void) {
    return 0;
}
