/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "message.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <unistd.h>

static void add_character(struct message *message, char character) {
    const size_t room_for_newline = 1;
    if (message->length < sizeof message->text - room_for_newline) {
        message->text[message->length] = character;
        message->length++;
    }
}

static void add_digits(struct message *message, uintmax_t number, unsigned base) {
    char digits[sizeof number * 3];
    size_t count = 0;
    do {
        digits[count] = "0123456789abcdef"[number % base];
        number /= base;
        count++;
    } while (number > 0);
    while (count > 0) {
        count--;
        add_character(message, digits[count]);
    }
}

void message_add(struct message *message, const char *text) {
    while (*text != '\0') {
        add_character(message, *text);
        text++;
    }
}

void message_add_number(struct message *message, size_t number) {
    add_digits(message, number, 10);
}

void message_add_address(struct message *message, const void *address) {
    message_add(message, "0x");
    add_digits(message, (uintptr_t)address, 16);
}

/* A thread that is to be cancelled would end in write(), and with it what the message is about. */
int message_write(struct message *message, int descriptor) {
    const int saved_errno = errno;
    int error = 0;
    int cancelability = 0;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelability);
    message->text[message->length] = '\n';
    const size_t size = message->length + 1;
    size_t written = 0;
    while (written < size) {
        const ssize_t done = write(descriptor, message->text + written, size - written);
        if (done < 0 && errno != EINTR) {
            error = errno;
            break;
        }
        written += done > 0 ? (size_t)done : 0;
    }
    pthread_setcancelstate(cancelability, NULL);
    errno = saved_errno;
    return error;
}
