/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "json.h"

#include <stdbool.h>
#include <stddef.h>

/* How many bytes the character at `text` has in UTF-8; 0 if that is none. Overlong forms and surrogates are none. */
static size_t character_length(const unsigned char *text) {
    const unsigned char first = text[0];
    if (first < 0x80) {
        return 1;
    }
    const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    bool fits = first >= 0xc2 && first <= 0xf4;
    fits = fits && !(first == 0xe0 && text[1] < 0xa0) && !(first == 0xed && text[1] > 0x9f);
    fits = fits && !(first == 0xf0 && text[1] < 0x90) && !(first == 0xf4 && text[1] > 0x8f);
    for (size_t index = 1; fits && index < length; index++) {
        fits = (text[index] & 0xc0) == 0x80; /* the end of the text is not */
    }
    return fits ? length : 0;
}

static void write_character(FILE *file, const unsigned char *text, size_t length) {
    if (length == 0) {
        fputs("\\ufffd", file);
    } else if (*text < 0x20) {
        fprintf(file, "\\u%04x", *text);
    } else {
        if (*text == '"' || *text == '\\') {
            fputc('\\', file);
        }
        fwrite(text, 1, length, file);
    }
}

void json_write_string(FILE *file, const char *text) {
    const unsigned char *rest = (const unsigned char *)text;
    fputc('"', file);
    while (*rest != '\0') {
        const size_t length = character_length(rest);
        write_character(file, rest, length);
        rest += length == 0 ? 1 : length;
    }
    fputc('"', file);
}
