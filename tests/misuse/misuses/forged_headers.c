/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Headers forged by somebody who knows what one looks like, but none of the heap's secrets. */
#include "../layout.h"
#include "../misuses.h"
#include "../subject.h"

#include <string.h>

/* Larger than what is left of a block that was forged to reach over the next one. */
static void alloc_two_blocks_of(struct scene *scene, size_t size) {
    scene_take(scene, subject_alloc(2 * size), 2 * size);
}

static void larger(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    (void)layout_forge_size(row[1], layout_block_bytes(row[1]) + layout_block_bytes(row[2]));
    scene_free(scene, row[1]);
    alloc_two_blocks_of(scene, LARGE);
}

static void larger_with_guess(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    size_t bytes = layout_block_bytes(row[1]) + layout_block_bytes(row[2]);
    (void)layout_forge_size_and_guess(row[1], bytes, random_next(&scene->random));
    scene_free(scene, row[1]);
    alloc_two_blocks_of(scene, LARGE);
}

static void smaller(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    (void)layout_forge_size(row[1], layout_block_bytes(row[1]) / 2 / 16 * 16);
    scene_free_both(scene, row[1], row[2]);
}

/* Inside the block, what follows the forged size looks like a block in use. */
static void smaller_with_fake(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    size_t bytes = layout_block_bytes(row[1]) / 2 / 16 * 16;
    scene_scribble(scene, row[1]);
    if (!layout_forge_block(row[1] + bytes, layout_block_bytes(row[1]) - bytes)) {
        scene_does_not_apply(scene);
        return;
    }
    (void)layout_forge_size(row[1], bytes);
    scene_free_both(scene, row[1], row[2]);
}

static void huge(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    (void)layout_forge_size(row[1], SIZE_MAX / 16 * 16);
    scene_free(scene, row[1]);
}

static void free_one_larger(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    scene_free(scene, row[1]);
    (void)layout_forge_size(row[1], layout_block_bytes(row[1]) + layout_block_bytes(row[2]));
    alloc_two_blocks_of(scene, LARGE);
}

static void free_one_smaller(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    scene_free(scene, row[1]);
    (void)layout_forge_size(row[1], layout_block_bytes(row[1]) / 2 / 16 * 16);
    scene_take(scene, subject_alloc(SMALL), SMALL);
    scene_free_both(scene, row[0], row[2]);
}

static void used_as_free(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    scene_scribble(scene, row[1]);
    if (!layout_forge_free(row[1])) {
        scene_does_not_apply(scene);
        return;
    }
    scene_free(scene, row[0]);
    alloc_two_blocks_of(scene, LARGE);
}

/* `reach`: how many blocks to the left of row[3] are said to be one free block. Only the last is the attacker's. */
static void left_as_free(struct scene *scene, size_t reach) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    scene_scribble(scene, row[2]);
    size_t left_bytes = (size_t)(row[3] - row[3 - reach]);
    if (!layout_forge_left_free(row[3], left_bytes)) {
        scene_does_not_apply(scene);
        return;
    }
    scene_free(scene, row[3]);
    alloc_two_blocks_of(scene, LARGE);
}

static void own_as_free(struct scene *scene) {
    left_as_free(scene, 1);
}

static void two_as_free(struct scene *scene) {
    left_as_free(scene, 2);
}

/* The attacker's block holds what looks like a free block, whose links lead to itself. */
static void fake_as_free(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    scene_scribble(scene, row[2]);
    unsigned char *fake = row[2] + 64;
    size_t bytes = (size_t)(row[3] - fake);
    if (!layout_forge_block(fake, 48) || !layout_forge_left_free(row[3], bytes)) {
        scene_does_not_apply(scene);
        return;
    }
    (void)layout_forge_size(fake, bytes);
    (void)layout_forge_free(fake);
    (void)layout_forge_links(fake, fake, fake);
    (void)layout_forge_left_free(row[3], bytes);
    scene_free(scene, row[3]);
    alloc_two_blocks_of(scene, LARGE);
}

