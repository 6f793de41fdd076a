/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "shared_store.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* begin: grow */
/* The whole range is mapped from the start: what lies beyond the end of the file cannot be touched. */
static struct ebb_span grow(void *context, size_t size) {
    struct shared_store *self = context;
    const size_t page = self->store.granule;
    const size_t left = self->reserved - self->size;
    const size_t added = size > left ? left : (size + page - 1) & ~(page - 1);
    /* Not ftruncate(): it succeeds where memory is short, and the first touch would end the process. */
    if (added == 0 || posix_fallocate(self->file, (off_t)self->size, (off_t)added) != 0) {
        return (struct ebb_span){NULL, 0};
    }
    self->size += added;
    return (struct ebb_span){self->base + self->size - added, added};
}
/* end: grow */

static size_t shrink(void *context, size_t size) {
    struct shared_store *self = context;
    const size_t taken = size & ~(self->store.granule - 1);
    if (taken == 0 || ftruncate(self->file, (off_t)(self->size - taken)) != 0) {
        return 0;
    }
    self->size -= taken;
    return taken;
}

bool shared_store_init(struct shared_store *self, const char *name, size_t reserved) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    reserved = (reserved + page - 1) & ~(page - 1);
    const int file = memfd_create(name, MFD_CLOEXEC);
    if (file < 0) {
        return false;
    }
    void *base = mmap(NULL, reserved, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (base == MAP_FAILED) {
        close(file);
        return false;
    }
    *self = (struct shared_store){
        .store = {.grow = grow, .shrink = shrink, .context = self, .granule = page, .fresh_is_zero = true},
        .base = base,
        .reserved = reserved,
        .file = file,
    };
    return true;
}

void shared_store_destroy(struct shared_store *self) {
    munmap(self->base, self->reserved);
    close(self->file);
}
