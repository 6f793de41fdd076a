/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <ebb/buffer_store.h>

static struct ebb_span grow(void *context, size_t size) {
    struct ebb_buffer_store *self = context;
    size_t left = self->size - self->used;
    struct ebb_span span = {.start = self->buffer + self->used, .size = size < left ? size : left};
    self->used += span.size;
    return span;
}

static size_t shrink(void *context, size_t size) {
    struct ebb_buffer_store *self = context;
    size_t taken = size < self->used ? size : self->used;
    self->used -= taken;
    return taken;
}

void ebb_buffer_store_init(struct ebb_buffer_store *self, void *buffer, size_t size) {
    *self = (struct ebb_buffer_store){
        .store = {.grow = grow, .shrink = shrink, .context = self, .granule = 1, .fresh_is_zero = false},
        .buffer = buffer,
        .size = size,
        .used = 0,
    };
}
