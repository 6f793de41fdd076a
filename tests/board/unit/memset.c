/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * In words where possible, which small C libraries have no room for. The emulator looks up the protection at each touch
 * of a page in which it changes, such as that of the break; and what a store gives is filled first, up to the break.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint32_t __attribute__((__may_alias__)) word;

void *memset(void *start, int value, size_t size) {
    unsigned char *at = start;
    unsigned char *end = at + size;
    word whole = (unsigned char)value * UINT32_C(0x01010101);
    for (; at < end && (uintptr_t)at % sizeof(word) != 0; at++) {
        *at = (unsigned char)value;
    }
    for (; (size_t)(end - at) >= sizeof(word); at += sizeof(word)) {
        *(word *)(void *)at = whole;
    }
    for (; at < end; at++) {
        *at = (unsigned char)value;
    }
    return start;
}
