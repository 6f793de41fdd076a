/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "next.h"

#include "../../source/message.h"

#include <dlfcn.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

static struct allocator allocator;
static atomic_bool is_found;
static _Thread_local bool is_searching;

static _Noreturn void give_up(const char *reason) {
    struct message message = {.length = 0};
    message_add(&message, "ebb-trace: ");
    message_add(&message, reason);
    message_write(&message, STDERR_FILENO);
    _exit(127);
}

/* A data pointer that dlsym() returns becomes the function pointer that POSIX says it is. */
static void find(const char *name, void *function) {
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL) {
        give_up("the C library's allocator is not there, or not all of it");
    }
    *(void **)function = found;
}

const struct allocator *next_allocator(void) {
    if (atomic_load_explicit(&is_found, memory_order_acquire)) {
        return &allocator;
    }
    if (is_searching) {
        return NULL;
    }
    /* Two threads may do this at once: they write the same. */
    is_searching = true;
    find("malloc", &allocator.malloc);
    find("free", &allocator.free);
    find("calloc", &allocator.calloc);
    find("realloc", &allocator.realloc);
    find("memalign", &allocator.memalign);
    find("aligned_alloc", &allocator.aligned_alloc);
    find("posix_memalign", &allocator.posix_memalign);
    is_searching = false;
    atomic_store_explicit(&is_found, true, memory_order_release);
    return &allocator;
}

/* ---- Before it is found ---- */

enum { EARLY_BYTES = 65536 };

static alignas(max_align_t) unsigned char memory[EARLY_BYTES];
static atomic_size_t used;

/* Each block has its size before it, in a place as large as an alignment. */
enum { PREFIX = alignof(max_align_t) };

void *next_early(size_t size) {
    const size_t most = sizeof memory - PREFIX;
    const size_t whole = size > most ? sizeof memory : (size + 2 * PREFIX - 1) / PREFIX * PREFIX;
    const size_t start = atomic_fetch_add(&used, whole);
    if (start > sizeof memory || whole > sizeof memory - start) {
        give_up("too much is allocated before the C library's allocator is found");
    }
    *(size_t *)(void *)(memory + start) = size;
    return memory + start + PREFIX;
}

bool next_is_early(const void *block) {
    return (uintptr_t)block - (uintptr_t)memory < sizeof memory;
}

size_t next_early_size(const void *block) {
    return *(const size_t *)(const void *)((const unsigned char *)block - PREFIX);
}
