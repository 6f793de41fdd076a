/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The functions of ebb/heap.h, which call core and tell the tools that watch what came of it. All memory of a heap is
 * hidden from the program, but for the bytes it asked for: so a touch of a block's neighbour, of a freed block or of
 * the heap's own is found where it happens. Core itself is not watched.
 */
#include "watch.h"

#include <ebb/heap.h>

#include <stdint.h>

/* Core, by the names that core_names.h gives it. */
extern __typeof__(ebb_create) core_create;
extern __typeof__(ebb_create_default) core_create_default;
extern __typeof__(ebb_destroy) core_destroy;
extern __typeof__(ebb_set_secret) core_set_secret;
extern __typeof__(ebb_set_fault_handler) core_set_fault_handler;
extern __typeof__(ebb_set_policy) core_set_policy;
extern __typeof__(ebb_get_policy) core_get_policy;
extern __typeof__(ebb_alloc) core_alloc;
extern __typeof__(ebb_calloc) core_calloc;
extern __typeof__(ebb_aligned_alloc) core_aligned_alloc;
extern __typeof__(ebb_realloc) core_realloc;
extern __typeof__(ebb_free) core_free;
extern __typeof__(ebb_free_sized) core_free_sized;
extern __typeof__(ebb_usable_size) core_usable_size;
extern __typeof__(ebb_trim) core_trim;
extern __typeof__(ebb_get_statistics) core_get_statistics;
extern __typeof__(ebb_free_bytes) core_free_bytes;
extern __typeof__(ebb_largest_free) core_largest_free;
extern __typeof__(ebb_walk) core_walk;
extern __typeof__(ebb_check) core_check;

/* ---- The end of the region ---- */

static size_t region_bytes(const struct ebb_heap *heap) {
    struct ebb_statistics statistics;
    core_get_statistics(heap, &statistics);
    return statistics.region_bytes;
}

static size_t live_bytes(const struct ebb_heap *heap) {
    struct ebb_statistics statistics;
    core_get_statistics(heap, &statistics);
    return statistics.live_bytes;
}

/* What is somebody else's was never the heap's to hide. */
static bool show_gap(void *from, const struct ebb_block *block) {
    if (block->kind == EBB_BLOCK_GAP && (uintptr_t)block->address >= (uintptr_t)from) {
        watch_forget(block->address, block->size);
    }
    return true;
}

/* A call of core has come back, before which the region had `before` bytes. */
static void follow_end(struct ebb_heap *heap, size_t before) {
    const size_t after = region_bytes(heap);
    unsigned char *start = (unsigned char *)heap;
    if (after > before) {
        watch_hide(start + before, after - before);
        (void)core_walk(heap, show_gap, start + before);
    } else if (after < before) {
        watch_forget(start + after, before - after);
    }
}

/* Up to the next block: what is usable, and that block's header. */
static size_t room_of(const struct ebb_heap *heap, const void *block) {
    return core_usable_size(heap, block) + ebb_get_geometry().header;
}

/* A size of 0 is served as 1. */
static size_t served(size_t size) {
    return size != 0 ? size : 1;
}

/* ---- Life of a heap ---- */

static struct ebb_heap *created(struct ebb_heap *heap) {
    if (heap != NULL) {
        watch_hide(heap, region_bytes(heap));
    }
    return heap;
}

struct ebb_heap *ebb_create(const struct ebb_store *store, const struct ebb_policy *policy) {
    return created(core_create(store, policy));
}

struct ebb_heap *ebb_create_default(const struct ebb_store *store) {
    return created(core_create_default(store));
}

/* Blocks still in use are no leaks: the heap's end is theirs. */
static bool end_block(void *context, const struct ebb_block *block) {
    (void)context;
    if (block->kind == EBB_BLOCK_USED) {
        watch_free(block->address, block->size);
    }
    return true;
}

size_t ebb_destroy(struct ebb_heap *heap) {
    watch_pause();
    const size_t size = region_bytes(heap);
    (void)core_walk(heap, end_block, NULL);
    const size_t left = core_destroy(heap);
    watch_forget(heap, size); /* not before: what core reads from there would count as never written */
    watch_resume();
    return left;
}

bool ebb_set_secret(struct ebb_heap *heap, uint64_t secret) {
    watch_pause();
    const bool done = core_set_secret(heap, secret);
    watch_resume();
    return done;
}

void ebb_set_fault_handler(struct ebb_heap *heap, ebb_fault_handler handler, void *context) {
    watch_pause();
    core_set_fault_handler(heap, handler, context);
    watch_resume();
}

bool ebb_set_policy(struct ebb_heap *heap, const struct ebb_policy *policy) {
    watch_pause();
    const size_t before = region_bytes(heap);
    const bool done = core_set_policy(heap, policy);
    follow_end(heap, before);
    watch_resume();
    return done;
}

