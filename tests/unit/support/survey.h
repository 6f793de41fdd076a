/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What a walk over a heap shows, summed up, and whether it is in order by itself. */
#ifndef UNIT_SURVEY_H
#define UNIT_SURVEY_H

#include <ebb/heap.h>

#include <stdbool.h>
#include <stddef.h>

struct survey {
    unsigned char *first; /* address of the first block */
    unsigned char *end;   /* where a block after the last would be; its header ends here */
    size_t used_blocks;
    size_t free_blocks; /* top not counted */
    size_t gaps;
    unsigned char *last_gap; /* address of the highest gap */
    size_t used_bytes;
    size_t free_bytes; /* top not counted */
    size_t gap_bytes;
    size_t top_bytes;
    size_t largest_free; /* bytes of the largest free block, header included; top not counted */
    bool is_complete;    /* the walk went to its end */
    bool is_orderly;     /* blocks follow each other, are aligned, free ones apart, and top is the last and only one */
};

void survey_take(struct survey *self, const struct ebb_heap *heap);

/* A block and its neighbours. Without a neighbour its size is 0, and its kind EBB_BLOCK_GAP. */
struct surroundings {
    struct ebb_block left;
    struct ebb_block own;
    struct ebb_block right;
    bool found;
};

void survey_around(struct surroundings *self, const struct ebb_heap *heap, const void *address);

/* Bytes of the smallest block, header included, that serves a request of `size` bytes. */
size_t survey_block_for(size_t size);

/* Whether `rest` bytes beyond the `least` that a block needs stay with it: too few to be cut off. */
bool survey_stays(size_t rest, size_t least);

#endif
