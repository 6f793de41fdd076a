/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Frames: how events travel, so that the host can tell what is whole, what is damaged, and what is missing.
 *
 *   0 | code | number of the first event, events, check (2 bytes) | 0
 *
 * Within the two zeroes there are no others: `code` and each byte that would be 0 say how many bytes further the next
 * such byte is. (Consistent overhead byte stuffing: Cheshire and Baker, 1997.) So a reader that has lost its place
 * finds it again at the next zero. The number counts all events since the start, so that it shows how many are missing.
 * The check is the CRC of polynomial 0x1021, from 0xffff on, most significant bit first, stored low byte first; over
 * the bytes between `code` and itself, as they were before the zeroes were taken out.
 */
#ifndef EBB_SOURCE_FRAME_H
#define EBB_SOURCE_FRAME_H

#include <ebb/recorder.h>

/* Empties the frame; its first event is the one after those counted. */
void ebb_frame_begin(struct ebb_recorder *self);

/* Appends a number, seven bits at a time, lowest first, the high bit of a byte set if more follow. */
void ebb_frame_add(struct ebb_recorder *self, size_t number);

/* The event whose numbers were added is complete; puts the frame out if it is full. */
void ebb_frame_end_event(struct ebb_recorder *self);

/* Puts the frame out, if there are events in it, and begins another. */
void ebb_frame_put_out(struct ebb_recorder *self);

#endif
