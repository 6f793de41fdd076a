/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * A backing store that answers as it is told: honestly, grudgingly, or with lies. It counts what it was asked and what
 * it did, and guards all memory that is not the heap's: what was never given, what was given back, and what somebody
 * else took in between.
 */
#ifndef UNIT_SCRIPTED_STORE_H
#define UNIT_SCRIPTED_STORE_H

#include "random.h"

#include <ebb/store.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum answer {
    ANSWER_HONEST, /* all that was asked for, or what is left */
    ANSWER_REFUSE, /* nothing */
    ANSWER_LESS,   /* at most `detail` bytes, and at least 1 */
    ANSWER_MORE,   /* grow: `detail` bytes beyond what was asked for */
    ANSWER_HIGHER, /* grow: after `detail` bytes that somebody else took just before */
    /* grow: a start `detail` bytes below the end that the heap knows of. shrink: claims `detail` bytes too many */
    ANSWER_LIE
};
#define ANSWER_COUNT 6

/* The first `skip` calls get the earlier answer, `times` calls after them the other; all further ones are honest. */
struct script {
    enum answer answer;
    size_t detail;
    uint32_t times;
    uint32_t skip;
    enum answer earlier;
    size_t earlier_detail;
};

#define SCRIPT_FOREVER UINT32_MAX

/* Random answers, in `percent` of all calls, of the kinds that have their bit set: 1 << ANSWER_LESS and so on. */
struct mischief {
    uint32_t percent;
    uint32_t kinds;
    struct random random;
};

enum { FOREIGN_RANGES = 64 };

struct scripted_store {
    struct ebb_store store; /* what ebb_create() takes */
    unsigned char *arena;
    size_t size;  /* bytes of the arena */
    size_t start; /* offset of the region in the arena */
    size_t end;   /* offset of its end */
    size_t piece; /* offset from which on nobody else has memory below the end */
    size_t limit; /* the end never goes beyond this offset */
    size_t known; /* up to this offset at least, the heap takes the region for its own; 0: up to `end` */
    size_t peak;  /* the highest the end ever was */

    struct script grow_script;
    struct script shrink_script;
    struct mischief mischief;
    bool all_or_nothing; /* refuses what it cannot give in full, instead of giving what is left */
    bool breaks_promise; /* fills what it gives with garbage, though `store.fresh_is_zero` */

    struct {
        size_t from;
        size_t to;
    } foreign[FOREIGN_RANGES];
    size_t foreign_count;

    uint32_t grow_calls;
    uint32_t shrink_calls;
    uint32_t grown;    /* calls that added memory */
    uint32_t shrunk;   /* calls that took memory back */
    uint32_t refused;  /* calls that did nothing */
    uint32_t kept;     /* calls that took back less than was offered, if any */
    uint32_t lies;     /* calls that were answered with a lie */
    uint32_t overfed;  /* calls that brought the end further than asked for */
    uint32_t breaches; /* calls that asked for nothing, or offered what is not the heap's */
    size_t last_grow;  /* bytes asked for by the last call */
    size_t last_shrink;
};

/* An honest store on `arena`, whose region starts `start` bytes into it. */
void scripted_store_init(struct scripted_store *self, void *arena, size_t size, size_t start);

/* Whoever took memory last, above all of the heap's, gives it back: the end is where it was before. */
void scripted_store_others_leave(struct scripted_store *self);

/* Whether nobody touched what is not the heap's, or asked for what cannot be. */
bool scripted_store_intact(const struct scripted_store *self);

/* Whether every call from now on is answered honestly. */
bool scripted_store_honest(const struct scripted_store *self);

uint32_t scripted_store_calls(const struct scripted_store *self);

#endif
