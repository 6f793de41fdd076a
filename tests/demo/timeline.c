/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "timeline.h"

#include "console.h"

enum { RECORDS = 360 };

static void clear_record(struct timeline *self) {
    self->calls_of_record = 0;
    self->payload = (struct timeline_range){SIZE_MAX, 0};
    self->region = (struct timeline_range){SIZE_MAX, 0};
}

static void widen(struct timeline_range *range, size_t value) {
    range->least = value < range->least ? value : range->least;
    range->most = value > range->most ? value : range->most;
}

void timeline_start(struct timeline *self, uint32_t calls) {
    self->calls = 0;
    self->calls_per_record = calls / RECORDS + 1;
    clear_record(self);
}

void timeline_note(struct timeline *self, size_t payload, size_t region, size_t grants) {
    widen(&self->payload, payload);
    widen(&self->region, region);
    self->calls++;
    self->calls_of_record++;
    if (self->calls_of_record == self->calls_per_record) {
        timeline_finish(self, grants);
    }
}

void timeline_finish(struct timeline *self, size_t grants) {
    if (self->calls_of_record == 0) {
        return;
    }
    console_begin("s");
    console_bare_number(self->calls);
    console_bare_number(self->payload.least);
    console_bare_number(self->payload.most);
    console_bare_number(self->region.least);
    console_bare_number(self->region.most);
    console_bare_number(grants);
    console_end();
    clear_record(self);
}
