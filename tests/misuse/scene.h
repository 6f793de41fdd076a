/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Where a misuse happens: a heap with innocent blocks, and a judge who looks at it from outside. What is judged is what
 * a program would suffer: two live blocks that overlap, a block outside the heap, bytes that changed though nobody
 * entitled to has written them.
 */
#ifndef MISUSE_SCENE_H
#define MISUSE_SCENE_H

#include "random.h"

#include <stdbool.h>
#include <stddef.h>

/* How a trial ended, from best to worst. The last three are what the process that watches finds out. */
enum outcome {
    OUTCOME_REPORTED,       /* by the call that was wrong, or the first that met the damage, before any harm */
    OUTCOME_REPORTED_LATER, /* before any harm, but only when the program went on */
    OUTCOME_ABORTED,        /* the subject ended the process: at once or later */
    OUTCOME_HARMLESS,       /* nobody noticed anything */
    OUTCOME_CRASHED,        /* by a signal */
    OUTCOME_HUNG,           /* did not come to an end */
    OUTCOME_CORRUPTED,      /* harm was done, in silence */
    OUTCOME_DOES_NOT_APPLY, /* there is nothing of that kind to misuse */
    OUTCOMES
};

/* What the process that watches sees of a trial, also if the trial breaks off. */
struct notes {
    volatile uint32_t trial;
    volatile bool reported;       /* the subject has reported, before any harm */
    volatile bool reported_later; /* not before the program went on */
    volatile bool harmed;         /* something innocent was harmed */
    volatile bool broken;         /* the scene could not even be set */
    volatile uint32_t outcomes[OUTCOMES];
    volatile uint32_t unsafe; /* of those reported: how often something was harmed or broke off afterwards */
};

enum { SCENE_BLOCKS = 160 };

/* A live block and what it must hold. */
struct live {
    unsigned char *block;
    size_t size;
    unsigned char pattern;
    bool is_known; /* its content is: nobody has written it since */
};

struct scene {
    struct notes *notes;
    struct random random;
    struct live live[SCENE_BLOCKS];
    size_t count;
    bool goes_on; /* the misuse is done */
    bool applies;
};

/* A size for which all subjects keep a block in a list of its own size, and one that they merge at once. */
enum { SMALL = 40, LARGE = 1200 };

/* ---- For misuses ---- */

/* A live block, filled; whoever changes it without right is found out. Ends the trial if there is none to be had. */
unsigned char *scene_alloc(struct scene *scene, size_t size);

/* A live block that is not looked at: so what lies before it is not at the end of the heap. */
void scene_fence(struct scene *scene);

/* Frees a live block as its owner may. It stays alive if that is refused. */
void scene_free(struct scene *scene, unsigned char *block);

/* Resizes a live block as its owner may. Returns its place; NULL, and it stays as it was, if that is refused. */
unsigned char *scene_resize(struct scene *scene, unsigned char *block, size_t size);

enum { ROW = 4 };

/* Live blocks of `size` that lie side by side, and something behind them. */
void scene_alloc_row(struct scene *scene, unsigned char *row[ROW], size_t size);

/* The program frees two blocks, in one order or the other. */
void scene_free_both(struct scene *scene, unsigned char *one, unsigned char *other);

/* A live block that the misuse has nothing to do with. */
unsigned char *scene_bystander(struct scene *scene);

/* The owner of `block` writes what it likes: its content is not known any more. */
void scene_scribble(struct scene *scene, const unsigned char *block);

/* `block` is what a wrong call has returned for a request of `size`; NULL is none. From now on it is live. */
void scene_take(struct scene *scene, unsigned char *block, size_t size);

/* The subject has nothing that could be misused so. */
void scene_does_not_apply(struct scene *scene);

/* ---- For the trial ---- */

void scene_begin(struct scene *scene, struct notes *notes, uint32_t seed);

/* The program goes on after the misuse: allocates, resizes, frees, and looks whether all is as it must be. */
void scene_go_on(struct scene *scene);

/* What has come of it, if the process has come as far as this. */
enum outcome scene_outcome(const struct scene *scene);

#endif
