/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "scripted_store.h"

#include "guard.h"

#include <string.h>

enum { KEY_OUTSIDE = 0x5c, KEY_FOREIGN = 0xa3 };

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

static enum answer follow_script(struct script *script, size_t *detail) {
    if (script->skip > 0) {
        script->skip--;
        *detail = script->earlier_detail;
        return script->earlier;
    }
    if (script->times == 0) {
        return ANSWER_HONEST;
    }
    if (script->times != SCRIPT_FOREVER) {
        script->times--;
    }
    *detail = script->detail;
    return script->answer;
}

static enum answer make_mischief(struct mischief *mischief, size_t size, size_t *detail) {
    if (mischief->percent == 0 || !random_chance(&mischief->random, mischief->percent)) {
        return ANSWER_HONEST;
    }
    uint32_t kind = random_below(&mischief->random, ANSWER_COUNT);
    if ((mischief->kinds & (UINT32_C(1) << kind)) == 0) {
        return ANSWER_HONEST;
    }
    enum answer answer = (enum answer)kind;
    uint32_t bound = answer == ANSWER_LESS ? (uint32_t)smaller(size, 4096) : 700;
    *detail = 1 + random_below(&mischief->random, bound);
    return answer;
}

static enum answer next_answer(struct scripted_store *self, struct script *script, size_t size, size_t *detail) {
    enum answer answer = follow_script(script, detail);
    return answer != ANSWER_HONEST ? answer : make_mischief(&self->mischief, size, detail);
}

static void fill(struct scripted_store *self, size_t from, size_t to) {
    guard_open(self->arena, from, to);
    bool zero = self->store.fresh_is_zero && !self->breaks_promise;
    memset(self->arena + from, zero ? 0 : 0xb7, to - from);
}

static struct ebb_span refuse(struct scripted_store *self) {
    self->refused++;
    /* A refusal's start is to be ignored, so it leads astray. */
    return (struct ebb_span){.start = self->arena + self->start, .size = 0};
}

static struct ebb_span give(struct scripted_store *self, size_t size) {
    size_t left = self->limit > self->end ? self->limit - self->end : 0;
    size_t given = smaller(size, left);
    if (given == 0 || (self->all_or_nothing && given < size)) {
        return refuse(self);
    }
    struct ebb_span span = {.start = self->arena + self->end, .size = given};
    fill(self, self->end, self->end + given);
    self->end += given;
    self->peak = self->end > self->peak ? self->end : self->peak;
    self->grown++;
    return span;
}

static struct ebb_span give_higher(struct scripted_store *self, size_t size, size_t gap) {
    if (self->foreign_count == FOREIGN_RANGES || self->limit < self->end || gap >= self->limit - self->end) {
        return refuse(self);
    }
    self->foreign[self->foreign_count].from = self->end;
    self->foreign[self->foreign_count].to = self->end + gap;
    self->foreign_count++;
    guard_close(self->arena, self->end, self->end + gap, KEY_FOREIGN);
    self->end += gap;
    self->piece = self->end;
    return give(self, size);
}

static struct ebb_span lie_about_start(struct scripted_store *self, size_t size, size_t below) {
    self->lies++;
    /* A heap that could give nothing back ends below us, and would take a lie in between for the truth. */
    size_t end = self->known != 0 ? smaller(self->known, self->end) : self->end;
    return (struct ebb_span){.start = self->arena + end - smaller(below, end - self->start), .size = size};
}

static struct ebb_span grow(void *context, size_t size) {
    struct scripted_store *self = context;
    self->grow_calls++;
    self->last_grow = size;
    self->breaches += size == 0;
    size_t detail = 0;
    switch (next_answer(self, &self->grow_script, size, &detail)) {
    case ANSWER_REFUSE:
        return refuse(self);
    case ANSWER_LESS:
        return give(self, smaller(size, detail));
    case ANSWER_MORE:
        self->overfed++;
        return give(self, size + detail < size ? size : size + detail);
    case ANSWER_HIGHER:
        self->overfed++;
        return give_higher(self, size, detail);
    case ANSWER_LIE:
        return lie_about_start(self, size, detail);
    case ANSWER_HONEST:
        break;
    }
    return give(self, size);
}

static size_t take(struct scripted_store *self, size_t size) {
    if (size == 0) {
        self->refused++;
        return 0;
    }
    self->end -= size;
    self->known = smaller(self->known, self->end);
    guard_close(self->arena, self->end, self->end + size, KEY_OUTSIDE);
    self->shrunk++;
    return size;
}

static size_t shrink(void *context, size_t size) {
    struct scripted_store *self = context;
    self->shrink_calls++;
    self->last_shrink = size;
    /* Below `piece` lies somebody else's memory, or nothing. */
    size_t held = self->end - self->piece;
    self->breaches += size == 0 || size > held;
    size_t taken = smaller(size, held);
    size_t detail = 0;
    switch (next_answer(self, &self->shrink_script, size, &detail)) {
    case ANSWER_REFUSE:
        return take(self, 0);
    case ANSWER_LESS:
        self->kept += detail < taken;
        return take(self, smaller(taken, detail));
    case ANSWER_LIE:
        self->lies++;
        return take(self, taken) + (size - taken) + detail;
    case ANSWER_MORE:
    case ANSWER_HIGHER:
    case ANSWER_HONEST:
        break;
    }
    return take(self, taken);
}

void scripted_store_init(struct scripted_store *self, void *arena, size_t size, size_t start) {
    memset(self, 0, sizeof *self);
    self->store.grow = grow;
    self->store.shrink = shrink;
    self->store.context = self;
    self->arena = arena;
    self->size = size;
    self->start = start;
    self->end = start;
    self->piece = start;
    self->limit = size;
    self->peak = start;
    random_seed(&self->mischief.random, 1);
    guard_close(self->arena, 0, size, KEY_OUTSIDE);
}

void scripted_store_others_leave(struct scripted_store *self) {
    self->foreign_count--;
    self->end = self->foreign[self->foreign_count].from;
    self->piece = self->foreign_count > 0 ? self->foreign[self->foreign_count - 1].to : self->start;
    guard_close(self->arena, self->end, self->foreign[self->foreign_count].to, KEY_OUTSIDE);
}

bool scripted_store_intact(const struct scripted_store *self) {
    for (size_t i = 0; i < self->foreign_count; i++) {
        if (!guard_intact(self->arena, self->foreign[i].from, self->foreign[i].to, KEY_FOREIGN)) {
            return false;
        }
    }
    return self->breaches == 0 && guard_intact(self->arena, 0, self->start, KEY_OUTSIDE) &&
           guard_intact(self->arena, self->end, self->size, KEY_OUTSIDE);
}

bool scripted_store_honest(const struct scripted_store *self) {
    return self->grow_script.times == 0 && self->shrink_script.times == 0 && self->mischief.percent == 0;
}

uint32_t scripted_store_calls(const struct scripted_store *self) {
    return self->grow_calls + self->shrink_calls;
}
