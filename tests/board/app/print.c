/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A small printf, because that of a C library may allocate, and the heap is what is tested. */
#include <board.h>

#include <string.h>

#define LINE 128

/* Characters on their way to the console. */
struct output {
    char characters[LINE];
    size_t length;
};

/* One conversion: %[-][0][width][length]letter */
struct conversion {
    bool to_the_left;
    bool zeroes;
    unsigned width;
    unsigned longs;  /* l counts one, ll two */
    bool of_pointer; /* z and t: as wide as a pointer */
    bool widest;     /* j */
    char letter;
};

static void flush(struct output *output) {
    board_write(output->characters, output->length);
    output->length = 0;
}

static void put(struct output *output, char character) {
    output->characters[output->length++] = character;
    if (output->length == LINE) {
        flush(output);
    }
}

static void put_text(struct output *output, const struct conversion *conversion, const char *text, size_t length) {
    size_t padding = conversion->width > length ? conversion->width - length : 0;
    for (size_t index = 0; !conversion->to_the_left && index < padding; index++) {
        put(output, conversion->zeroes ? '0' : ' ');
    }
    for (size_t index = 0; index < length; index++) {
        put(output, text[index]);
    }
    for (size_t index = 0; conversion->to_the_left && index < padding; index++) {
        put(output, ' ');
    }
}

static void put_number(struct output *output, const struct conversion *conversion, unsigned long long value,
                       bool negative) {
    char digits[24];
    size_t start = sizeof digits;
    unsigned base = conversion->letter == 'x' || conversion->letter == 'p' ? 16 : 10;
    do {
        digits[--start] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    if (negative) {
        digits[--start] = '-';
    }
    put_text(output, conversion, digits + start, sizeof digits - start);
}

static long long take_signed(const struct conversion *conversion, va_list *arguments) {
    if (conversion->longs > 1 || conversion->widest) {
        return va_arg(*arguments, long long);
    }
    if (conversion->of_pointer) {
        return va_arg(*arguments, intptr_t);
    }
    return conversion->longs == 1 ? va_arg(*arguments, long) : va_arg(*arguments, int);
}

static unsigned long long take_unsigned(const struct conversion *conversion, va_list *arguments) {
    if (conversion->longs > 1 || conversion->widest) {
        return va_arg(*arguments, unsigned long long);
    }
    if (conversion->of_pointer) {
        return va_arg(*arguments, uintptr_t);
    }
    return conversion->longs == 1 ? va_arg(*arguments, unsigned long) : va_arg(*arguments, unsigned);
}

static const char *parse_flags(const char *format, struct conversion *conversion) {
    for (; *format == '-' || *format == '0'; format++) {
        conversion->to_the_left |= *format == '-';
        conversion->zeroes |= *format == '0';
    }
    for (; *format >= '0' && *format <= '9'; format++) {
        conversion->width = conversion->width * 10 + (unsigned)(*format - '0');
    }
    return format;
}

static const char *parse_length(const char *format, struct conversion *conversion) {
    for (; *format == 'l' || *format == 'h' || *format == 'z' || *format == 't' || *format == 'j'; format++) {
        conversion->longs += *format == 'l';
        conversion->of_pointer |= *format == 'z' || *format == 't';
        conversion->widest |= *format == 'j';
    }
    return format;
}

static void put_signed(struct output *output, const struct conversion *conversion, long long value) {
    unsigned long long magnitude = (unsigned long long)value;
    put_number(output, conversion, value < 0 ? 0 - magnitude : magnitude, value < 0);
}

static void put_string(struct output *output, const struct conversion *conversion, const char *text) {
    const char *shown = text == NULL ? "(null)" : text;
    put_text(output, conversion, shown, strlen(shown));
}

static void convert(struct output *output, struct conversion *conversion, va_list *arguments) {
    char character;
    switch (conversion->letter) {
    case 'd':
    case 'i':
        put_signed(output, conversion, take_signed(conversion, arguments));
        break;
    case 'u':
    case 'x':
        put_number(output, conversion, take_unsigned(conversion, arguments), false);
        break;
    case 'p':
        put(output, '0');
        put(output, 'x');
        put_number(output, conversion, (uintptr_t)va_arg(*arguments, void *), false);
        break;
    case 's':
        put_string(output, conversion, va_arg(*arguments, const char *));
        break;
    case 'c':
        character = (char)va_arg(*arguments, int);
        put_text(output, conversion, &character, 1);
        break;
    default:
        put(output, conversion->letter);
        break;
    }
}

void board_print_list(const char *format, va_list arguments) {
    struct output output = {.length = 0};
    va_list rest;
    va_copy(rest, arguments);
    while (*format != '\0') {
        if (*format != '%') {
            put(&output, *format++);
            continue;
        }
        struct conversion conversion = {.letter = 0};
        format = parse_length(parse_flags(format + 1, &conversion), &conversion);
        conversion.letter = *format;
        convert(&output, &conversion, &rest);
        format += *format != '\0';
    }
    va_end(rest);
    flush(&output);
}

void board_print(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    board_print_list(format, arguments);
    va_end(arguments);
}
