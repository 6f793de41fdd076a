/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Blocks that are freed, or resized, after they were freed. */
#include "../misuses.h"
#include "../subject.h"

static void free_twice(struct scene *scene, size_t size) {
    unsigned char *block = scene_alloc(scene, size);
    scene_fence(scene);
    scene_free(scene, block);
    subject_free(block);
}

static void at_once(struct scene *scene) {
    free_twice(scene, SMALL);
}

static void at_once_large(struct scene *scene) {
    free_twice(scene, LARGE);
}

static void after_another(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, SMALL);
    scene_free(scene, row[0]);
    scene_free(scene, row[2]);
    subject_free(row[0]);
}

static void swallowed_by_left(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    scene_free(scene, row[1]);
    scene_free(scene, row[2]);
    subject_free(row[2]);
}

static void swallowed_later(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    scene_free(scene, row[2]);
    scene_free(scene, row[1]);
    subject_free(row[2]);
}

static void swallowed_from_both_sides(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    scene_free(scene, row[0]);
    scene_free(scene, row[2]);
    scene_free(scene, row[1]);
    subject_free(row[random_below(&scene->random, 3)]);
}

/* More than all holes: so it lies at the end. */
static unsigned char *alloc_at_end(struct scene *scene) {
    return scene_alloc(scene, 8 * (size_t)LARGE);
}

static void swallowed_by_top(struct scene *scene) {
    unsigned char *block = alloc_at_end(scene);
    scene_free(scene, block);
    subject_free(block);
}

static void given_back(struct scene *scene) {
    unsigned char *block = alloc_at_end(scene);
    scene_free(scene, block);
    if (!subject_trim()) {
        scene_does_not_apply(scene);
        return;
    }
    subject_free(block);
}

/* Nothing tells that pointer from the right one. */
static void place_reused(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, SMALL);
    scene_free(scene, row[1]);
    bool is_reused = false;
    for (int i = 0; i < 8 && !is_reused; i++) {
        is_reused = scene_alloc(scene, SMALL) == row[1];
    }
    if (!is_reused) {
        scene_does_not_apply(scene);
        return;
    }
    subject_free(row[1]);
}

/* The old place of the block is inside a larger one now, and holds what its owner has written. */
static void place_reused_by_larger(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    scene_free(scene, row[1]);
    scene_free(scene, row[2]);
    unsigned char *larger = scene_alloc(scene, 2 * (size_t)LARGE);
    if (larger >= row[2] || larger + 2 * (size_t)LARGE < row[2]) {
        scene_does_not_apply(scene);
        return;
    }
    subject_free(row[2]);
}

static void resize_freed(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, SMALL);
    scene_free(scene, row[1]);
    scene_take(scene, subject_realloc(row[1], 4 * (size_t)SMALL), 4 * (size_t)SMALL);
}

static void free_what_moved(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, SMALL);
    unsigned char *moved = scene_resize(scene, row[1], LARGE);
    if (moved == NULL || moved == row[1]) {
        scene_does_not_apply(scene);
        return;
    }
    subject_free(row[1]);
}

static const struct misuse misuses[] = {
    {"at-once", "free a block twice", false, at_once},
    {"at-once-large", "the same with a large one", false, at_once_large},
    {"after-another", "free it again after another was freed", false, after_another},
    {"merged-left", "free it again after it was merged with its left neighbour", false, swallowed_by_left},
    {"merged-later", "free it again after its left neighbour was freed as well", false, swallowed_later},
    {"merged-both", "free one of three again after they were merged", false, swallowed_from_both_sides},
    {"merged-top", "free it again after it was merged with the end of the heap", false, swallowed_by_top},
    {"given-back", "free it again after its memory was given back", false, given_back},
    {"resize-freed", "resize a freed block", false, resize_freed},
    {"free-moved", "free a block at its old place after it was resized and moved", false, free_what_moved},
    {"reused-larger", "free it again after a larger block was put there", true, place_reused_by_larger},
    {"reused", "free it again after its place was handed out again", false, place_reused},
};

const struct misuse_group second_frees = MISUSE_GROUP("Second frees", misuses);
