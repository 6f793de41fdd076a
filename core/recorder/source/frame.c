/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "frame.h"

/*
 * A frame is put out once it has this many bytes, so that any event fits into one that has not: the longest has a head
 * and two numbers, of at most 10 bytes each. The check and the final zero come after it.
 */
enum { FULL = 62, LONGEST_EVENT = 30, CHECK_SIZE = 2, FIRST_BYTE = 2 };

_Static_assert(FULL - 1 + LONGEST_EVENT + CHECK_SIZE + 1 <= EBB_RECORDER_FRAME, "the longest event fits");
_Static_assert(EBB_RECORDER_FRAME < 255, "one byte leads to any other byte of the frame");

/* Events of one frame are told by their distance from the one before; another frame may be lost. */
void ebb_frame_begin(struct ebb_recorder *self) {
    self->length = FIRST_BYTE;
    self->previous = 0;
    self->pending = 0;
    ebb_frame_add(self, self->events);
}

void ebb_frame_add(struct ebb_recorder *self, size_t number) {
    while (number >= 0x80) {
        self->frame[self->length++] = (unsigned char)(number | 0x80);
        number >>= 7;
    }
    self->frame[self->length++] = (unsigned char)number;
}

void ebb_frame_end_event(struct ebb_recorder *self) {
    self->pending++;
    if (self->length >= FULL) {
        ebb_frame_put_out(self);
    }
}

static void add_check(struct ebb_recorder *self) {
    uint32_t check = 0xffff;
    for (size_t index = FIRST_BYTE; index < self->length; index++) {
        uint32_t change = (check >> 8 ^ self->frame[index]) & 0xff;
        change ^= change >> 4;
        check = (check << 8 ^ change << 12 ^ change << 5 ^ change) & 0xffff;
    }
    self->frame[self->length++] = (unsigned char)(check & 0xff);
    self->frame[self->length++] = (unsigned char)(check >> 8);
}

static void take_zeroes_out(struct ebb_recorder *self) {
    size_t next_zero = self->length;
    for (size_t index = self->length; index-- > FIRST_BYTE;) {
        if (self->frame[index] == 0) {
            self->frame[index] = (unsigned char)(next_zero - index);
            next_zero = index;
        }
    }
    self->frame[1] = (unsigned char)(next_zero - 1);
}

void ebb_frame_put_out(struct ebb_recorder *self) {
    if (self->pending == 0) {
        return;
    }
    add_check(self);
    take_zeroes_out(self);
    self->frame[0] = 0;
    self->frame[self->length++] = 0;
    self->output(self->context, self->frame, self->length);
    self->events += self->pending;
    ebb_frame_begin(self);
}
