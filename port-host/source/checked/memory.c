/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * What core needs of the C library, without the library: the address sanitizer looks into the library's functions, and
 * core may touch what the program may not. Compiled without any sanitizer.
 */
#include <stddef.h>
#include <stdint.h>

void *core_memcpy(void *restrict to, const void *restrict from, size_t size);
void *core_memmove(void *to, const void *from, size_t size);
void *core_memset(void *to, int byte, size_t size);

void *core_memcpy(void *restrict to, const void *restrict from, size_t size) {
    return core_memmove(to, from, size);
}

void *core_memmove(void *to, const void *from, size_t size) {
    unsigned char *target = to;
    const unsigned char *source = from;
    if ((uintptr_t)target < (uintptr_t)source) {
        for (size_t i = 0; i < size; i++) {
            target[i] = source[i];
        }
    } else {
        for (size_t i = size; i > 0; i--) {
            target[i - 1] = source[i - 1];
        }
    }
    return to;
}

void *core_memset(void *to, int byte, size_t size) {
    unsigned char *target = to;
    for (size_t i = 0; i < size; i++) {
        target[i] = (unsigned char)byte;
    }
    return to;
}
