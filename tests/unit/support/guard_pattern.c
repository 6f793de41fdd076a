/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* In words where possible: after each call of a heap, all that is closed is looked at. */
#include "guard_pattern.h"

#if defined(__GNUC__)
#define UNCHECKED __attribute__((__no_sanitize_address__))
typedef uint32_t __attribute__((__may_alias__)) word;
#else
#define UNCHECKED
typedef uint32_t word;
#endif

UNCHECKED static word pattern(uintptr_t address, unsigned char key) {
    return (uint32_t)(address / sizeof(word)) * UINT32_C(2654435761) + key * UINT32_C(0x01010101);
}

UNCHECKED static unsigned char pattern_byte(uintptr_t address, unsigned char key) {
    word whole = pattern(address, key);
    return ((const unsigned char *)&whole)[address % sizeof(word)];
}

/* Where the whole words of a range begin, or its end if there are none. */
UNCHECKED static uintptr_t first_word(uintptr_t from, uintptr_t to) {
    uintptr_t first = (from + sizeof(word) - 1) / sizeof(word) * sizeof(word);
    return first < to ? first : to;
}

static void fill_bytes(uintptr_t from, uintptr_t to, unsigned char key) {
    for (; from < to; from++) {
        *(unsigned char *)from = pattern_byte(from, key);
    }
}

UNCHECKED static bool bytes_hold(uintptr_t from, uintptr_t to, unsigned char key) {
    while (from < to && *(const unsigned char *)from == pattern_byte(from, key)) {
        from++;
    }
    return from >= to;
}

void guard_pattern_fill(uintptr_t from, uintptr_t to, unsigned char key) {
    uintptr_t at = first_word(from, to);
    fill_bytes(from, at, key);
    for (; at + sizeof(word) <= to; at += sizeof(word)) {
        *(word *)at = pattern(at, key);
    }
    fill_bytes(at, to, key);
}

UNCHECKED bool guard_pattern_holds(uintptr_t from, uintptr_t to, unsigned char key) {
    uintptr_t at = first_word(from, to);
    if (!bytes_hold(from, at, key)) {
        return false;
    }
    for (; at + sizeof(word) <= to; at += sizeof(word)) {
        if (*(const word *)at != pattern(at, key)) {
            return false;
        }
    }
    return bytes_hold(at, to, key);
}