void ebb_get_policy(const struct ebb_heap *heap, struct ebb_policy *policy) {
    watch_pause();
    core_get_policy(heap, policy);
    watch_resume();
}

/* ---- Allocation ---- */

/* An allocation has come back. */
static void *allocated(struct ebb_heap *heap, size_t before, void *block, size_t size, bool is_zero) {
    follow_end(heap, before);
    if (block != NULL) {
        watch_alloc(block, served(size), is_zero);
    }
    watch_resume();
    return block;
}

void *ebb_alloc(struct ebb_heap *heap, size_t size) {
    watch_pause();
    const size_t before = region_bytes(heap);
    return allocated(heap, before, core_alloc(heap, size), size, false);
}

void *ebb_calloc(struct ebb_heap *heap, size_t count, size_t size) {
    watch_pause();
    const size_t before = region_bytes(heap);
    return allocated(heap, before, core_calloc(heap, count, size), count * size, true);
}

void *ebb_aligned_alloc(struct ebb_heap *heap, size_t alignment, size_t size) {
    watch_pause();
    const size_t before = region_bytes(heap);
    return allocated(heap, before, core_aligned_alloc(heap, alignment, size), size, false);
}

static void *resize(struct ebb_heap *heap, void *block, size_t size) {
    const size_t room = room_of(heap, block);
    const size_t before = region_bytes(heap);
    const struct watch_written written = watch_written(block, watch_size(block, room));
    void *resized = core_realloc(heap, block, size);
    follow_end(heap, before);
    if (resized != NULL) {
        watch_resized(block, room, resized, served(size), written);
    } else {
        watch_not_resized(written);
    }
    return resized;
}

/* Core says what is wrong with a pointer, when it is asked how much can be used of it; then nothing more is done. */
void *ebb_realloc(struct ebb_heap *heap, void *block, size_t size) {
    if (block == NULL) {
        return ebb_alloc(heap, size);
    }
    watch_pause();
    void *resized = core_usable_size(heap, block) == 0 ? NULL : resize(heap, block, size);
    watch_resume();
    return resized;
}

/* `size`: that of the block as its user says; NULL if not said. If the block was freed, fewer bytes are live. */
static void release(struct ebb_heap *heap, void *block, const size_t *size) {
    const size_t room = room_of(heap, block);
    const size_t before = region_bytes(heap);
    const size_t live_before = live_bytes(heap);
    if (size != NULL) {
        core_free_sized(heap, block, *size);
    } else {
        core_free(heap, block);
    }
    if (live_bytes(heap) < live_before) {
        watch_free(block, room);
    }
    follow_end(heap, before);
}

static void watched_release(struct ebb_heap *heap, void *block, const size_t *size) {
    watch_pause();
    if (core_usable_size(heap, block) != 0) {
        release(heap, block, size);
    }
    watch_resume();
}

void ebb_free(struct ebb_heap *heap, void *block) {
    watched_release(heap, block, NULL);
}

void ebb_free_sized(struct ebb_heap *heap, void *block, size_t size) {
    watched_release(heap, block, &size);
}

/* Who asks may use it all from then on. */
size_t ebb_usable_size(const struct ebb_heap *heap, const void *block) {
    watch_pause();
    const size_t usable = core_usable_size(heap, block);
    if (usable != 0) {
        watch_widen(block, watch_size(block, usable), usable);
    }
    watch_resume();
    return usable;
}

size_t ebb_trim(struct ebb_heap *heap) {
    watch_pause();
    const size_t before = region_bytes(heap);
    const size_t taken = core_trim(heap);
    follow_end(heap, before);
    watch_resume();
    return taken;
}

/* ---- Inspection ---- */

void ebb_get_statistics(const struct ebb_heap *heap, struct ebb_statistics *statistics) {
    watch_pause();
    core_get_statistics(heap, statistics);
    watch_resume();
}

size_t ebb_free_bytes(const struct ebb_heap *heap) {
    watch_pause();
    const size_t bytes = core_free_bytes(heap);
    watch_resume();
    return bytes;
}

size_t ebb_largest_free(const struct ebb_heap *heap) {
    watch_pause();
    const size_t bytes = core_largest_free(heap);
    watch_resume();
    return bytes;
}

/* A visitor is the program's own. */
struct visit {
    ebb_visitor visitor;
    void *context;
};

static bool visit(void *context, const struct ebb_block *block) {
    const struct visit *own = context;
    watch_resume();
    const bool goes_on = own->visitor(own->context, block);
    watch_pause();
    return goes_on;
}

bool ebb_walk(const struct ebb_heap *heap, ebb_visitor visitor, void *context) {
    struct visit own = {.visitor = visitor, .context = context};
    watch_pause();
    const bool complete = core_walk(heap, visit, &own);
    watch_resume();
    return complete;
}

struct ebb_finding ebb_check(const struct ebb_heap *heap) {
    watch_pause();
    const struct ebb_finding finding = core_check(heap);
    watch_resume();
    return finding;
}
