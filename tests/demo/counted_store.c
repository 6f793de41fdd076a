/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "counted_store.h"

#include "platform.h"

static void note_growth(struct counted_store *self, struct ebb_span added) {
    if (self->start == 0) {
        self->start = (uintptr_t)added.start;
    }
    self->end = (uintptr_t)added.start + added.size;
    if (counted_store_region(self) > self->peak) {
        self->peak = counted_store_region(self);
    }
}

static void note_answer(struct counted_store *self, size_t moved) {
    if (moved == 0) {
        self->refusals++;
    } else {
        self->moves++;
    }
}

static struct ebb_span grow(void *context, size_t size) {
    struct counted_store *self = context;
    uint32_t before = platform_instructions();
    struct ebb_span added = self->inner->grow(self->inner->context, size);
    self->instructions += platform_instructions() - before;
    note_answer(self, added.size);
    if (added.size > 0) {
        note_growth(self, added);
    }
    return added;
}

static size_t shrink(void *context, size_t size) {
    struct counted_store *self = context;
    uint32_t before = platform_instructions();
    size_t taken = self->inner->shrink(self->inner->context, size);
    self->instructions += platform_instructions() - before;
    note_answer(self, taken);
    self->end -= taken;
    self->returned += taken;
    return taken;
}

void counted_store_init(struct counted_store *self, const struct ebb_store *inner) {
    *self = (struct counted_store){.store = *inner, .inner = inner};
    self->store.grow = grow;
    self->store.shrink = inner->shrink == NULL ? NULL : shrink;
    self->store.context = self;
}

size_t counted_store_region(const struct counted_store *self) {
    return self->end - self->start;
}
