/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * A store of one's own, that may refuse: a heap and a stack of frames share a block of RAM from its two ends. What the
 * heap has, no frame can have, and what it gives back, one can.
 */
#include <ebb/heap.h>

#include <stdbool.h>
#include <stdio.h>

/* begin: store */
struct shared_ram {
    unsigned char *start;
    unsigned char *heap_end;     /* the heap lies below, */
    unsigned char *frames_start; /* the frames above */
};

static size_t bytes_between(const struct shared_ram *self) {
    return (size_t)(self->frames_start - self->heap_end);
}

/* What there is, if it is less than was asked for: the heap makes the best of it. Nothing left is a refusal. */
static struct ebb_span grow(void *context, size_t size) {
    struct shared_ram *self = context;
    const size_t left = bytes_between(self);
    const size_t added = size < left ? size : left;
    self->heap_end += added;
    return (struct ebb_span){self->heap_end - added, added};
}

static size_t shrink(void *context, size_t size) {
    struct shared_ram *self = context;
    self->heap_end -= size;
    return size;
}

static _Alignas(8) unsigned char ram[8192];
static struct shared_ram shared = {ram, ram, ram + sizeof ram};
static const struct ebb_store store = {.grow = grow, .shrink = shrink, .context = &shared};
/* end: store */

/* NULL if the heap is in the way. What it does not use, it gives back before that. */
static unsigned char *take_frame(struct ebb_heap *heap, size_t size) {
    if (bytes_between(&shared) < size) {
        ebb_trim(heap);
    }
    if (bytes_between(&shared) < size) {
        return NULL;
    }
    shared.frames_start -= size;
    return shared.frames_start;
}

enum { SIZE = 200, MOST = 64, FRAME = 4096 };

static unsigned fill(struct ebb_heap *heap, void **blocks) {
    unsigned count = 0;
    while (count < MOST && (blocks[count] = ebb_alloc(heap, SIZE)) != NULL) {
        count++;
    }
    return count;
}

static const char *answer(const unsigned char *frame) {
    return frame != NULL ? "is there" : "does not fit";
}

int main(void) {
    struct ebb_heap *heap = ebb_create(&store, NULL);
    if (heap == NULL) {
        return 1;
    }
    void *blocks[MOST];
    unsigned count = fill(heap, blocks);
    printf("With %s blocks on the heap, a frame %s.\n", count > 30 ? "many" : "few", answer(take_frame(heap, FRAME)));
    while (count > 4) {
        ebb_free(heap, blocks[--count]);
    }
    printf("With %u blocks on the heap, a frame %s.\n", count, answer(take_frame(heap, FRAME)));
    printf("Then %s more blocks fit.\n", fill(heap, blocks) < 20 ? "fewer than 20" : "many");
    struct ebb_statistics figures;
    ebb_get_statistics(heap, &figures);
    printf("%s was refused, and the heap is %s.\n", figures.refusals > 0 ? "Something" : "Nothing",
           ebb_check(heap).damage == EBB_SOUND ? "sound" : "damaged");
    return 0;
}
