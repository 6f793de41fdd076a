/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Pages are committed by making them accessible, and released by mapping fresh inaccessible ones over them. */

#include <ebb/host_store.h>

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t whole_pages_within(size_t size, size_t page) {
    return size & ~(page - 1);
}

/* Rounds up; a size so close to the largest that this is impossible is rounded down, and fails for its sheer size. */
static size_t whole_pages_around(size_t size, size_t page) {
    return whole_pages_within(size > SIZE_MAX - (page - 1) ? size : size + (page - 1), page);
}

static void *map_inaccessible(void *address, size_t size, int flags) {
    return mmap(address, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);
}

/*
 * Both callbacks keep errno: free() has to, a refusal here is no error of the heap's caller, and no layer above knows
 * that there was a system call.
 */
static struct ebb_span grow(void *context, size_t size) {
    struct ebb_host_store *self = context;
    const size_t left = self->reserved - self->committed;
    const size_t added = size > left ? left : whole_pages_around(size, self->store.granule);
    if (added == 0) {
        return (struct ebb_span){NULL, 0};
    }
    unsigned char *end = self->base + self->committed;
    const int saved_errno = errno;
    const bool done = mprotect(end, added, PROT_READ | PROT_WRITE) == 0;
    errno = saved_errno;
    self->committed += done ? added : 0;
    return (struct ebb_span){end, done ? added : 0};
}

/*
 * Not madvise(MADV_DONTNEED) and mprotect(PROT_NONE): that is two calls, of which the second can fail when the content
 * is gone already, and under strict accounting (overcommit_memory 2) the pages would stay charged to the process.
 */
static size_t shrink(void *context, size_t size) {
    struct ebb_host_store *self = context;
    const size_t offered = size > self->committed ? self->committed : size;
    const size_t taken = whole_pages_within(offered, self->store.granule);
    if (taken == 0) {
        return 0;
    }
    const int saved_errno = errno;
    const bool done = map_inaccessible(self->base + self->committed - taken, taken, MAP_FIXED) != MAP_FAILED;
    errno = saved_errno;
    self->committed -= done ? taken : 0;
    return done ? taken : 0;
}

int ebb_host_store_init(struct ebb_host_store *self, size_t size) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t reserved = whole_pages_around(size, page);
    void *base = map_inaccessible(NULL, reserved, 0);
    if (base == MAP_FAILED) {
        return errno;
    }
    *self = (struct ebb_host_store){
        .store = {.grow = grow, .shrink = shrink, .context = self, .granule = page, .fresh_is_zero = true},
        .base = base,
        .reserved = reserved,
    };
    return 0;
}

int ebb_host_store_destroy(struct ebb_host_store *self) {
    if (self->reserved > 0 && munmap(self->base, self->reserved) != 0) {
        return errno;
    }
    self->base = NULL;
    self->reserved = 0;
    self->committed = 0;
    return 0;
}