static void footer(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    scene_free(scene, row[1]);
    if (!layout_forge_footer(row[1], layout_block_bytes(row[0]) + layout_block_bytes(row[1]))) {
        scene_does_not_apply(scene);
        return;
    }
    scene_free(scene, row[2]);
    alloc_two_blocks_of(scene, LARGE);
}

static void copied(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, SMALL);
    unsigned char *large = scene_alloc(scene, 2 * (size_t)SMALL + SMALL / 2);
    unsigned char *header = layout_header(row[1]);
    memcpy(header, layout_header(large), (size_t)(row[1] - header));
    scene_free(scene, row[1]);
    alloc_two_blocks_of(scene, SMALL);
}

/*
 * The header that the block itself had when it was larger: its secret part was right then, and is now. What was cut off
 * since is another live block.
 */
static void replayed(struct scene *scene) {
    enum { MOST = 16 };
    unsigned char saved[MOST];
    unsigned char *block = scene_alloc(scene, LARGE);
    unsigned char *header = layout_header(block);
    size_t size = (size_t)(block - header);
    size_t usable = subject_usable_bytes(block);
    size_t overhead = layout_block_bytes(block) - usable;
    scene_fence(scene);
    memcpy(saved, header, size);
    if (scene_resize(scene, block, SMALL) != block || usable - subject_usable_bytes(block) <= overhead) {
        scene_does_not_apply(scene);
        return;
    }
    unsigned char *tail = scene_alloc(scene, usable - subject_usable_bytes(block) - overhead);
    if (tail < block || tail > block + usable) {
        scene_does_not_apply(scene);
        return;
    }
    memcpy(header, saved, size);
    scene_free(scene, block);
    scene_take(scene, subject_alloc(LARGE), LARGE);
}

/* The size of the idle end becomes huge, and a huge request then reaches round to where nothing may be handed out. */
static void top(struct scene *scene) {
    unsigned char *last = scene_alloc(scene, 8 * (size_t)LARGE);
    unsigned char *idle = last + layout_block_bytes(last);
    (void)layout_forge_size(idle, SIZE_MAX / 16 * 16);
    size_t distance = (size_t)(scene_bystander(scene) - idle) - 4 * sizeof(size_t);
    void *far = subject_alloc(distance);
    if (far != NULL) {
        scene_take(scene, subject_alloc(SMALL), SMALL);
    }
}

static const struct misuse misuses[] = {
    {"larger", "a block in use says that it reaches over the next one, and is freed", true, larger},
    {"larger-guess", "the same, and the secret, if there is one, is guessed", true, larger_with_guess},
    {"smaller", "it says that it is half as large", true, smaller},
    {"smaller-fake", "the same, and what follows then looks like a block", true, smaller_with_fake},
    {"huge", "it says that it is larger than the heap", true, huge},
    {"free-larger", "a free block says that it reaches over the next one; allocate", true, free_one_larger},
    {"free-smaller", "a free block says that it is half as large; free its neighbours", true, free_one_smaller},
    {"used-as-free", "a block in use says that it is free; free its left neighbour", true, used_as_free},
    {"left-as-free", "a block says that the attacker's, to its left, is free, and is freed", true, own_as_free},
    {"two-as-free", "it says so of the attacker's and the one before", true, two_as_free},
    {"fake-as-free", "it says so of a fake free block inside the attacker's", true, fake_as_free},
    {"footer", "the second size of a free block reaches over the one before; free the next", true, footer},
    {"copied", "a block gets the header of another, larger one", true, copied},
    {"replayed", "a block gets the header back that it had when it was larger", true, replayed},
    {"top", "the idle end says that it is huge; allocate nearly as much", true, top},
};

const struct misuse_group forged_headers = MISUSE_GROUP("Forged headers", misuses);
