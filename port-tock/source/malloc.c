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

/* ---- Without errno ---- */

static void *allocate(size_t size) {
    struct ebb_heap *heap = ebb_tock_running_heap();
    return heap != NULL ? ebb_alloc(heap, size) : NULL;
}

static void *allocate_cleared(size_t count, size_t size) {
    struct ebb_heap *heap = ebb_tock_running_heap();
    return heap != NULL ? ebb_calloc(heap, count, size) : NULL;
}

static void *allocate_aligned(size_t alignment, size_t size) {
    struct ebb_heap *heap = ebb_tock_running_heap();
    return heap != NULL ? ebb_aligned_alloc(heap, alignment, size) : NULL;
}

static void *reallocate(void *block, size_t size) {
    struct ebb_heap *heap = ebb_tock_running_heap();
    return heap != NULL ? ebb_realloc(heap, block, size) : NULL;
}

/* Does not start the heap: what has not been allocated cannot be freed. */
static void release(void *block) {
    if (ebb_tock_app_heap != NULL) {
        ebb_free(ebb_tock_app_heap, block);
    }
}

static bool is_power_of_two(size_t number) {
    return number != 0 && (number & (number - 1)) == 0;
}

/* ---- The C library's names ---- */

static void *or_error(void *block, int error) {
    if (block == NULL) {
        ebb_tock_set_errno(error);
    }
    return block;
}

void *malloc(size_t size) {
    return or_error(allocate(size), EBB_TOCK_ENOMEM);
}

void free(void *block) {
    release(block);
}

void *calloc(size_t count, size_t size) {
    return or_error(allocate_cleared(count, size), EBB_TOCK_ENOMEM);
}

/* A size of 0 frees, as in newlib, and is no error: programs written for it would lose the block otherwise. */
void *realloc(void *block, size_t size) {
    if (block != NULL && size == 0) {
        release(block);
        return NULL;
    }
    return or_error(reallocate(block, size), EBB_TOCK_ENOMEM);
}

void *reallocarray(void *block, size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / size) {
        return or_error(NULL, EBB_TOCK_ENOMEM);
    }
    return realloc(block, count * size);
}

void *memalign(size_t alignment, size_t size) {
    if (!is_power_of_two(alignment)) {
        return or_error(NULL, EBB_TOCK_EINVAL);
    }
    return or_error(allocate_aligned(alignment, size), EBB_TOCK_ENOMEM);
}

void *aligned_alloc(size_t alignment, size_t size) {
    return memalign(alignment, size);
}

/* Leaves errno alone, as the standard has it. */
int posix_memalign(void **block, size_t alignment, size_t size) {
    if (!is_power_of_two(alignment) || alignment < sizeof(void *)) {
        return EBB_TOCK_EINVAL;
    }
    void *allocated = allocate_aligned(alignment, size);
    if (allocated == NULL) {
        return EBB_TOCK_ENOMEM;
    }
    *block = allocated;
    return 0;
}

size_t malloc_usable_size(void *block) {
    return ebb_tock_app_heap != NULL ? ebb_usable_size(ebb_tock_app_heap, block) : 0;
}

/* 1 if any memory went back. The padding asked for is not kept: the policy says what is. */
int malloc_trim(size_t padding) {
    (void)padding;
    return ebb_tock_trim() != 0 ? 1 : 0;
}

/* ---- What newlib calls itself ---- */

static void *or_error_of(struct _reent *thread, void *block, int error) {
    if (block == NULL) {
        *ebb_tock_errno_of(thread) = error;
    }
    return block;
}

void *_malloc_r(struct _reent *thread, size_t size) {
    return or_error_of(thread, allocate(size), EBB_TOCK_ENOMEM);
}

void _free_r(struct _reent *thread, void *block) {
    (void)thread;
    release(block);
}

void *_calloc_r(struct _reent *thread, size_t count, size_t size) {
    return or_error_of(thread, allocate_cleared(count, size), EBB_TOCK_ENOMEM);
}

void *_realloc_r(struct _reent *thread, void *block, size_t size) {
    if (block != NULL && size == 0) {
        release(block);
        return NULL;
    }
    return or_error_of(thread, reallocate(block, size), EBB_TOCK_ENOMEM);
}

void *_memalign_r(struct _reent *thread, size_t alignment, size_t size) {
    if (!is_power_of_two(alignment)) {
        return or_error_of(thread, NULL, EBB_TOCK_EINVAL);
    }
    return or_error_of(thread, allocate_aligned(alignment, size), EBB_TOCK_ENOMEM);
}

size_t _malloc_usable_size_r(struct _reent *thread, void *block) {
    (void)thread;
    return malloc_usable_size(block);
}

int _malloc_trim_r(struct _reent *thread, size_t padding) {
    (void)thread;
    return malloc_trim(padding);
}
