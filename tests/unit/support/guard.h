/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Memory that nobody may touch: it is filled with a pattern, which shows every write afterwards, and hidden from the
 * program where the address sanitizer is in, which shows every read at once.
 */
#ifndef UNIT_GUARD_H
#define UNIT_GUARD_H

#include <stdbool.h>
#include <stddef.h>

/* Guards the bytes `from` up to `to`, offsets in `arena`. `key` keeps one guarded range apart from another. */
void guard_close(unsigned char *arena, size_t from, size_t to, unsigned char key);

/* Lets the bytes be used again. */
void guard_open(unsigned char *arena, size_t from, size_t to);

/* Whether nobody wrote to the range since guard_close(). */
bool guard_intact(const unsigned char *arena, size_t from, size_t to, unsigned char key);

#endif
