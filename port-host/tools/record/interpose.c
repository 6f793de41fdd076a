/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The C library's allocation functions, which note what they do and leave it to the next allocator. Nothing else is
 * visible outside of the library. Where the program is told that there is no memory, nothing has happened, and nothing
 * is noted.
 */
#include "next.h"
#include "recorder.h"

#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

/* Who called the exported function that this stands in. */
#define CALLER __builtin_return_address(0)

/* The C library's headers name their parameters __ptr and __nmemb, as only they may. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

static void *noted(enum trace_kind kind, void *block, size_t size, size_t alignment) {
    if (block != NULL) {
        recorder_allocated(kind, block, size, alignment);
    }
    recorder_leave();
    return block;
}

/* As the C library does: to the next power of two. */
static size_t raised(size_t alignment) {
    size_t power = 1;
    while (power < alignment && power <= SIZE_MAX / 2) {
        power *= 2;
    }
    return power;
}

/* The functions of this library that others of it call, for a caller of those. */

static void *allocate_for(const void *caller, size_t size) {
    const struct allocator *next = next_allocator();
    if (next == NULL) {
        return next_early(size);
    }
    return recorder_enter(caller) ? noted(TRACE_MALLOC, next->malloc(size), size, 0) : next->malloc(size);
}

static void *align_for(const void *caller, size_t alignment, size_t size) {
    const struct allocator *next = next_allocator();
    if (next == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    return recorder_enter(caller) ? noted(TRACE_ALIGNED, next->memalign(alignment, size), size, raised(alignment))
                                  : next->memalign(alignment, size);
}

static void *move_early(const void *caller, void *block, size_t size) {
    const size_t before = next_early_size(block);
    void *moved = allocate_for(caller, size);
    if (moved != NULL) {
        memcpy(moved, block, before < size ? before : size);
    }
    return moved;
}

static void *resize(const struct allocator *next, void *block, size_t size) {
    recorder_resizing(block);
    void *moved = next->realloc(block, size);
    if (moved != NULL) {
        recorder_resized(moved, size);
    } else if (size == 0) {
        recorder_resized_away();
    } else {
        recorder_not_resized();
    }
    return moved;
}

static void *resize_for(const void *caller, void *block, size_t size) {
    const struct allocator *next = next_allocator();
    if (block == NULL) {
        return allocate_for(caller, size);
    }
    if (next == NULL || next_is_early(block)) {
        return move_early(caller, block, size);
    }
    if (!recorder_enter(caller)) {
        return next->realloc(block, size);
    }
    void *moved = resize(next, block, size);
    recorder_leave();
    return moved;
}

EXPORTED void *malloc(size_t size) {
    return allocate_for(CALLER, size);
}

EXPORTED void *calloc(size_t count, size_t size) {
    const struct allocator *next = next_allocator();
    if (next == NULL) {
        return next_early(count * size);
    }
    return recorder_enter(CALLER) ? noted(TRACE_CALLOC, next->calloc(count, size), count * size, 0)
                                  : next->calloc(count, size);
}

/* Before it is freed: once it is, another thread may get its address. */
EXPORTED void free(void *block) {
    const struct allocator *next = next_allocator();
    if (block == NULL || next == NULL || next_is_early(block)) {
        return;
    }
    if (recorder_enter(CALLER)) {
        recorder_freed(block);
        recorder_leave();
    }
    next->free(block);
}

/* C23's, which not every C library has: so by names of our own here, and served by free(). */
EXPORTED void release_sized(void *block, size_t size) __asm__("free_sized");
EXPORTED void release_aligned_sized(void *block, size_t alignment, size_t size) __asm__("free_aligned_sized");

void release_sized(void *block, size_t size) {
    (void)size;
    free(block);
}

void release_aligned_sized(void *block, size_t alignment, size_t size) {
    (void)alignment;
    release_sized(block, size);
}

EXPORTED void *realloc(void *block, size_t size) {
    return resize_for(CALLER, block, size);
}

EXPORTED void *reallocarray(void *block, size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / size) {
        errno = ENOMEM;
        return NULL;
    }
    return resize_for(CALLER, block, count * size);
}

EXPORTED void *memalign(size_t alignment, size_t size) {
    return align_for(CALLER, alignment, size);
}

EXPORTED void *aligned_alloc(size_t alignment, size_t size) {
    const struct allocator *next = next_allocator();
    if (next == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    return recorder_enter(CALLER) ? noted(TRACE_ALIGNED, next->aligned_alloc(alignment, size), size, raised(alignment))
                                  : next->aligned_alloc(alignment, size);
}

EXPORTED int posix_memalign(void **block, size_t alignment, size_t size) {
    const struct allocator *next = next_allocator();
    if (next == NULL) {
        return ENOMEM;
    }
    if (!recorder_enter(CALLER)) {
        return next->posix_memalign(block, alignment, size);
    }
    const int error = next->posix_memalign(block, alignment, size);
    noted(TRACE_ALIGNED, error == 0 ? *block : NULL, size, alignment);
    return error;
}

static size_t page_size(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

EXPORTED void *valloc(size_t size) {
    return align_for(CALLER, page_size(), size);
}

EXPORTED void *pvalloc(size_t size) {
    const size_t page = page_size();
    if (size > SIZE_MAX - (page - 1)) {
        errno = ENOMEM;
        return NULL;
    }
    return align_for(CALLER, page, (size + page - 1) & ~(page - 1));
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
