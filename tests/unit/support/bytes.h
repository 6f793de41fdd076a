/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What memory holds. */
#ifndef UNIT_BYTES_H
#define UNIT_BYTES_H

#include <stdbool.h>
#include <stddef.h>

/* Whether each of the bytes has this value. */
static inline bool bytes_are(const unsigned char *bytes, unsigned char value, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != value) {
            return false;
        }
    }
    return true;
}

#endif
