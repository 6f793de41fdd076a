/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * A heap and all that it stands in: the arena, the store, and what its user knows of his blocks. The store answers as
 * `choices` say, and guards what is not the heap's.
 */
#ifndef EXPLORE_WORLD_H
#define EXPLORE_WORLD_H

#include "choices.h"

#include <ebb/heap.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MOST_GRANULES = 32, FENCE = 32, ARENA_BYTES = 1024 + MOST_GRANULES * 16 + FENCE };

/* Whom a byte belongs to. */
enum owner {
    OWNER_OTHERS = 0, /* never given, taken back, or in a gap */
    OWNER_HEAP = 1,
    OWNER_NOBODY = 2 /* given, but beyond what the heap may have: it will never touch it */
};

enum answer {
    ANSWER_YES,    /* all that is asked for, or what is left */
    ANSWER_REFUSE, /* nothing */
    ANSWER_LESS,   /* only `crumb` bytes */
    ANSWER_MORE,   /* `crumb` bytes beyond what is asked for */
    ANSWER_MOVED,  /* all of it, beyond `gap` bytes that somebody else took */
    ANSWERS
};

/* What does not change while states are explored. */
struct setting {
    size_t granules;      /* of user space that the store has */
    size_t crumb;         /* bytes; see enum answer */
    size_t gap;           /* bytes */
    size_t store_granule; /* bytes */
    unsigned answers;     /* one bit for each enum answer that occurs */
    bool fresh_is_zero;
};

enum { MOST_NAMED_ANSWERS = MOST_CHOICES };

/* What the store was asked in the last call. */
struct store_log {
    unsigned calls;
    unsigned char answers[MOST_NAMED_ANSWERS]; /* of enum answer */
    unsigned grow_calls;
    unsigned shrink_calls;
    size_t last_asked;   /* bytes, by the last call to grow */
    bool last_met;       /* whether it brought all that, right above the region */
    bool always_met;     /* whether every call to grow did, or took all that it was offered */
    bool was_overfed;    /* whether any call brought more than it was to, or from elsewhere */
    unsigned gaps;       /* calls that brought memory from elsewhere */
    bool offered_others; /* whether memory that is not the heap's was offered to be taken back */
    bool asked_for_nothing;
};

struct world {
    struct setting setting;
    struct ebb_geometry geometry;
    struct ebb_store store;
    struct choices choices;
    struct store_log log;
    struct ebb_heap *heap;
    unsigned faults; /* told by the heap since the last call began */

    size_t first; /* offset of the first block's payload: what lies below is the control block and a header */
    size_t limit; /* offset up to which there is memory */
    size_t fence; /* offset up to which nobody may write beyond that */
    size_t end;   /* offset of the region's end as the store knows it */
    unsigned char owner[ARENA_BYTES];
    unsigned char live[MOST_GRANULES + 1];    /* granules of the block in use that starts so many after the first */
    unsigned char first_control[ARENA_BYTES]; /* the control block as it was at first */
};

extern _Alignas(4096) unsigned char world_arena[ARENA_BYTES];

/* A world with a new heap. Returns false if it is not created. */
bool world_create(struct world *self, const struct setting *setting, const struct ebb_policy *policy);

/* Before each call of the heap. */
void world_begin_call(struct world *self);

/* Content of block `index`, written and looked at: the first `bytes` bytes. */
void world_write_payload(struct world *self, size_t index);
bool world_holds_payload(const struct world *self, size_t index, const unsigned char *address, size_t bytes);

/* The bytes that a block of so many granules has for its user. */
size_t world_payload(const struct world *self, size_t granules);

/* The address of a block, and back. */
unsigned char *world_block(const struct world *self, size_t index);
size_t world_index(const struct world *self, const void *address);

/* Whether nobody has touched what is not the heap's. */
bool world_guards_intact(const struct world *self);

/* Bytes that the store gave, but beyond the end that the heap knows: how many, and then nobody has them. */
size_t world_surplus(const struct world *self);
void world_abandon_surplus(struct world *self);

/* A state as it is, to come back to it quickly. */
struct saved_world {
    size_t end;
    unsigned char live[MOST_GRANULES + 1];
    unsigned char owner[ARENA_BYTES];
    unsigned char bytes[ARENA_BYTES];
};

void world_save(const struct world *self, struct saved_world *saved);
void world_restore(struct world *self, const struct saved_world *saved);
bool world_is_saved(const struct world *self, const struct saved_world *saved);

/* The compact form of a state: the same for all states that differ only in what no one can tell apart. */
enum { MOST_PACKED = 3 * ARENA_BYTES };
size_t world_pack(const struct world *self, unsigned char *packed);
void world_unpack(struct world *self, const unsigned char *packed);

#endif
