/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "guard.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GUARD_HIDES 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define GUARD_HIDES 1
#endif

#if defined(GUARD_HIDES)
#include <sanitizer/asan_interface.h>
#define UNCHECKED __attribute__((no_sanitize_address))
#else
#define UNCHECKED
#endif

static unsigned char pattern(size_t offset, unsigned char key) {
    return (unsigned char)(((offset * 167u) ^ (offset >> 7)) + key);
}

void guard_close(unsigned char *arena, size_t from, size_t to, unsigned char key) {
    guard_open(arena, from, to);
    for (size_t offset = from; offset < to; offset++) {
        arena[offset] = pattern(offset, key);
    }
#if defined(GUARD_HIDES)
    __asan_poison_memory_region(arena + from, to - from);
#endif
}

void guard_open(unsigned char *arena, size_t from, size_t to) {
#if defined(GUARD_HIDES)
    __asan_unpoison_memory_region(arena + from, to - from);
#else
    (void)arena;
    (void)from;
    (void)to;
#endif
}

UNCHECKED bool guard_intact(const unsigned char *arena, size_t from, size_t to, unsigned char key) {
    for (size_t offset = from; offset < to; offset++) {
        if (arena[offset] != pattern(offset, key)) {
            return false;
        }
    }
    return true;
}
