/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Bare metal: malloc() and its relatives, on all the RAM that the linker script leaves. What the C library itself
 * allocates, as strdup() does, comes from there too.
 */
#include <ebb/fixed.h>

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* begin: heap */
/* From the linker script: the first byte after the static data, and the first of the stack. */
extern char __heap_start[];
extern char __heap_end[];

static struct ebb_heap *heap;

/* A static object's constructor may allocate: so the heap starts at the first allocation. */
static struct ebb_heap *the_heap(void) {
    if (heap == NULL) {
        heap = ebb_create_fixed(__heap_start, (size_t)(__heap_end - __heap_start));
        if (heap == NULL) {
            abort();
        }
    }
    return heap;
}
/* end: heap */

/* begin: malloc */
static void *block_or_error(void *block) {
    if (block == NULL) {
        errno = ENOMEM;
    }
    return block;
}

void *malloc(size_t size) {
    return block_or_error(ebb_alloc(the_heap(), size));
}
/* end: malloc */

void *calloc(size_t count, size_t size) {
    return block_or_error(ebb_calloc(the_heap(), count, size));
}

void *realloc(void *block, size_t size) {
    return block_or_error(ebb_realloc(the_heap(), block, size));
}

void *aligned_alloc(size_t alignment, size_t size) {
    return block_or_error(ebb_aligned_alloc(the_heap(), alignment, size));
}

void *memalign(size_t alignment, size_t size) {
    return aligned_alloc(alignment, size);
}

void free(void *block) {
    ebb_free(the_heap(), block);
}

#if defined(_NEWLIB_VERSION) && !defined(__PICOLIBC__)
/* What newlib's own functions call, unseen by link-time optimization; picolibc's call the ones above. */
__attribute__((__used__)) void *_malloc_r(struct _reent *thread, size_t size) {
    (void)thread;
    return malloc(size);
}

__attribute__((__used__)) void *_calloc_r(struct _reent *thread, size_t count, size_t size) {
    (void)thread;
    return calloc(count, size);
}

__attribute__((__used__)) void *_realloc_r(struct _reent *thread, void *block, size_t size) {
    (void)thread;
    return realloc(block, size);
}

__attribute__((__used__)) void *_memalign_r(struct _reent *thread, size_t alignment, size_t size) {
    (void)thread;
    return memalign(alignment, size);
}

__attribute__((__used__)) void _free_r(struct _reent *thread, void *block) {
    (void)thread;
    free(block);
}
#endif

static void tell(const char *when) {
    struct ebb_statistics figures;
    ebb_get_statistics(the_heap(), &figures);
    printf("%s: %u bytes in use, at most %u.\n", when, (unsigned)figures.live_bytes, (unsigned)figures.peak_live_bytes);
}

int main(void) {
    char *copy = strdup("a text of which the C library makes a copy");
    tell("After strdup()");
    copy = realloc(copy, 1000);
    printf("Still \"%s\".\n", copy != NULL ? copy : "");
    tell("After realloc()");
    free(copy);
    tell("After free()");
    return 0;
}
