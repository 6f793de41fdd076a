/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* No allocator at all: an app with it shows how much static memory the others have. It is never run. */
#include <malloc.h>
#include <stdlib.h>

void *malloc(size_t size) {
    (void)size;
    return NULL;
}

void *calloc(size_t count, size_t size) {
    (void)count;
    (void)size;
    return NULL;
}

void *realloc(void *block, size_t size) {
    (void)block;
    (void)size;
    return NULL;
}

void free(void *block) {
    (void)block;
}

size_t malloc_usable_size(void *block) {
    (void)block;
    return 0;
}
