/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "scene.h"

#include "layout.h"
#include "process.h"
#include "subject.h"

#include <string.h>

/* ---- The judge ---- */

/* The first of both to happen decides: what is reported before harm is done is found in time. */
static void note_report(struct scene *scene) {
    if (subject_reports() != 0 && !scene->notes->harmed && !scene->notes->reported) {
        scene->notes->reported = true;
        scene->notes->reported_later = scene->goes_on;
    }
}

static void note_harm(struct scene *scene) {
    note_report(scene);
    scene->notes->harmed = true;
}

static bool overlaps(const struct live *live, const unsigned char *block, size_t size) {
    return block < live->block + live->size && live->block < block + size;
}

static bool is_in_heap(const unsigned char *block, size_t size) {
    const unsigned char *start = subject_region();
    return block >= start && size <= subject_region_bytes() && (size_t)(block - start) <= subject_region_bytes() - size;
}

static bool is_where_it_may_be(const struct scene *scene, const unsigned char *block, size_t size) {
    if ((uintptr_t)block % 8 != 0 || !is_in_heap(block, size)) {
        return false;
    }
    for (size_t i = 0; i < scene->count; i++) {
        if (overlaps(&scene->live[i], block, size)) {
            return false;
        }
    }
    return true;
}

static bool holds_pattern(const struct live *live, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (live->block[i] != live->pattern) {
            return false;
        }
    }
    return true;
}

static void look_at_all(struct scene *scene) {
    for (size_t i = 0; i < scene->count; i++) {
        if (scene->live[i].is_known && !holds_pattern(&scene->live[i], scene->live[i].size)) {
            note_harm(scene);
        }
    }
    if (!subject_surroundings_are_intact()) {
        note_harm(scene);
    }
}

/* ---- Live blocks ---- */

static struct live *find(struct scene *scene, const unsigned char *block) {
    for (size_t i = 0; i < scene->count; i++) {
        if (scene->live[i].block == block) {
            return &scene->live[i];
        }
    }
    return NULL;
}

static void fill(struct scene *scene, struct live *live) {
    live->pattern = (unsigned char)(random_next(&scene->random) >> 8);
    live->is_known = true;
    memset(live->block, live->pattern, live->size);
}

/* A block that the subject has just handed out: harm is done if it may not be there, and then it stays untouched. */
static void note_live(struct scene *scene, unsigned char *block, size_t size) {
    if (!is_where_it_may_be(scene, block, size)) {
        note_harm(scene);
        return;
    }
    struct live *live = &scene->live[scene->count++];
    *live = (struct live){.block = block, .size = size};
    fill(scene, live);
}

void scene_take(struct scene *scene, unsigned char *block, size_t size) {
    note_report(scene);
    if (block != NULL) {
        note_live(scene, block, size);
    }
}

static unsigned char *allocate(struct scene *scene, size_t size) {
    unsigned char *block = scene->count < SCENE_BLOCKS ? subject_alloc(size) : NULL;
    scene_take(scene, block, size);
    return block;
}

unsigned char *scene_alloc(struct scene *scene, size_t size) {
    unsigned char *block = allocate(scene, size);
    if (block == NULL) {
        scene->notes->broken = true;
        process_exit(1);
    }
    return block;
}

void scene_fence(struct scene *scene) {
    unsigned char *block = scene_alloc(scene, SMALL);
    scene_scribble(scene, block);
}

void scene_scribble(struct scene *scene, const unsigned char *block) {
    struct live *live = find(scene, block);
    if (live != NULL) {
        live->is_known = false;
    }
}

void scene_free(struct scene *scene, unsigned char *block) {
    struct live *live = find(scene, block);
    if (live == NULL) {
        return;
    }
    if (live->is_known && !holds_pattern(live, live->size)) {
        note_harm(scene);
    }
    unsigned reports = subject_reports();
    subject_free(block);
    note_report(scene);
    if (subject_reports() == reports) {
        *live = scene->live[--scene->count];
    }
}

unsigned char *scene_resize(struct scene *scene, unsigned char *block, size_t size) {
    struct live *live = find(scene, block);
    if (live == NULL) {
        return NULL;
    }
    struct live before = *live;
    unsigned char *resized = subject_realloc(block, size);
    note_report(scene);
    if (resized == NULL) {
        return NULL;
    }
    *live = scene->live[--scene->count];
    struct live kept = {.block = resized, .size = size, .pattern = before.pattern};
    bool is_sound = is_where_it_may_be(scene, resized, size) &&
                    (!before.is_known || holds_pattern(&kept, before.size < size ? before.size : size));
    if (!is_sound) {
        note_harm(scene);
        return NULL;
    }
    note_live(scene, resized, size);
    return resized;
}

