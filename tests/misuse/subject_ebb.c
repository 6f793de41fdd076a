/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* ebb on a buffer, with memory around it that must stay as it is. */
#include "bytes.h"
#include "subject.h"

#include <ebb/buffer_store.h>
#include <ebb/heap.h>

#include <string.h>

enum { GUARD = 4096, ARENA = 65536, OTHER_ARENA = 4096 };

struct surroundings {
    unsigned char before[GUARD];
    unsigned char arena[ARENA];
    unsigned char after[GUARD];
};

static _Alignas(4096) struct surroundings memory;
static _Alignas(16) unsigned char other_arena[OTHER_ARENA];
static struct ebb_buffer_store store;
static struct ebb_buffer_store other_store;
static struct ebb_heap *heap;
static unsigned reports;

static void count_report(void *context, enum ebb_fault fault, const void *address) {
    (void)context;
    (void)fault;
    (void)address;
    reports++;
}

bool subject_begin(uint32_t noise) {
    memset(&memory, 0, sizeof memory);
    ebb_buffer_store_init(&store, memory.arena, sizeof memory.arena);
    heap = ebb_create(&store.store, NULL);
    if (heap == NULL) {
        return false;
    }
    ebb_set_fault_handler(heap, count_report, NULL);
    reports = 0;
    return ebb_set_secret(heap, noise);
}

bool subject_begins_again(void) {
    return true;
}

void *subject_alloc(size_t size) {
    return ebb_alloc(heap, size);
}

void *subject_calloc(size_t count, size_t size) {
    return ebb_calloc(heap, count, size);
}

void *subject_aligned_alloc(size_t alignment, size_t size) {
    return ebb_aligned_alloc(heap, alignment, size);
}

void *subject_realloc(void *block, size_t size) {
    return ebb_realloc(heap, block, size);
}

void subject_free(void *block) {
    ebb_free(heap, block);
}

bool subject_free_sized(void *block, size_t size) {
    ebb_free_sized(heap, block, size);
    return true;
}

size_t subject_usable_bytes(void *block) {
    return ebb_usable_size(heap, block);
}

bool subject_trim(void) {
    (void)ebb_trim(heap);
    return true;
}

unsigned char *subject_region(void) {
    return (unsigned char *)heap;
}

size_t subject_region_bytes(void) {
    return store.used;
}

bool subject_surroundings_are_intact(void) {
    return bytes_are(memory.before, 0, GUARD) && bytes_are(memory.after, 0, GUARD);
}

void *subject_block_of_another_heap(void) {
    ebb_buffer_store_init(&other_store, other_arena, sizeof other_arena);
    struct ebb_heap *other = ebb_create(&other_store.store, NULL);
    return other != NULL ? ebb_alloc(other, 40) : NULL;
}

unsigned subject_reports(void) {
    return reports;
}
