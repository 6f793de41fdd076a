/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The allocator that the program would have without this library: the C library's, or one that is preloaded as well. */
#ifndef EBB_RECORD_NEXT_H
#define EBB_RECORD_NEXT_H

#include <stdbool.h>
#include <stddef.h>

struct allocator {
    void *(*malloc)(size_t size);
    void (*free)(void *block);
    void *(*calloc)(size_t count, size_t size);
    void *(*realloc)(void *block, size_t size);
    void *(*memalign)(size_t alignment, size_t size);
    void *(*aligned_alloc)(size_t alignment, size_t size);
    int (*posix_memalign)(void **block, size_t alignment, size_t size);
};

/*
 * Finds it when it is first called; NULL while it is being found, as the search itself may allocate: that is to be
 * served by next_early(). Ends the process if there is none.
 */
const struct allocator *next_allocator(void);

/* A block of zeros that is never given back. Ends the process if there is no more room. */
void *next_early(size_t size);

/* Whether next_early() has made the block, and with which size. */
bool next_is_early(const void *block);
size_t next_early_size(const void *block);

#endif
