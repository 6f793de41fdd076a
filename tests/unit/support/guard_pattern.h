/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * What guarded memory holds where a touch of it does not fault. The pattern is one of addresses, not of ranges: so
 * parts of a range can be looked at, or closed, by themselves.
 */
#ifndef UNIT_GUARD_PATTERN_H
#define UNIT_GUARD_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

/* Fills the bytes from address `from` up to `to`. */
void guard_pattern_fill(uintptr_t from, uintptr_t to, unsigned char key);

/* Whether they still hold the pattern of that key. May read what the address sanitizer hides. */
bool guard_pattern_holds(uintptr_t from, uintptr_t to, unsigned char key);

#endif
