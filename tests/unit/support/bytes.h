/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What memory holds. */
#ifndef UNIT_BYTES_H
#define UNIT_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Whether each of the bytes has this value. */
static inline bool bytes_are(const unsigned char *bytes, unsigned char value, size_t size) {
    return size == 0 || (bytes[0] == value && memcmp(bytes, bytes + 1, size - 1) == 0);
}

#endif
