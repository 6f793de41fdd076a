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

/* The C library's headers name their parameters __ptr and __nmemb, as only they may. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

static void *noted(enum trace_kind kind, void *block, size_t size, size_t alignment) {
    if (block != NULL) {
        recorder_allocated(kind, block, size, alignment);
    }
    recorder_leave();
    return block;
}

EXPORTED void *malloc(size_t size) {
    const struct allocator *next = next_allocator();
    if (next == NULL) {
        return next_early(size);
    }
    return recorder_enter() ? noted(TRACE_MALLOC, next->malloc(size), size, 0) : next->malloc(size);
}

EXPORTED void *calloc(size_t count, size_t size) {
    const struct allocator *next = next_allocator();
    if (next == NULL) {
        return next_early(count * size);
    }
    return recorder_enter() ? noted(TRACE_CALLOC, next->calloc(count, size), count * size, 0)
                            : next->calloc(count, size);
}

/* Before it is freed: once it is, another thread may get its address. */
EXPORTED void free(void *block) {
    const struct allocator *next = next_allocator();
    if (block == NULL || next == NULL || next_is_early(block)) {
        return;
    }
    if (recorder_enter()) {
        recorder_freed(block);
        recorder_leave();
    }
    next->free(block);
}

static void *move_early(void *block, size_t size) {
    const size_t before = next_early_size(block);
    void *moved = malloc(size);
    if (moved != NULL) {
        memcpy(moved, block, before < size ? before : size);
    }
    return moved;
}

static void *reallocate(const struct allocator *next, void *block, size_t size) {
    const struct live_block before = recorder_resizing(block);
    void *moved = next->realloc(block, size);
    if (moved != NULL) {
        recorder_resized(before, moved, size);
    } else if (size == 0) {
        recorder_resized_away(before);
    } else {
        recorder_not_resized(before);
    }
    return moved;
}

EXPORTED void *realloc(void *block, size_t size) {
    const struct allocator *next = next_allocator();
    if (block == NULL) {
        return malloc(size);
    }
    if (next == NULL || next_is_early(block)) {
        return move_early(block, size);
    }
    if (!recorder_enter()) {
        return next->realloc(block, size);
    }
    void *moved = reallocate(next, block, size);
    recorder_leave();
    return moved;
}

EXPORTED void *reallocarray(void *block, size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / size) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(block, count * size);
}

/* As the C library does: to the next power of two. */
static size_t raised(size_t alignment) {
    size_t power = 1;
    while (power < alignment && power <= SIZE_MAX / 2) {
        power *= 2;
    }
    return power;
}

EXPORTED void *memalign(size_t alignment, size_t size) {
    const struct allocator *next = next_allocator();
    if (next == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    return recorder_enter() ? noted(TRACE_ALIGNED, next->memalign(alignment, size), size, raised(alignment))
                            : next->memalign(alignment, size);
}

EXPORTED void *aligned_alloc(size_t alignment, size_t size) {
    const struct allocator *next = next_allocator();
    if (next == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    return recorder_enter() ? noted(TRACE_ALIGNED, next->aligned_alloc(alignment, size), size, raised(alignment))
                            : next->aligned_alloc(alignment, size);
}

EXPORTED int posix_memalign(void **block, size_t alignment, size_t size) {
    const struct allocator *next = next_allocator();
    if (next == NULL) {
        return ENOMEM;
    }
    if (!recorder_enter()) {
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
    return memalign(page_size(), size);
}

EXPORTED void *pvalloc(size_t size) {
    const size_t page = page_size();
    if (size > SIZE_MAX - (page - 1)) {
        errno = ENOMEM;
        return NULL;
    }
    return memalign(page, (size + page - 1) & ~(page - 1));
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
