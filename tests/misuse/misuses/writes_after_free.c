/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Writes to blocks that were freed, by those who know nothing of what is there then. */
#include "../misuses.h"
#include "../subject.h"

#include <string.h>

/* What the program needs next: likely the freed block. */
static void allocate_again(struct scene *scene, size_t size) {
    for (int i = 0; i < 3; i++) {
        scene_take(scene, subject_alloc(size), size);
    }
}

static unsigned char *freed_in_row(struct scene *scene, size_t size) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, size);
    scene_free(scene, row[1]);
    return row[1];
}

static void write_byte(struct scene *scene, unsigned char *at) {
    *at = (unsigned char)(*at + 1 + random_below(&scene->random, 255));
}

static void beginning(struct scene *scene) {
    unsigned char *block = freed_in_row(scene, SMALL);
    for (size_t i = 0; i < 8; i++) {
        block[i] = (unsigned char)(random_next(&scene->random) >> 16);
    }
    allocate_again(scene, SMALL);
}

static void first_byte(struct scene *scene) {
    unsigned char *block = freed_in_row(scene, SMALL);
    write_byte(scene, block);
    allocate_again(scene, SMALL);
}

static void all_zero(struct scene *scene) {
    unsigned char *block = freed_in_row(scene, SMALL);
    memset(block, 0, SMALL);
    allocate_again(scene, SMALL);
}

/* Beyond all links, and before a second size. */
static void middle(struct scene *scene) {
    unsigned char *block = freed_in_row(scene, LARGE);
    write_byte(scene, block + 64 + random_below(&scene->random, LARGE - 128));
    allocate_again(scene, LARGE);
}

static void last_byte(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    unsigned char *last = row[1] + subject_usable_bytes(row[1]) - 1;
    scene_free(scene, row[1]);
    write_byte(scene, last);
    scene_free(scene, row[2]);
    allocate_again(scene, LARGE);
}

static void merged(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    scene_free(scene, row[1]);
    scene_free(scene, row[2]);
    write_byte(scene, row[2] - 16 + random_below(&scene->random, 64));
    allocate_again(scene, 2 * (size_t)LARGE);
}

static void in_top(struct scene *scene) {
    unsigned char *block = scene_alloc(scene, 8 * (size_t)LARGE);
    unsigned char *last = scene_alloc(scene, LARGE);
    scene_free(scene, last);
    scene_scribble(scene, block);
    write_byte(scene, last + random_below(&scene->random, LARGE / 2));
    allocate_again(scene, LARGE);
}

static const struct misuse misuses[] = {
    {"first-byte", "write the first byte of a freed block, then allocate", true, first_byte},
    {"first-bytes", "write its first eight bytes", true, beginning},
    {"clear", "clear a freed block", true, all_zero},
    {"middle-byte", "write one byte in the middle of it", true, middle},
    {"last-byte", "write its last byte, then free the next one", true, last_byte},
    {"merged-byte", "write one byte where two freed blocks were merged", true, merged},
    {"top-byte", "write one byte of it where it has become part of the idle end", true, in_top},
};

const struct misuse_group writes_after_free = MISUSE_GROUP("Writes after free", misuses);
