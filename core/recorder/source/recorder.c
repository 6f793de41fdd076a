/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include <ebb/recorder.h>

#include "event.h"
#include "frame.h"

/* ---- Events ---- */

/* Distances wrap around, as unsigned numbers do; what comes out is small if they are, in either direction. */
static size_t zigzag(size_t distance) {
    const size_t sign = (size_t)-1 / 2 + 1;
    return (distance & sign) != 0 ? ~(distance << 1) : distance << 1;
}

static size_t number_of(const struct ebb_recorder *self, const void *block) {
    return ((uintptr_t)block - (uintptr_t)self->heap) >> self->granule_shift;
}

static void add_block(struct ebb_recorder *self, enum ebb_event kind, const void *block) {
    size_t number = number_of(self, block);
    ebb_frame_add(self, zigzag(number - self->previous) << 3 | (size_t)kind);
    self->previous = number;
}

static size_t size_told(size_t size) {
    return size != 0 ? size : 1;
}

static void tell_block(struct ebb_recorder *self, enum ebb_event kind, const void *block, size_t size) {
    add_block(self, kind, block);
    ebb_frame_add(self, size_told(size));
    ebb_frame_end_event(self);
}

static void tell_failure(struct ebb_recorder *self, size_t size) {
    ebb_frame_add(self, EBB_EVENT_FAILED);
    ebb_frame_add(self, size_told(size));
    ebb_frame_end_event(self);
}

static void tell_mark(struct ebb_recorder *self, enum ebb_mark mark) {
    ebb_frame_add(self, (size_t)mark << 3 | EBB_EVENT_MARK);
    ebb_frame_end_event(self);
}

static void tell_allocation(struct ebb_recorder *self, enum ebb_event kind, const void *block, size_t size) {
    if (block != NULL) {
        tell_block(self, kind, block, size);
    } else {
        tell_failure(self, size);
    }
}

static void tell_move(struct ebb_recorder *self, const void *from, const void *to, size_t size) {
    add_block(self, EBB_EVENT_MOVED, from);
    ebb_frame_add(self, zigzag(number_of(self, to) - self->previous));
    self->previous = number_of(self, to);
    ebb_frame_add(self, size_told(size));
    ebb_frame_end_event(self);
}

static void tell_freed(struct ebb_recorder *self, const void *block) {
    add_block(self, EBB_EVENT_FREED, block);
    ebb_frame_end_event(self);
}

/* ---- The recording ---- */

static void tell_start(struct ebb_recorder *self, const struct ebb_geometry *geometry) {
    ebb_frame_add(self, (size_t)EBB_MARK_START << 3 | EBB_EVENT_MARK);
    ebb_frame_add(self, EBB_RECORDING_VERSION);
    ebb_frame_add(self, geometry->granule);
    ebb_frame_add(self, geometry->header);
    ebb_frame_add(self, sizeof(void *));
    ebb_frame_end_event(self);
}

static bool tell_if_used(void *context, const struct ebb_block *block) {
    struct ebb_recorder *self = context;
    if (block->kind == EBB_BLOCK_USED) {
        tell_block(self, EBB_EVENT_ALLOCATED, block->address, ebb_usable_size(self->heap, block->address));
    }
    return true;
}

void ebb_recorder_start(struct ebb_recorder *self, struct ebb_heap *heap, ebb_recorder_output output, void *context) {
    struct ebb_geometry geometry = ebb_get_geometry();
    *self = (struct ebb_recorder){.heap = heap, .output = output, .context = context};
    while ((size_t)1 << self->granule_shift < geometry.granule) {
        self->granule_shift++;
    }
    ebb_frame_begin(self);
    tell_start(self, &geometry);
    ebb_recorder_snapshot(self);
}

void ebb_recorder_snapshot(struct ebb_recorder *self) {
    self->busy = true;
    tell_mark(self, EBB_MARK_SNAPSHOT);
    ebb_walk(self->heap, tell_if_used, self);
    tell_mark(self, EBB_MARK_SNAPSHOT_ENDS);
    self->busy = false;
}

