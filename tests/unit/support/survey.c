/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "survey.h"

#include <stdint.h>
#include <string.h>

struct progress {
    struct survey *survey;
    enum ebb_block_kind last;
    bool any;
    size_t granule;
};

static bool is_free(enum ebb_block_kind kind) {
    return kind == EBB_BLOCK_FREE || kind == EBB_BLOCK_TOP;
}

/* Free neighbours are one block. */
static bool is_merged(const struct progress *progress, const struct ebb_block *block) {
    bool both_free = progress->last == EBB_BLOCK_FREE && is_free(block->kind) && block->size > 0;
    return !both_free;
}

static bool follows(const struct progress *progress, const struct ebb_block *block) {
    /* An empty top says where a block would be; whether that can be aligned depends on memory that is not there. */
    bool aligned = (uintptr_t)block->address % progress->granule == 0 || block->kind == EBB_BLOCK_GAP ||
                   (block->kind == EBB_BLOCK_TOP && block->size == 0);
    if (!progress->any) {
        return aligned;
    }
    return aligned && block->address == (void *)progress->survey->end && progress->last != EBB_BLOCK_TOP &&
           is_merged(progress, block);
}

static void add(struct survey *survey, const struct ebb_block *block) {
    switch (block->kind) {
    case EBB_BLOCK_USED:
        survey->used_blocks++;
        survey->used_bytes += block->size;
        break;
    case EBB_BLOCK_FREE:
        survey->free_blocks++;
        survey->free_bytes += block->size;
        survey->largest_free = block->size > survey->largest_free ? block->size : survey->largest_free;
        break;
    case EBB_BLOCK_TOP:
        survey->top_bytes += block->size;
        break;
    case EBB_BLOCK_GAP:
        survey->gaps++;
        survey->last_gap = block->address;
        survey->gap_bytes += block->size;
        break;
    }
}

static bool look(void *context, const struct ebb_block *block) {
    struct progress *progress = context;
    struct survey *survey = progress->survey;
    survey->is_orderly = survey->is_orderly && follows(progress, block);
    if (!progress->any) {
        survey->first = block->address;
    }
    survey->end = (unsigned char *)block->address + block->size;
    progress->any = true;
    progress->last = block->kind;
    add(survey, block);
    return true;
}

void survey_take(struct survey *self, const struct ebb_heap *heap) {
    memset(self, 0, sizeof *self);
    self->is_orderly = true;
    struct progress progress = {.survey = self, .last = EBB_BLOCK_GAP, .granule = ebb_get_geometry().granule};
    self->is_complete = ebb_walk(heap, look, &progress);
    self->is_orderly = self->is_orderly && progress.last == EBB_BLOCK_TOP;
}

struct search {
    struct surroundings *found;
    const void *address;
};

static bool seek(void *context, const struct ebb_block *block) {
    struct search *search = context;
    if (search->found->found) {
        search->found->right = *block;
        return false;
    }
    if (block->address == search->address) {
        search->found->own = *block;
        search->found->found = true;
    } else {
        search->found->left = *block;
    }
    return true;
}

void survey_around(struct surroundings *self, const struct ebb_heap *heap, const void *address) {
    memset(self, 0, sizeof *self);
    self->left.kind = EBB_BLOCK_GAP;
    self->right.kind = EBB_BLOCK_GAP;
    struct search search = {.found = self, .address = address};
    (void)ebb_walk(heap, seek, &search);
}

size_t survey_block_for(size_t size) {
    struct ebb_geometry geometry = ebb_get_geometry();
    size_t served = size > 0 ? size : 1;
    size_t bytes = (served + geometry.header + geometry.granule - 1) / geometry.granule * geometry.granule;
    return bytes > geometry.smallest_block ? bytes : geometry.smallest_block;
}

bool survey_stays(size_t rest, size_t least) {
    return rest < ebb_get_geometry().smallest_block || 16 * rest <= least;
}
