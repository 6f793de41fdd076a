/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Links of free blocks forged by somebody who knows where everything lies. */
#include "../layout.h"
#include "../misuses.h"
#include "../subject.h"

/* A free block in a list, with live ones around it. */
static void free_in_row(struct scene *scene, unsigned char *row[ROW], size_t size) {
    scene_alloc_row(scene, row, size);
    scene_free(scene, row[3]);
    scene_free(scene, row[1]);
}

/* Forges the links of a free block of `size`, and allocates until what they lead to would have been handed out. */
static void forge_and_allocate(struct scene *scene, unsigned char *block, unsigned char *prev, unsigned char *next,
                               size_t size) {
    if (!layout_forge_links(block, prev, next)) {
        scene_does_not_apply(scene);
        return;
    }
    for (int i = 0; i < 3; i++) {
        scene_take(scene, subject_alloc(size), size);
    }
}

static void next_to_live(struct scene *scene) {
    unsigned char *row[ROW];
    free_in_row(scene, row, SMALL);
    forge_and_allocate(scene, row[1], NULL, row[2], SMALL);
}

/* Into a live block that was made to look like a free one. */
static void next_to_fake(struct scene *scene) {
    unsigned char *row[ROW];
    unsigned char *large = scene_alloc(scene, LARGE);
    free_in_row(scene, row, SMALL);
    scene_scribble(scene, large);
    unsigned char *fake = large + 64;
    if (!layout_forge_block(fake, 48)) {
        scene_does_not_apply(scene);
        return;
    }
    (void)layout_forge_free(fake);
    (void)layout_forge_links(fake, row[1], NULL);
    forge_and_allocate(scene, row[1], NULL, fake, SMALL);
}

static void next_outside(struct scene *scene) {
    unsigned char *row[ROW];
    free_in_row(scene, row, SMALL);
    unsigned char *outside = subject_region() + subject_region_bytes() + 1024;
    forge_and_allocate(scene, row[1], NULL, outside, SMALL);
}

static void next_to_start(struct scene *scene) {
    unsigned char *row[ROW];
    free_in_row(scene, row, SMALL);
    forge_and_allocate(scene, row[1], NULL, subject_region() + 16, SMALL);
}

static void next_to_itself(struct scene *scene) {
    unsigned char *row[ROW];
    free_in_row(scene, row, SMALL);
    forge_and_allocate(scene, row[1], NULL, row[1], SMALL);
}

static void large_to_itself(struct scene *scene) {
    unsigned char *row[ROW];
    free_in_row(scene, row, LARGE);
    forge_and_allocate(scene, row[1], row[1], row[1], LARGE);
}

/* What is written when the block is taken out of its list, as a neighbour merges with it. */
static void unlink_writes(struct scene *scene, unsigned char *prev, unsigned char *place) {
    unsigned char *row[ROW];
    free_in_row(scene, row, LARGE);
    unsigned char *next = layout_link_that_writes(place);
    if (next == NULL || !layout_forge_links(row[1], prev, next)) {
        scene_does_not_apply(scene);
        return;
    }
    scene_free(scene, row[0]);
}

static void unlink_to_live(struct scene *scene) {
    unsigned char *place = scene_bystander(scene);
    unlink_writes(scene, place, place);
}

static void unlink_outside(struct scene *scene) {
    unsigned char *place = subject_region() + subject_region_bytes() + 1024;
    unlink_writes(scene, place, place);
}

static void unlink_prev_only(struct scene *scene) {
    unsigned char *row[ROW];
    free_in_row(scene, row, LARGE);
    if (!layout_forge_links(row[1], scene_bystander(scene), NULL)) {
        scene_does_not_apply(scene);
        return;
    }
    scene_free(scene, row[0]);
}

static const struct misuse misuses[] = {
    {"next-live", "lead to a live block; allocate", true, next_to_live},
    {"next-fake", "lead to a fake free block inside a live one; allocate", true, next_to_fake},
    {"next-outside", "lead to outside the heap; allocate", true, next_outside},
    {"next-start", "lead to the start of the region; allocate", true, next_to_start},
    {"next-self", "lead to the block itself; allocate", true, next_to_itself},
    {"both-self", "both links of a large one lead to itself; allocate", true, large_to_itself},
    {"unlink-live", "both lead to a live block; free the left neighbour", true, unlink_to_live},
    {"unlink-outside", "both lead to outside the heap; free the left neighbour", true, unlink_outside},
    {"unlink-prev", "one leads to a live block; free the left neighbour", true, unlink_prev_only},
};

const struct misuse_group forged_links = MISUSE_GROUP("Forged links of free blocks", misuses);
