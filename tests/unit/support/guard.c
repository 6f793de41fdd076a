/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "guard.h"

#include "guard_pattern.h"

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
#endif

void guard_close(unsigned char *arena, size_t from, size_t to, unsigned char key) {
    guard_open(arena, from, to);
    guard_pattern_fill((uintptr_t)arena + from, (uintptr_t)arena + to, key);
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

bool guard_intact(const unsigned char *arena, size_t from, size_t to, unsigned char key) {
    return guard_pattern_holds((uintptr_t)arena + from, (uintptr_t)arena + to, key);
}
