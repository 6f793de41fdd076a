/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "condition.h"

#include <string.h>

/* A walk over the heap beside the shadow. */
struct tour {
    struct world *world;
    const char *complaint;
    size_t index;  /* where the next block has to start */
    size_t wasted; /* bytes of the heap within gaps */
    size_t gaps;
    bool was_top;
};

static size_t heaps_bytes(const struct world *world, size_t from, size_t to) {
    size_t count = 0;
    for (size_t offset = from; offset < to; offset++) {
        count += world->owner[offset] == OWNER_HEAP;
    }
    return count;
}

static void complain(struct tour *tour, bool holds, const char *complaint) {
    if (!holds && tour->complaint == NULL) {
        tour->complaint = complaint;
    }
}

static void visit_gap(struct tour *tour, size_t start, size_t end) {
    size_t header = tour->world->geometry.header;
    size_t others = end - start - heaps_bytes(tour->world, start, end);
    complain(tour, others > 0, "there is a gap where nobody else's memory is");
    complain(tour, tour->world->owner[start - header] == OWNER_HEAP && tour->world->owner[end - 1] == OWNER_HEAP,
             "a gap is written down in somebody else's memory");
    tour->wasted += heaps_bytes(tour->world, start - header, end);
    tour->gaps++;
}

/* No address in free or idle memory is that of a block in use, whatever the call that led here has left there. */
static void visit_free(struct tour *tour, const struct ebb_block *block) {
    struct world *world = tour->world;
    size_t granule = world->geometry.granule;
    unsigned char *start = block->address;
    unsigned char copy[ARENA_BYTES];
    memcpy(copy, world_arena, world->fence);
    world->faults = 0;
    for (size_t offset = 0; offset < block->size; offset += granule) {
        ebb_free(world->heap, start + offset);
    }
    complain(tour, world->faults == (block->size + granule - 1) / granule,
             "to free an address in free memory was not told as a fault");
    complain(tour, memcmp(copy, world_arena, world->fence) == 0,
             "to free an address in free memory has changed something");
}

static bool visit(void *context, const struct ebb_block *block) {
    struct tour *tour = context;
    struct world *world = tour->world;
    size_t index = world_index(world, block->address);
    size_t size = block->size / world->geometry.granule;
    size_t start = (size_t)((uintptr_t)block->address - (uintptr_t)world_arena);
    size_t end = start + block->size - world->geometry.header;
    bool used = block->kind == EBB_BLOCK_USED;
    complain(tour, index == tour->index, "blocks do not lie end to end");
    complain(tour, world->live[index] == (used ? size : 0), "the walk shows another block than there should be");
    if (block->kind == EBB_BLOCK_GAP) {
        visit_gap(tour, start, end);
    } else {
        complain(tour, heaps_bytes(world, start, end) == (end > start ? end - start : 0),
                 "a block lies in memory that is not the heap's");
    }
    if (block->kind == EBB_BLOCK_FREE || block->kind == EBB_BLOCK_TOP) {
        visit_free(tour, block);
    }
    tour->was_top = block->kind == EBB_BLOCK_TOP;
    tour->index = index + size;
    return tour->complaint == NULL;
}

/* Between blocks and gap, less than what a gap needs may be lost. */
static const char *check_waste(const struct tour *tour, size_t region) {
    const struct world *world = tour->world;
    size_t granule = world->geometry.granule;
    size_t per_gap = 2 * granule + world->geometry.smallest_block + 2 * world->geometry.header;
    if (tour->wasted > tour->gaps * per_gap) {
        return "a gap swallows the heap's own memory";
    }
    size_t end = world->first + tour->index * granule;
    return region < end || region - end >= granule ? "the last block does not end where the region does" : NULL;
}

const char *condition_of_blocks(struct world *world) {
    if (ebb_check(world->heap).damage != EBB_SOUND) {
        return "ebb_check() finds damage";
    }
    struct tour tour = {.world = world};
    struct ebb_statistics statistics;
    ebb_get_statistics(world->heap, &statistics);
    bool complete = ebb_walk(world->heap, visit, &tour);
    if (tour.complaint != NULL) {
        return tour.complaint;
    }
    return !complete || !tour.was_top ? "the walk ends before its end" : check_waste(&tour, statistics.region_bytes);
}

/* Whether a block was here, or other bytes than now lay where its header would be. */
static bool is_another(const struct world *world, const struct saved_world *before, size_t index) {
    uint64_t now;
    uint64_t then;
    size_t offset = (size_t)(world_block(world, index) - world_arena) - sizeof now;
    memcpy(&now, world_arena + offset, sizeof now);
    memcpy(&then, before->bytes + offset, sizeof then);
    return now != then || before->live[index] != 0;
}

/* By ebb_usable_size(), as a free that should have been refused might crash, and not be reported. */
const char *condition_of_old_addresses(struct world *world, const struct saved_world *before) {
    size_t usable = 0;
    unsigned tried = 0;
    world->faults = 0;
    for (size_t index = 0; index < world->setting.granules;) {
        size_t size = world->live[index];
        if (size == 0 && is_another(world, before, index)) {
            usable |= ebb_usable_size(world->heap, world_block(world, index));
            tried++;
        }
        index += size != 0 ? size : 1;
    }
    bool is_told = usable == 0 && world->faults == tried;
    return is_told ? NULL : "to use an address where no block is any longer was not told as a fault";
}

const char *condition_of_end(struct world *world) {
    struct ebb_statistics statistics;
    ebb_get_statistics(world->heap, &statistics);
    size_t end = world->end;
    bool whole = heaps_bytes(world, 0, end) == end;
    world_begin_call(world);
    choices_clear(&world->choices);
    size_t left = ebb_destroy(world->heap);
    if (world->log.offered_others || world->log.calls > 1) {
        return "at its end, the heap offered what is not its own";
    }
    if (left + (end - world->end) != statistics.region_bytes) {
        return "at its end, the heap does not say what the store did not take";
    }
    return whole && left != 0 ? "at its end, the heap kept memory" : NULL;
}
