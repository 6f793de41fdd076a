/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Sizes that no block has. */
#include "../misuses.h"
#include "../subject.h"

static size_t huge(struct scene *scene) {
    return SIZE_MAX - random_below(&scene->random, 256);
}

static void alloc_huge(struct scene *scene) {
    size_t size = huge(scene);
    scene_take(scene, subject_alloc(size), size);
}

static void alloc_half(struct scene *scene) {
    size_t size = SIZE_MAX / 2 + random_below(&scene->random, 256);
    scene_take(scene, subject_alloc(size), size);
}

static void calloc_overflow(struct scene *scene) {
    size_t count = SIZE_MAX / 16 + 1 + random_below(&scene->random, 16);
    scene_take(scene, subject_calloc(count, 16), SIZE_MAX);
}

static void aligned_huge(struct scene *scene) {
    size_t size = huge(scene);
    scene_take(scene, subject_aligned_alloc(64, size), size);
}

static void resize_huge(struct scene *scene) {
    unsigned char *block = scene_alloc(scene, SMALL);
    size_t size = huge(scene);
    scene_take(scene, subject_realloc(block, size), size);
}

static void free_with_wrong_size(struct scene *scene) {
    unsigned char *block = scene_alloc(scene, LARGE);
    scene_fence(scene);
    if (!subject_free_sized(block, SMALL)) {
        scene_does_not_apply(scene);
    }
}

static const struct misuse misuses[] = {
    {"alloc-huge", "allocate nearly all addresses that there are", true, alloc_huge},
    {"alloc-half", "allocate half of them", true, alloc_half},
    {"calloc-overflow", "allocate count times size, which overflows", true, calloc_overflow},
    {"aligned-huge", "allocate as many, aligned", true, aligned_huge},
    {"resize-huge", "resize a block to as many", true, resize_huge},
    {"free-wrong-size", "free with another size than the block's", false, free_with_wrong_size},
};

const struct misuse_group wrong_sizes = MISUSE_GROUP("Wrong sizes", misuses);
