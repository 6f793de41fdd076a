/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "arena.h"

#include "../common/command_line.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

static void note_move(const struct arena *self, size_t before) {
    if (self->observer != NULL) {
        self->observer(self->context, before, self->used);
    }
}

static struct ebb_span grow(void *context, size_t size) {
    struct arena *self = context;
    const size_t before = self->used;
    const size_t left = self->size - before;
    const size_t added = size < left ? size : left;
    if (added == 0) {
        return (struct ebb_span){NULL, 0};
    }
    self->used += added;
    self->grows++;
    note_move(self, before);
    return (struct ebb_span){self->memory + before, added};
}

static size_t shrink(void *context, size_t size) {
    struct arena *self = context;
    const size_t before = self->used;
    const size_t taken = size < before ? size : before;
    self->used -= taken;
    self->shrinks++;
    note_move(self, before);
    return taken;
}

void arena_reset(struct arena *self) {
    self->used = 0;
    self->grows = 0;
    self->shrinks = 0;
}

void arena_open(struct arena *self, size_t size, size_t alignment, size_t granule) {
    const size_t room = size + alignment;
    void *mapping = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapping == MAP_FAILED) {
        fail("cannot reserve %zu bytes for a heap: %s", size, strerror(errno));
    }
    *self = (struct arena){
        .store = {.grow = grow, .shrink = shrink, .context = self, .granule = granule},
        .memory = (unsigned char *)mapping + (-(uintptr_t)mapping & (alignment - 1)),
        .size = size,
        .mapping = mapping,
        .mapping_size = room,
    };
}

void arena_close(struct arena *self) {
    munmap(self->mapping, self->mapping_size);
}
