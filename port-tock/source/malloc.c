/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The C library's allocation functions on the heap of the app.
 *
 * All in one object, and together with what newlib's own functions call: a program that took some of them from here
 * and the rest from the C library would have two heaps on one break. An object of the C library that comes in all the
 * same then defines a function twice, and the program does not link, instead of going wrong.
 */
#include "libc.h"

#include "app_heap.h"

#include <stdbool.h>
#include <stdint.h>

/* Once, and not in each function below: flash counts for more than the time that a failure takes. Returns NULL. */
__attribute__((noinline)) static void *no_memory(void) {
    ebb_tock_set_errno(EBB_TOCK_ENOMEM);
    return NULL;
}

/* Returns 0, or the error; then `block` is unchanged. */
__attribute__((noinline)) static int allocate_aligned(void **block, size_t alignment, size_t size) {
    if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
        return EBB_TOCK_EINVAL;
    }
    struct ebb_heap *heap = ebb_tock_heap();
    void *allocated = heap != NULL ? ebb_aligned_alloc(heap, alignment, size) : NULL;
    if (allocated == NULL) {
        return EBB_TOCK_ENOMEM;
    }
    *block = allocated;
    return 0;
}

/* ---- The C library's names ---- */

void *malloc(size_t size) {
    struct ebb_heap *heap = ebb_tock_heap();
    void *block = heap != NULL ? ebb_alloc(heap, size) : NULL;
    return block != NULL ? block : no_memory();
}

/* Does not start the heap: what has not been allocated cannot be freed. */
void free(void *block) {
    struct ebb_heap *heap = ebb_tock_app_heap;
    if (heap != NULL) {
        ebb_free(heap, block);
    }
}

void *calloc(size_t count, size_t size) {
    struct ebb_heap *heap = ebb_tock_heap();
    void *block = heap != NULL ? ebb_calloc(heap, count, size) : NULL;
    return block != NULL ? block : no_memory();
}

/* A size of 0 frees, as in newlib-nano, and is no error: programs written for it would lose the block otherwise. */
void *realloc(void *block, size_t size) {
    if (block != NULL && size == 0) {
        free(block);
        return NULL;
    }
    struct ebb_heap *heap = ebb_tock_heap();
    void *moved = heap != NULL ? ebb_realloc(heap, block, size) : NULL;
    return moved != NULL ? moved : no_memory();
}

void *reallocarray(void *block, size_t count, size_t size) {
    size_t product;
    if (__builtin_mul_overflow(count, size, &product)) {
        return no_memory();
    }
    return realloc(block, product);
}

void *memalign(size_t alignment, size_t size) {
    void *block = NULL;
    int error = allocate_aligned(&block, alignment, size);
    if (error != 0) {
        ebb_tock_set_errno(error);
    }
    return block;
}

void *aligned_alloc(size_t alignment, size_t size) {
    return memalign(alignment, size);
}

/* Leaves errno alone, as the standard has it. */
int posix_memalign(void **block, size_t alignment, size_t size) {
    return alignment % sizeof(void *) == 0 ? allocate_aligned(block, alignment, size) : EBB_TOCK_EINVAL;
}

size_t malloc_usable_size(void *block) {
    struct ebb_heap *heap = ebb_tock_app_heap;
    return heap != NULL ? ebb_usable_size(heap, block) : 0;
}

/* 1 if any memory went back. The padding asked for is not kept: the policy says what is. */
int malloc_trim(size_t padding) {
    (void)padding;
    return ebb_tock_trim() != 0;
}

/* ---- What newlib calls itself: see libc.h ---- */

void *_malloc_r(struct _reent *thread, size_t size) {
    (void)thread;
    return malloc(size);
}

void _free_r(struct _reent *thread, void *block) {
    (void)thread;
    free(block);
}

void *_calloc_r(struct _reent *thread, size_t count, size_t size) {
    (void)thread;
    return calloc(count, size);
}

void *_realloc_r(struct _reent *thread, void *block, size_t size) {
    (void)thread;
    return realloc(block, size);
}

void *_memalign_r(struct _reent *thread, size_t alignment, size_t size) {
    (void)thread;
    return memalign(alignment, size);
}

size_t _malloc_usable_size_r(struct _reent *thread, void *block) {
    (void)thread;
    return malloc_usable_size(block);
}

int _malloc_trim_r(struct _reent *thread, size_t padding) {
    (void)thread;
    return malloc_trim(padding);
}