/* In a fault handler, a call is under way, and stays that. */
void ebb_recorder_flush(struct ebb_recorder *self) {
    bool busy = self->busy;
    self->busy = true;
    ebb_frame_put_out(self);
    self->busy = busy;
}

void ebb_recorder_stop(struct ebb_recorder *self) {
    self->busy = true;
    tell_mark(self, EBB_MARK_END);
    ebb_frame_put_out(self);
    self->busy = false;
}

/* ---- Calls ---- */

void *ebb_recorded_alloc(struct ebb_recorder *self, size_t size) {
    self->busy = true;
    void *block = ebb_alloc(self->heap, size);
    tell_allocation(self, EBB_EVENT_ALLOCATED, block, size);
    self->busy = false;
    return block;
}

/* Of a product that overflows, no heap could serve anything near. */
static size_t product(size_t count, size_t size) {
    return size != 0 && count > SIZE_MAX / size ? SIZE_MAX : count * size;
}

void *ebb_recorded_calloc(struct ebb_recorder *self, size_t count, size_t size) {
    self->busy = true;
    void *block = ebb_calloc(self->heap, count, size);
    tell_allocation(self, EBB_EVENT_ZEROED, block, product(count, size));
    self->busy = false;
    return block;
}

static size_t logarithm_of(size_t alignment) {
    size_t logarithm = 0;
    while (alignment > 1) {
        alignment >>= 1;
        logarithm++;
    }
    return logarithm;
}

static void tell_aligned(struct ebb_recorder *self, const void *block, size_t alignment, size_t size) {
    add_block(self, EBB_EVENT_ALIGNED, block);
    ebb_frame_add(self, size_told(size));
    ebb_frame_add(self, logarithm_of(alignment));
    ebb_frame_end_event(self);
}

void *ebb_recorded_aligned_alloc(struct ebb_recorder *self, size_t alignment, size_t size) {
    self->busy = true;
    void *block = ebb_aligned_alloc(self->heap, alignment, size);
    if (block != NULL) {
        tell_aligned(self, block, alignment, size);
    } else {
        tell_failure(self, size);
    }
    self->busy = false;
    return block;
}

static void tell_resizing(struct ebb_recorder *self, const void *from, const void *to, size_t size) {
    if (to == NULL) {
        tell_failure(self, size);
    } else if (from == NULL) {
        tell_block(self, EBB_EVENT_ALLOCATED, to, size);
    } else if (from == to) {
        tell_block(self, EBB_EVENT_RESIZED, to, size);
    } else {
        tell_move(self, from, to, size);
    }
}

void *ebb_recorded_realloc(struct ebb_recorder *self, void *block, size_t size) {
    self->busy = true;
    uintptr_t before = (uintptr_t)block;
    void *resized = ebb_realloc(self->heap, block, size);
    tell_resizing(self, (const void *)before, resized, size);
    self->busy = false;
    return resized;
}

/*
 * What can be no block is told as the start of the heap, where none is. Between two granules it would be told as the
 * lower one, and half of all addresses away as what is near: either may be a block in use.
 */
static const void *block_or_start(const struct ebb_recorder *self, const void *block) {
    size_t granule = (size_t)1 << self->granule_shift;
    size_t offset = (uintptr_t)block - (uintptr_t)self->heap;
    return (offset & (granule - 1)) == 0 && offset <= SIZE_MAX / 2 ? block : self->heap;
}

void ebb_recorded_free(struct ebb_recorder *self, void *block) {
    self->busy = true;
    if (block != NULL) {
        tell_freed(self, block_or_start(self, block));
    }
    ebb_free(self->heap, block);
    self->busy = false;
}

static size_t live_bytes(const struct ebb_heap *heap) {
    struct ebb_statistics figures;
    ebb_get_statistics(heap, &figures);
    return figures.live_bytes;
}

/* With a wrong size the block stays, and the figures tell. */
void ebb_recorded_free_sized(struct ebb_recorder *self, void *block, size_t size) {
    self->busy = true;
    size_t before = live_bytes(self->heap);
    uintptr_t address = (uintptr_t)block;
    ebb_free_sized(self->heap, block, size);
    if (live_bytes(self->heap) != before) {
        tell_freed(self, (const void *)address);
    }
    self->busy = false;
}
