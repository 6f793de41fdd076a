/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* One line of text for a file descriptor, made without the C library's streams: those allocate, and may be locked. */
#ifndef EBB_MESSAGE_H
#define EBB_MESSAGE_H

#include <stddef.h>

struct message {
    size_t length;
    char text[500];
};

/* What does not fit is left out. */
void message_add(struct message *message, const char *text);
void message_add_number(struct message *message, size_t number);
void message_add_address(struct message *message, const void *address);

/*
 * Ends the line and writes it in one piece, so that lines of several processes do not mix. Returns 0, or what write()
 * left in errno, which is kept. No cancellation point.
 */
int message_write(struct message *message, int descriptor);

#endif
