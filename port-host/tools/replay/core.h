/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The core in every geometry at once. Each is the library as it is, whose symbols are made local to one object file by
 * the build; only this table of its functions can be seen from outside.
 */
#ifndef EBB_REPLAY_CORE_H
#define EBB_REPLAY_CORE_H

#include <ebb/heap.h>

struct core {
    const char *name; /* bits of its numbers, a slash, its granule */

    struct ebb_geometry (*geometry)(void);
    struct ebb_heap *(*create)(const struct ebb_store *store, const struct ebb_policy *policy);
    void (*set_fault_handler)(struct ebb_heap *heap, ebb_fault_handler handler, void *context);
    void *(*alloc)(struct ebb_heap *heap, size_t size);
    void *(*calloc)(struct ebb_heap *heap, size_t count, size_t size);
    void *(*aligned_alloc)(struct ebb_heap *heap, size_t alignment, size_t size);
    void *(*realloc)(struct ebb_heap *heap, void *block, size_t size);
    void (*free)(struct ebb_heap *heap, void *block);
    size_t (*usable_size)(const struct ebb_heap *heap, const void *block);
    size_t (*free_bytes)(const struct ebb_heap *heap);
    size_t (*largest_free)(const struct ebb_heap *heap);
    bool (*walk)(const struct ebb_heap *heap, ebb_visitor visitor, void *context);
    struct ebb_finding (*check)(const struct ebb_heap *heap);
};

extern const struct core core_16_8;
extern const struct core core_16_16;
extern const struct core core_32_8;
extern const struct core core_32_16;

/* All of them. */
enum { CORES = 4 };
extern const struct core *const cores[CORES];

/* By its name, with any character between its numbers; NULL if there is none. */
const struct core *core_named(const char *name);

/* The one that a program would be built with whose blocks take `peak` bytes; on a machine of 64 bits, or of fewer. */
const struct core *core_for(size_t peak, bool is_64_bit);

#endif