void scene_free_both(struct scene *scene, unsigned char *one, unsigned char *other) {
    bool in_order = random_chance(&scene->random, 50);
    scene_free(scene, in_order ? one : other);
    scene_free(scene, in_order ? other : one);
}

unsigned char *scene_bystander(struct scene *scene) {
    return scene->live[0].block;
}

/* ---- Rows ---- */

enum { ROW_TRIES = 14 };

static unsigned char *block_after(unsigned char *const blocks[ROW_TRIES], unsigned char *block) {
    for (size_t i = 0; i < ROW_TRIES; i++) {
        if (blocks[i] == block + layout_block_bytes(block)) {
            return blocks[i];
        }
    }
    return NULL;
}

/* Where the row starts that is as long as it has to be, and has a block behind it. */
static bool find_row(unsigned char *const blocks[ROW_TRIES], unsigned char *row[ROW]) {
    for (size_t start = 0; start < ROW_TRIES; start++) {
        unsigned char *block = blocks[start];
        size_t length = 0;
        for (; block != NULL && length < ROW; length++) {
            row[length] = block;
            block = block_after(blocks, block);
        }
        if (length == ROW && block != NULL) {
            return true;
        }
    }
    return false;
}

void scene_alloc_row(struct scene *scene, unsigned char *row[ROW], size_t size) {
    unsigned char *blocks[ROW_TRIES];
    for (size_t i = 0; i < ROW_TRIES; i++) {
        blocks[i] = scene_alloc(scene, size);
    }
    if (!find_row(blocks, row)) {
        scene->notes->broken = true;
        process_exit(1);
    }
}

void scene_does_not_apply(struct scene *scene) {
    scene->applies = false;
}

/* ---- The trial ---- */

void scene_begin(struct scene *scene, struct notes *notes, uint32_t seed) {
    scene->notes = notes;
    scene->count = 0;
    scene->goes_on = false;
    scene->applies = true;
    random_seed(&scene->random, seed);
    notes->broken = !subject_begin(random_next(&scene->random));
    notes->reported = false;
    notes->reported_later = false;
    notes->harmed = false;
    /* Some blocks of no interest, and some holes between them. */
    for (int i = 0; i < 6; i++) {
        unsigned char *hole = scene_alloc(scene, 16 + random_below(&scene->random, 200));
        (void)scene_alloc(scene, 8 + random_below(&scene->random, 100));
        scene_free(scene, hole);
    }
    (void)scene_alloc(scene, LARGE);
}

static size_t some_size(struct scene *scene) {
    static const unsigned char often[] = {8, 24, SMALL, SMALL, SMALL, 100, 200};
    if (random_chance(&scene->random, 20)) {
        return LARGE / 2 + random_below(&scene->random, LARGE);
    }
    return often[random_below(&scene->random, sizeof often)];
}

static void free_one(struct scene *scene) {
    if (scene->count != 0) {
        scene_free(scene, scene->live[random_below(&scene->random, (uint32_t)scene->count)].block);
    }
}

enum { BLOCKS_TO_ALLOCATE = 30, STEPS = 60, BLOCKS_LEFT = 4 };

/* First as a program does that needs more: what a link or a size was forged for happens when it is allocated. */
void scene_go_on(struct scene *scene) {
    note_report(scene);
    scene->goes_on = true;
    look_at_all(scene);
    for (int i = 0; i < BLOCKS_TO_ALLOCATE && !scene->notes->harmed; i++) {
        (void)allocate(scene, i < 4 ? SMALL : some_size(scene));
    }
    look_at_all(scene);
    for (int i = 0; i < STEPS && !scene->notes->harmed; i++) {
        uint32_t what = random_below(&scene->random, 10);
        if (what < 4) {
            free_one(scene);
        } else if (what < 5 && scene->count != 0) {
            struct live *live = &scene->live[random_below(&scene->random, (uint32_t)scene->count)];
            (void)scene_resize(scene, live->block, some_size(scene));
        } else {
            (void)allocate(scene, some_size(scene));
        }
    }
    look_at_all(scene);
    /* A block that cannot be freed, as the subject refuses to, would be tried for ever. */
    for (size_t tries = 2 * scene->count; tries != 0 && scene->count > BLOCKS_LEFT && !scene->notes->harmed; tries--) {
        free_one(scene);
    }
    (void)allocate(scene, LARGE);
    look_at_all(scene);
}

enum outcome scene_outcome(const struct scene *scene) {
    const struct notes *notes = scene->notes;
    if (!scene->applies) {
        return OUTCOME_DOES_NOT_APPLY;
    }
    if (notes->reported) {
        return notes->reported_later ? OUTCOME_REPORTED_LATER : OUTCOME_REPORTED;
    }
    return notes->harmed ? OUTCOME_CORRUPTED : OUTCOME_HARMLESS;
}
