/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The numbers that blocks have in a trace: the lowest that is free is the next one used. */
#ifndef EBB_RECORD_SLOTS_H
#define EBB_RECORD_SLOTS_H

#include <stdint.h>

enum { SLOTS = 1 << 26, SLOTS_NONE = SLOTS };

/* Takes the lowest free number; SLOTS_NONE if all are taken. */
uint32_t slots_take(void);

/* Gives back a number that is taken. */
void slots_release(uint32_t slot);

/* Gives back all of them. */
void slots_release_all(void);

#endif
