/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Writes beyond the end of a block, and before its beginning, by those who know nothing of headers. */
#include "../layout.h"
#include "../misuses.h"
#include "../subject.h"

#include <string.h>

/* Another byte than the one that is there: else nothing would be done. */
static unsigned char other_byte(struct scene *scene, unsigned char byte) {
    return (unsigned char)(byte + 1 + random_below(&scene->random, 255));
}

static void overflow_by_one(struct scene *scene, size_t size) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, size);
    unsigned char *end = row[0] + subject_usable_bytes(row[0]);
    *end = other_byte(scene, *end);
    scene_free_both(scene, row[0], row[1]);
}

static void by_one(struct scene *scene) {
    overflow_by_one(scene, SMALL);
}

static void by_one_large(struct scene *scene) {
    overflow_by_one(scene, LARGE);
}

/* What a string does that is one too long. If a zero is there already, nothing is done. */
static void by_one_zero(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    unsigned char *end = row[0] + subject_usable_bytes(row[0]);
    if (*end == 0) {
        scene_does_not_apply(scene);
        return;
    }
    *end = 0;
    scene_free_both(scene, row[0], row[1]);
}

static void by_one_before_free(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, LARGE);
    scene_free(scene, row[1]);
    unsigned char *end = row[0] + subject_usable_bytes(row[0]);
    *end = other_byte(scene, *end);
    scene_free_both(scene, row[0], row[2]);
}

static void into_payload(struct scene *scene, unsigned char byte) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, SMALL);
    unsigned char *end = row[0] + subject_usable_bytes(row[0]);
    memset(end, byte, (size_t)(row[1] - end) + SMALL / 2);
    scene_scribble(scene, row[1]);
    scene_free_both(scene, row[0], row[1]);
}

static void of_zeroes(struct scene *scene) {
    into_payload(scene, 0);
}

static void of_text(struct scene *scene) {
    into_payload(scene, 'A');
}

static void of_anything(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, SMALL);
    for (unsigned char *at = row[0] + subject_usable_bytes(row[0]); at < row[1]; at++) {
        *at = (unsigned char)(random_next(&scene->random) >> 16);
    }
    scene_free_both(scene, row[0], row[1]);
}

static void before_beginning(struct scene *scene) {
    unsigned char *row[ROW];
    scene_alloc_row(scene, row, SMALL);
    unsigned char *before = row[1] - 1;
    *before = other_byte(scene, *before);
    scene_free_both(scene, row[0], row[1]);
}

static void into_top(struct scene *scene) {
    unsigned char *last = scene_alloc(scene, 8 * (size_t)LARGE);
    unsigned char *end = last + subject_usable_bytes(last);
    *end = other_byte(scene, *end);
    if (random_chance(&scene->random, 50)) {
        scene_free(scene, last);
    }
}

static const struct misuse misuses[] = {
    {"one-byte", "write one byte beyond a block, then free it and the next one", true, by_one},
    {"one-byte-large", "the same with large ones", true, by_one_large},
    {"one-zero", "the same with a zero", true, by_one_zero},
    {"one-byte-free", "the same where the next one is free", true, by_one_before_free},
    {"one-byte-top", "the same where the end of the heap follows", true, into_top},
    {"underflow", "write one byte before a block", true, before_beginning},
    {"whole-header", "overwrite the next header with random bytes", true, of_anything},
    {"zeroes", "overwrite it, and some of the next block, with zeroes", true, of_zeroes},
    {"text", "the same with letters", true, of_text},
};

const struct misuse_group overflows = MISUSE_GROUP("Overflows", misuses);
