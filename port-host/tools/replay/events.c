/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "events.h"

#include "json.h"
#include "sites.h"

#include <inttypes.h>

/* A walk through this many blocks after every operation is quick enough; a longer one is made after each 64th. */
enum { MOST_BLOCKS_TO_WALK_ALWAYS = 4096, OPERATIONS_BETWEEN_WALKS = 64 };

struct writer {
    struct replay *replay;
    FILE *file;
    struct sites sites;
    uintptr_t end_of_highest; /* address of top: that of the block behind the highest one in use */
    size_t blocks;            /* that a walk goes through: all that there were at the last one, and those since */
};

/* What a walk finds. */
struct survey {
    uintptr_t top;
    size_t blocks;
};

static bool visit(void *context, const struct ebb_block *block) {
    struct survey *survey = context;
    survey->blocks++;
    if (block->kind == EBB_BLOCK_TOP) {
        survey->top = (uintptr_t)block->address;
    }
    return true;
}

static void survey_heap(struct writer *self) {
    struct survey survey = {0, 0};
    self->replay->core->walk(self->replay->heap, visit, &survey);
    self->end_of_highest = survey.top;
    self->blocks = survey.blocks;
}

static uintptr_t end_of(const struct replay_block *block) {
    return (uintptr_t)block->address + block->size;
}

/* A block beyond top moves it up, and says by itself how far. If the last block before it goes, a walk has to see. */
static void follow_top(struct writer *self, const struct replay_step *step) {
    if (end_of(&step->after) > self->end_of_highest) {
        self->end_of_highest = end_of(&step->after);
    } else if (end_of(&step->before) == self->end_of_highest && end_of(&step->after) != self->end_of_highest) {
        survey_heap(self);
    }
    self->blocks += 2; /* at most: an aligned block may cut one in three */
}

static bool is_due(const struct writer *self, const struct replay_step *step) {
    return self->blocks <= MOST_BLOCKS_TO_WALK_ALWAYS || step->index % OPERATIONS_BETWEEN_WALKS == 0;
}

static void write_largest_free(struct writer *self, const struct replay_step *step) {
    if (is_due(self, step)) {
        survey_heap(self);
        fprintf(self->file, "%zu", self->replay->core->largest_free(self->replay->heap));
    } else {
        fputs("null", self->file);
    }
}

static void write_block(const struct writer *self, const struct replay_step *step) {
    const struct replay_block *block = step->operation->kind == TRACE_FREE ? &step->before : &step->after;
    if (step->failed || block->address == NULL) {
        fputs("null,0", self->file);
    } else {
        const uintptr_t offset = (uintptr_t)block->address - (uintptr_t)self->replay->arena.memory;
        fprintf(self->file, "%" PRIuPTR ",%zu", offset, block->size);
    }
}

static void write_site(const struct writer *self, const struct replay_step *step) {
    const char *name = sites_name(&self->sites, step->operation->site);
    if (name != NULL) {
        fputc(',', self->file);
        json_write_string(self->file, name);
    }
}

static void write_step(void *context, const struct replay_step *step) {
    static const char letters[] = {
        [TRACE_MALLOC] = 'a', [TRACE_FREE] = 'f', [TRACE_REALLOC] = 'r', [TRACE_CALLOC] = 'c', [TRACE_ALIGNED] = 'l'};
    struct writer *self = context;
    const int kind = step->failed ? 'x' : letters[step->operation->kind];
    follow_top(self, step);
    fprintf(self->file, "[%" PRIu32 ",\"%c\",%" PRIu32 ",", step->index, kind, step->operation->slot);
    write_block(self, step);
    fprintf(self->file, ",%" PRIu32 ",%zu,%zu,", step->operation->size, self->replay->arena.used,
            (size_t)(self->end_of_highest - (uintptr_t)self->replay->arena.memory));
    write_largest_free(self, step);
    fprintf(self->file, ",%zu", step->live);
    write_site(self, step);
    fputs("]\n", self->file);
}

static void write_move(void *context, size_t before, size_t after) {
    const struct writer *self = context;
    fprintf(self->file, "[\"m\",%" PRIu32 ",%zu,%zu]\n", self->replay->done, before, after);
}

static void write_head(const struct writer *self, const char *name) {
    const struct replay *replay = self->replay;
    const struct ebb_geometry geometry = replay->core->geometry();
    fputs("{\"trace\":", self->file);
    json_write_string(self->file, name);
    fprintf(self->file, ",\"geometry\":\"%s\",\"granule\":%zu,\"header\":%zu,\"maximum\":%zu,\"operations\":%" PRIu32,
            replay->core->name, geometry.granule, geometry.header, replay->policy.maximum, replay->trace.operations);
    fprintf(self->file, ",\"control_block\":%zu,\"slots\":%" PRIu32 "}\n", geometry.control_block, replay->trace.slots);
}

void events_write(struct replay *replay, const char *name, FILE *file) {
    const struct ebb_geometry geometry = replay->core->geometry();
    struct writer self = {.replay = replay, .file = file};
    const struct replay_observer observer = {.step = write_step, .context = &self};
    const uintptr_t first = (uintptr_t)replay->arena.memory + geometry.control_block + geometry.header;
    self.end_of_highest = (first + geometry.granule - 1) / geometry.granule * geometry.granule;
    replay->observer = &observer;
    replay->arena.observer = write_move;
    replay->arena.context = &self;
    sites_open(&self.sites, &replay->trace);
    write_head(&self, name);
    replay_run(replay);
    sites_close(&self.sites);
    replay->observer = NULL;
    replay->arena.observer = NULL;
}
