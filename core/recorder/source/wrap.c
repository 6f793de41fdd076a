/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * What the linker's option --wrap calls instead of the heap's functions. Comes into a program only with that option.
 * A call that one of the heap's functions makes of another comes here too, and so does the recorder's own: `busy` says
 * that it is part of a call that is being recorded.
 */
#include <ebb/recorder.h>

/* The linker's names. */
void *__real_ebb_alloc(struct ebb_heap *heap, size_t size);
void *__real_ebb_calloc(struct ebb_heap *heap, size_t count, size_t size);
void *__real_ebb_aligned_alloc(struct ebb_heap *heap, size_t alignment, size_t size);
void *__real_ebb_realloc(struct ebb_heap *heap, void *block, size_t size);
void __real_ebb_free(struct ebb_heap *heap, void *block);
void __real_ebb_free_sized(struct ebb_heap *heap, void *block, size_t size);

void *__wrap_ebb_alloc(struct ebb_heap *heap, size_t size);
void *__wrap_ebb_calloc(struct ebb_heap *heap, size_t count, size_t size);
void *__wrap_ebb_aligned_alloc(struct ebb_heap *heap, size_t alignment, size_t size);
void *__wrap_ebb_realloc(struct ebb_heap *heap, void *block, size_t size);
void __wrap_ebb_free(struct ebb_heap *heap, void *block);
void __wrap_ebb_free_sized(struct ebb_heap *heap, void *block, size_t size);

static struct ebb_recorder *recording;

void ebb_recorder_wrap(struct ebb_recorder *self) {
    recording = self;
}

/* The recorder that is to know of a call on this heap, or NULL. */
static inline struct ebb_recorder *recorder_of(const struct ebb_heap *heap) {
    struct ebb_recorder *self = recording;
    return self != NULL && self->heap == heap && !self->busy ? self : NULL;
}

void *__wrap_ebb_alloc(struct ebb_heap *heap, size_t size) {
    struct ebb_recorder *self = recorder_of(heap);
    return self != NULL ? ebb_recorded_alloc(self, size) : __real_ebb_alloc(heap, size);
}

void *__wrap_ebb_calloc(struct ebb_heap *heap, size_t count, size_t size) {
    struct ebb_recorder *self = recorder_of(heap);
    return self != NULL ? ebb_recorded_calloc(self, count, size) : __real_ebb_calloc(heap, count, size);
}

void *__wrap_ebb_aligned_alloc(struct ebb_heap *heap, size_t alignment, size_t size) {
    struct ebb_recorder *self = recorder_of(heap);
    return self != NULL ? ebb_recorded_aligned_alloc(self, alignment, size)
                        : __real_ebb_aligned_alloc(heap, alignment, size);
}

void *__wrap_ebb_realloc(struct ebb_heap *heap, void *block, size_t size) {
    struct ebb_recorder *self = recorder_of(heap);
    return self != NULL ? ebb_recorded_realloc(self, block, size) : __real_ebb_realloc(heap, block, size);
}

void __wrap_ebb_free(struct ebb_heap *heap, void *block) {
    struct ebb_recorder *self = recorder_of(heap);
    if (self != NULL) {
        ebb_recorded_free(self, block);
    } else {
        __real_ebb_free(heap, block);
    }
}

void __wrap_ebb_free_sized(struct ebb_heap *heap, void *block, size_t size) {
    struct ebb_recorder *self = recorder_of(heap);
    if (self != NULL) {
        ebb_recorded_free_sized(self, block, size);
    } else {
        __real_ebb_free_sized(heap, block, size);
    }
}
