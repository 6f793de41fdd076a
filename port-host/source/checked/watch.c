/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "watch.h"

#include <stdint.h>
#include <sys/mman.h>

/* ---- Valgrind's memcheck ---- */

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#else
/* Requests to a tool that this library was built without. */
#define RUNNING_ON_VALGRIND 0
#define VALGRIND_DISABLE_ERROR_REPORTING ((void)0)
#define VALGRIND_ENABLE_ERROR_REPORTING ((void)0)
#define VALGRIND_MAKE_MEM_NOACCESS(start, size) ((void)(start), (void)(size))
#define VALGRIND_MAKE_MEM_UNDEFINED(start, size) ((void)(start), (void)(size))
#define VALGRIND_MAKE_MEM_DEFINED(start, size) ((void)(start), (void)(size))
#define VALGRIND_MALLOCLIKE_BLOCK(start, size, zone, zero) ((void)(start), (void)(size), (void)(zero))
#define VALGRIND_FREELIKE_BLOCK(start, zone) ((void)(start))
#define VALGRIND_RESIZEINPLACE_BLOCK(start, old, new, zone) ((void)(start), (void)(old), (void)(new))
#define VALGRIND_CHECK_MEM_IS_ADDRESSABLE(start, size) ((void)(start), (void)(size), 0)
#define VALGRIND_GET_VBITS(start, bits, size) ((void)(start), (void)(bits), (void)(size), 0)
#define VALGRIND_SET_VBITS(start, bits, size) ((void)(start), (void)(bits), (void)(size))
#endif

enum { NO_ZONE = 0 };

void watch_pause(void) {
    VALGRIND_DISABLE_ERROR_REPORTING;
}

void watch_resume(void) {
    VALGRIND_ENABLE_ERROR_REPORTING;
}

/* ---- The address sanitizer ---- */

/* Weak: they are there if the program was built with the sanitizer, whatever this library was built with. */
void sanitizer_poison(const volatile void *start, size_t size) __asm__("__asan_poison_memory_region")
    __attribute__((weak));
void sanitizer_unpoison(const volatile void *start, size_t size) __asm__("__asan_unpoison_memory_region")
    __attribute__((weak));
void *sanitizer_first_poisoned(void *start, size_t size) __asm__("__asan_region_is_poisoned") __attribute__((weak));

static void poison(const void *start, size_t size) {
    if (sanitizer_poison != NULL) {
        sanitizer_poison(start, size);
    }
}

static void unpoison(const void *start, size_t size) {
    if (sanitizer_unpoison != NULL) {
        sanitizer_unpoison(start, size);
    }
}

static const void *first_poisoned(const void *start, size_t size) {
    return sanitizer_first_poisoned != NULL ? sanitizer_first_poisoned((void *)(uintptr_t)start, size) : NULL;
}

/* ---- Both ---- */

void watch_hide(const void *start, size_t size) {
    VALGRIND_MAKE_MEM_NOACCESS(start, size);
    poison(start, size);
}

void watch_forget(const void *start, size_t size) {
    VALGRIND_MAKE_MEM_UNDEFINED(start, size);
    unpoison(start, size);
}

void watch_alloc(const void *block, size_t size, bool is_zero) {
    VALGRIND_MALLOCLIKE_BLOCK(block, size, NO_ZONE, is_zero);
    unpoison(block, size);
}

void watch_free(const void *block, size_t room) {
    VALGRIND_FREELIKE_BLOCK(block, NO_ZONE);
    watch_hide(block, room);
}

void watch_widen(const void *block, size_t size, size_t room) {
    VALGRIND_RESIZEINPLACE_BLOCK(block, size, room, NO_ZONE);
    unpoison(block, room);
}

size_t watch_size(const void *block, size_t room) {
    const uintptr_t hidden = VALGRIND_CHECK_MEM_IS_ADDRESSABLE(block, room);
    const void *poisoned = first_poisoned(block, room);
    if (hidden != 0) {
        return hidden - (uintptr_t)block;
    }
    return poisoned != NULL ? (uintptr_t)poisoned - (uintptr_t)block : room;
}

/* ---- Resizing: memory that was not written stays that, wherever it goes ---- */

struct watch_written watch_written(const void *block, size_t size) {
    struct watch_written written = {.bits = NULL, .size = size};
    if (RUNNING_ON_VALGRIND == 0) {
        return written;
    }
    void *bits = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bits != MAP_FAILED) {
        (void)VALGRIND_GET_VBITS(block, bits, size);
        written.bits = bits;
    }
    return written;
}

void watch_not_resized(struct watch_written written) {
    if (written.bits != NULL) {
        munmap(written.bits, written.size);
    }
}

void watch_resized(const void *old, size_t old_room, const void *block, size_t size, struct watch_written written) {
    const size_t kept = written.size < size ? written.size : size;
    watch_free(old, old_room);
    watch_alloc(block, size, false);
    VALGRIND_MAKE_MEM_DEFINED(block, kept);
    if (written.bits != NULL) {
        (void)VALGRIND_SET_VBITS(block, written.bits, kept);
    }
    watch_not_resized(written);
}
