/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "byte_count.h"

#include <stdint.h>
#include <string.h>

static bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

/* Reads the digits at `*text`, and moves it behind them. Returns false if there are none, or too many. */
static bool read_number(const char **text, size_t *number) {
    if (!is_digit(**text)) {
        return false;
    }
    for (*number = 0; is_digit(**text); ++*text) {
        const size_t digit = (size_t)(**text - '0');
        if (*number > (SIZE_MAX - digit) / 10) {
            return false;
        }
        *number = *number * 10 + digit;
    }
    return true;
}

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
    size_t number = 0;
    if (!read_number(&text, &number)) {
        return false;
    }
    const size_t multiplier = read_multiplier(text);
    if (multiplier == 0 || number > SIZE_MAX / multiplier) {
        return false;
    }
    *bytes = number * multiplier;
    return true;
}
