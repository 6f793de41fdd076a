/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Pointers that are no blocks: all of them are freed or resized as if they were. */
#include "../layout.h"
#include "../misuses.h"
#include "../subject.h"

#include <string.h>

enum { ALIGNED = 16, ELSEWHERE = 512 };

/* What lies there belongs to the program, and no heap may ever hand it out. */
static _Alignas(ALIGNED) unsigned char elsewhere[ELSEWHERE];

static void free_low_address(struct scene *scene) {
    (void)scene;
    uintptr_t address = 64;
    void *pointer;
    memcpy(&pointer, &address, sizeof pointer);
    subject_free(pointer);
}

static void free_stack(struct scene *scene) {
    (void)scene;
    _Alignas(ALIGNED) unsigned char local[ELSEWHERE] = {0};
    unsigned char *volatile pointer = local + ELSEWHERE / 2;
    subject_free(pointer);
}

static void free_static(struct scene *scene) {
    (void)scene;
    subject_free(elsewhere + ELSEWHERE / 2);
}

static void free_fake_block(struct scene *scene) {
    unsigned char *fake = elsewhere + 4 * (ptrdiff_t)ALIGNED;
    if (!layout_forge_block(fake, 48)) {
        scene_does_not_apply(scene);
        return;
    }
    subject_free(fake);
    scene_take(scene, subject_alloc(SMALL), SMALL);
}

static void free_other_heap(struct scene *scene) {
    unsigned char *block = subject_block_of_another_heap();
    if (block == NULL) {
        scene_does_not_apply(scene);
        return;
    }
    subject_free(block);
}

static void free_start_of_heap(struct scene *scene) {
    (void)scene;
    subject_free(subject_region());
}

static void free_beyond_end(struct scene *scene) {
    (void)scene;
    subject_free(subject_region() + (subject_region_bytes() & ~(size_t)(ALIGNED - 1)) + 4 * (size_t)ALIGNED);
}

static void free_misaligned(struct scene *scene) {
    unsigned char *block = scene_alloc(scene, LARGE);
    scene_fence(scene);
    subject_free(block + 1 + random_below(&scene->random, 7));
}

static void fill_randomly(struct scene *scene, unsigned char *block) {
    scene_scribble(scene, block);
    for (size_t i = 0; i < LARGE; i++) {
        block[i] = (unsigned char)(random_next(&scene->random) >> 16);
    }
}

/* Aligned, and neither the first place nor one of the last. */
static unsigned char *some_middle(struct scene *scene, unsigned char *block) {
    return block + (size_t)ALIGNED * (1 + random_below(&scene->random, LARGE / ALIGNED - 4));
}

static void free_middle_of_zeroes(struct scene *scene) {
    unsigned char *block = scene_alloc(scene, LARGE);
    memset(block, 0, LARGE);
    scene_scribble(scene, block);
    subject_free(some_middle(scene, block));
}

static void free_middle_of_anything(struct scene *scene) {
    unsigned char *block = scene_alloc(scene, LARGE);
    fill_randomly(scene, block);
    subject_free(some_middle(scene, block));
}

static void free_middle_of_counters(struct scene *scene) {
    unsigned char *block = scene_alloc(scene, LARGE);
    scene_scribble(scene, block);
    for (uint32_t i = 0; i < LARGE / sizeof i; i++) {
        memcpy(block + i * sizeof i, &i, sizeof i);
    }
    subject_free(some_middle(scene, block));
}

static void free_middle_with_fake(struct scene *scene) {
    unsigned char *block = scene_alloc(scene, LARGE);
    memset(block, 0, LARGE);
    scene_scribble(scene, block);
    unsigned char *fake = block + 8 * (ptrdiff_t)ALIGNED;
    if (!layout_forge_block(fake, 48)) {
        scene_does_not_apply(scene);
        return;
    }
    subject_free(fake);
    scene_take(scene, subject_alloc(SMALL), SMALL);
}

static void resize_static(struct scene *scene) {
    scene_take(scene, subject_realloc(elsewhere + ELSEWHERE / 2, SMALL), SMALL);
}

static void resize_middle_of_anything(struct scene *scene) {
    unsigned char *block = scene_alloc(scene, LARGE);
    fill_randomly(scene, block);
    scene_take(scene, subject_realloc(some_middle(scene, block), SMALL), SMALL);
}

static const struct misuse misuses[] = {
    {"low-address", "free an address near 0", false, free_low_address},
    {"stack", "free a variable on the stack", false, free_stack},
    {"static", "free a static variable", false, free_static},
    {"fake-outside", "free a fake block outside the heap, then allocate", false, free_fake_block},
    {"other-heap", "free a block of another heap", false, free_other_heap},
    {"start-of-heap", "free the start of the region", false, free_start_of_heap},
    {"beyond-end", "free an address above the region", false, free_beyond_end},
    {"misaligned", "free a pointer 1 to 7 bytes into a block", true, free_misaligned},
    {"middle-zeroes", "free the middle of a block of zeroes", true, free_middle_of_zeroes},
    {"middle-counters", "free the middle of a block of small integers", true, free_middle_of_counters},
    {"middle-anything", "free the middle of a block of random bytes", true, free_middle_of_anything},
    {"middle-fake", "free the middle of a block, where a fake block was put, then allocate", false,
     free_middle_with_fake},
    {"resize-static", "resize a static variable", false, resize_static},
    {"resize-middle", "resize the middle of a block of random bytes", true, resize_middle_of_anything},
};

const struct misuse_group wrong_pointers = MISUSE_GROUP("Wrong pointers", misuses);
