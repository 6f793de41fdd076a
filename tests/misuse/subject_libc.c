/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * A C library's malloc: glibc's on the break of the process, as it always is, or another one's on an sbrk() of ours,
 * with memory around it that must stay as it is.
 */
#define _DEFAULT_SOURCE

#include "bytes.h"
#include "subject.h"

#include <malloc.h>
#include <stdlib.h>

#if defined(__GLIBC__)

#include <unistd.h>

static unsigned char *start;

bool subject_begin(uint32_t noise) {
    (void)noise;
    /* All from one region, whatever the size. */
    if (start != NULL || mallopt(M_MMAP_MAX, 0) == 0) {
        return false;
    }
    start = sbrk(0);
    return true;
}

unsigned char *subject_region(void) {
    return start;
}

size_t subject_region_bytes(void) {
    return (size_t)((unsigned char *)sbrk(0) - start);
}

bool subject_surroundings_are_intact(void) {
    return true;
}

bool subject_trim(void) {
    (void)malloc_trim(0);
    return true;
}

#else

enum { GUARD = 4096, ARENA = 262144 };

static struct {
    unsigned char before[GUARD];
    unsigned char arena[ARENA];
    unsigned char after[GUARD];
} memory __attribute__((aligned(4096)));

static size_t used;
static bool has_begun;

/* As picolibc calls it, and as newlib does. */
void *sbrk(ptrdiff_t increment);
void *_sbrk(ptrdiff_t increment);

void *sbrk(ptrdiff_t increment) {
    unsigned char *before = memory.arena + used;
    if (increment < -(ptrdiff_t)used || increment > (ptrdiff_t)(ARENA - used)) {
        return (void *)-1;
    }
    used += (size_t)increment;
    return before;
}

void *_sbrk(ptrdiff_t increment) {
    return sbrk(increment);
}

bool subject_begin(uint32_t noise) {
    (void)noise;
    bool is_first = !has_begun;
    has_begun = true;
    return is_first;
}

unsigned char *subject_region(void) {
    return memory.arena;
}

size_t subject_region_bytes(void) {
    return used;
}

bool subject_surroundings_are_intact(void) {
    return bytes_are(memory.before, 0, GUARD) && bytes_are(memory.after, 0, GUARD);
}

bool subject_trim(void) {
    return false;
}

#endif

bool subject_begins_again(void) {
    return false;
}

void *subject_alloc(size_t size) {
    return malloc(size);
}

void *subject_calloc(size_t count, size_t size) {
    return calloc(count, size);
}

void *subject_aligned_alloc(size_t alignment, size_t size) {
    return memalign(alignment, size);
}

void *subject_realloc(void *block, size_t size) {
    return realloc(block, size);
}

void subject_free(void *block) {
    free(block);
}

bool subject_free_sized(void *block, size_t size) {
    (void)block;
    (void)size;
    return false;
}

size_t subject_usable_bytes(void *block) {
    return malloc_usable_size(block);
}

void *subject_block_of_another_heap(void) {
    return NULL;
}

unsigned subject_reports(void) {
    return 0;
}
