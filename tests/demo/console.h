/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Lines for the program that watches the board: "@kind key=value key=value", one record a line. No stdio, which would
 * allocate from the very memory that is being measured.
 */
#ifndef EBB_DEMO_CONSOLE_H
#define EBB_DEMO_CONSOLE_H

#include <stdint.h>

/* Starts a record. A record that is longer than a line has room for is cut, and marked with a trailing '!'. */
void console_begin(const char *kind);

void console_word(const char *key, const char *value);
void console_number(const char *key, uint64_t value);

/* A number without a key, for records with many of them. */
void console_bare_number(uint64_t value);

/* Sends the record. */
void console_end(void);

#endif
