/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The C library's allocation functions, with its behaviour: what POSIX and C leave open is answered as glibc does.
 * Nothing else is visible outside of the library.
 */

#include "process_heap.h"

#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

static bool is_power_of_two(size_t number) {
    return number != 0 && (number & (number - 1)) == 0;
}

static void *or_no_memory(void *block) {
    if (block == NULL) {
        errno = ENOMEM;
    }
    return block;
}

static void *allocate_aligned(size_t alignment, size_t size) {
    struct ebb_heap *heap = process_heap_lock();
    void *block = heap == NULL ? NULL : ebb_aligned_alloc(heap, alignment, size);
    process_heap_unlock();
    return block;
}

/* The C library's headers name their parameters __ptr and __nmemb, as only they may. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

EXPORTED void *malloc(size_t size) {
    struct ebb_heap *heap = process_heap_lock();
    void *block = heap == NULL ? NULL : ebb_alloc(heap, size);
    process_heap_unlock();
    return or_no_memory(block);
}

EXPORTED void *calloc(size_t count, size_t size) {
    struct ebb_heap *heap = process_heap_lock();
    void *block = heap == NULL ? NULL : ebb_calloc(heap, count, size);
    process_heap_unlock();
    return or_no_memory(block);
}

/* Locks the heap that a block must be of. NULL if there is none: then the block is reported when it is unlocked. */
static struct ebb_heap *lock_heap_of(const void *block) {
    struct ebb_heap *heap = process_heap_lock();
    if (heap == NULL) {
        process_heap_refuse(block);
    }
    return heap;
}

/* Keeps errno, as every layer below does. */
EXPORTED void free(void *block) {
    if (block == NULL) {
        return;
    }
    struct ebb_heap *heap = lock_heap_of(block);
    if (heap != NULL) {
        ebb_free(heap, block);
    }
    process_heap_unlock();
}

/* C23's, which are not in the headers of every C library: so by names of our own here. */
EXPORTED void release_sized(void *block, size_t size) __asm__("free_sized");
EXPORTED void release_aligned_sized(void *block, size_t alignment, size_t size) __asm__("free_aligned_sized");

void release_sized(void *block, size_t size) {
    if (block == NULL) {
        return;
    }
    struct ebb_heap *heap = lock_heap_of(block);
    if (heap != NULL) {
        ebb_free_sized(heap, block, size);
    }
    process_heap_unlock();
}

void release_aligned_sized(void *block, size_t alignment, size_t size) {
    (void)alignment;
    release_sized(block, size);
}

static void *reallocate(void *block, size_t size) {
    struct ebb_heap *heap = lock_heap_of(block);
    void *moved = heap == NULL ? NULL : ebb_realloc(heap, block, size);
    process_heap_unlock();
    return or_no_memory(moved);
}

/* A size of 0 frees: programs written for glibc count on it, although C23 leaves it undefined. */
EXPORTED void *realloc(void *block, size_t size) {
    if (block == NULL) {
        return malloc(size);
    }
    if (size == 0) {
        free(block);
        return NULL;
    }
    return reallocate(block, size);
}

EXPORTED void *reallocarray(void *block, size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / size) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(block, count * size);
}

/* An alignment that is no power of two is raised to the next one; only what is beyond the largest is an error. */
EXPORTED void *memalign(size_t alignment, size_t size) {
    const size_t largest = SIZE_MAX / 2 + 1;
    if (alignment > largest) {
        errno = EINVAL;
        return NULL;
    }
    size_t raised = 1;
    while (raised < alignment) {
        raised *= 2;
    }
    return or_no_memory(allocate_aligned(raised, size));
}

/* Here an alignment that is no power of two is an error, as C17 says and glibc does from 2.38 on. */
EXPORTED void *aligned_alloc(size_t alignment, size_t size) {
    if (!is_power_of_two(alignment)) {
        errno = EINVAL;
        return NULL;
    }
    return or_no_memory(allocate_aligned(alignment, size));
}

EXPORTED int posix_memalign(void **block, size_t alignment, size_t size) {
    if (!is_power_of_two(alignment) || alignment % sizeof(void *) != 0) {
        return EINVAL;
    }
    void *allocated = allocate_aligned(alignment, size);
    if (allocated == NULL) {
        return ENOMEM;
    }
    *block = allocated;
    return 0;
}

static size_t page_size(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

EXPORTED void *valloc(size_t size) {
    return or_no_memory(allocate_aligned(page_size(), size));
}

EXPORTED void *pvalloc(size_t size) {
    const size_t page = page_size();
    if (size > SIZE_MAX - (page - 1)) {
        errno = ENOMEM;
        return NULL;
    }
    return or_no_memory(allocate_aligned(page, (size + page - 1) & ~(page - 1)));
}

EXPORTED size_t malloc_usable_size(void *block) {
    if (block == NULL) {
        return 0;
    }
    struct ebb_heap *heap = lock_heap_of(block);
    size_t size = heap == NULL ? 0 : ebb_usable_size(heap, block);
    process_heap_unlock();
    return size;
}

/* All of the idle end goes, `pad` or not: the heap takes back what it needs, in steps that it has found to fit. */
EXPORTED int malloc_trim(size_t pad) {
    (void)pad;
    struct ebb_heap *heap = process_heap_lock();
    const size_t returned = heap == NULL ? 0 : ebb_trim(heap);
    process_heap_unlock();
    return returned > 0;
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
