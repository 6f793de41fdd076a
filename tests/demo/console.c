/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "console.h"

#include "platform.h"

#include <stddef.h>

enum { LINE_ROOM = 400 };

static char line[LINE_ROOM + 2];
static size_t line_length;

static void put_character(char character) {
    if (line_length < LINE_ROOM) {
        line[line_length++] = character;
    } else {
        line[LINE_ROOM - 1] = '!';
    }
}

static void put_text(const char *text) {
    while (*text != '\0') {
        put_character(*text++);
    }
}

static void put_number(uint64_t value) {
    char digits[20];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    while (count > 0) {
        put_character(digits[--count]);
    }
}

static void put_key(const char *key) {
    put_character(' ');
    put_text(key);
    put_character('=');
}

void console_begin(const char *kind) {
    line_length = 0;
    put_character('@');
    put_text(kind);
}

void console_word(const char *key, const char *value) {
    put_key(key);
    put_text(value);
}

void console_number(const char *key, uint64_t value) {
    put_key(key);
    put_number(value);
}

void console_bare_number(uint64_t value) {
    put_character(' ');
    put_number(value);
}

void console_end(void) {
    line[line_length++] = '\n';
    line[line_length] = '\0';
    platform_print(line);
}
