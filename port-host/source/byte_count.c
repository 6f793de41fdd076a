/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "byte_count.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Returns 0 for what is no multiplier. */
static size_t read_multiplier(const char *text) {
    static const char letters[] = "KMG";
    if (*text == '\0') {
        return 1;
    }
    const char *letter = strchr(letters, *text);
    return letter != NULL && text[1] == '\0' ? (size_t)1 << 10 * (letter - letters + 1) : 0;
}

bool byte_count_read(const char *text, size_t *bytes) {
    /* Spaces and a sign, too, begin a number to the C library. */
    if (!isdigit((unsigned char)text[0])) {
        return false;
    }
    char *rest = NULL;
    errno = 0;
    const unsigned long long number = strtoull(text, &rest, 10);
    const size_t multiplier = read_multiplier(rest);
    if (errno != 0 || multiplier == 0 || number > SIZE_MAX / multiplier) {
        return false;
    }
    *bytes = (size_t)number * multiplier;
    return true;
}
