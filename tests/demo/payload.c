/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "payload.h"

#include <string.h>

enum { WORD = sizeof(uint32_t) };

/* Weyl's sequence: steps of an odd constant visit every word once before they repeat. */
static const uint32_t step = 0x9e3779b1U;

void payload_fill(void *block, size_t size, uint32_t tag) {
    uint32_t *words = block;
    uint32_t pattern = tag * step;
    for (; size >= WORD; size -= WORD) {
        *words++ = pattern;
        pattern += step;
    }
    memcpy(words, &pattern, size);
}

bool payload_holds(const void *block, size_t size, uint32_t tag) {
    const uint32_t *words = block;
    uint32_t pattern = tag * step;
    for (; size >= WORD; size -= WORD) {
        if (*words++ != pattern) {
            return false;
        }
        pattern += step;
    }
    return memcmp(words, &pattern, size) == 0;
}

bool payload_is_zero(const void *block, size_t size) {
    const unsigned char *bytes = block;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}
