/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * A program for a debugger to look at. It makes a heap with blocks of all kinds, says what the heap's own functions
 * show of it, and comes by stop_here().
 */
#include "place.h"

enum { BLOCKS = 60 };

/* Without debug information, a debugger can read it all the same. */
struct ebb_heap *program_heap;

static void *blocks[BLOCKS];

static void fill(struct ebb_heap *heap) {
    for (size_t index = 0; index < BLOCKS; index++) {
        if (index == BLOCKS / 2) {
            place_take(100);
        }
        blocks[index] = ebb_alloc(heap, 1 + index * index * 7 % 500);
    }
    for (size_t index = 0; index < BLOCKS; index += index % 4 + 2) {
        ebb_free(heap, blocks[index]);
        blocks[index] = NULL;
    }
    ebb_alloc(heap, 100000000);
}

static bool say_block(void *context, const struct ebb_block *block) {
    static const char *const names[] = {"used", "free", "top", "gap"};
    (void)context;
    place_say("block %lx %lu %s\n", (unsigned long)(uintptr_t)block->address, (unsigned long)block->size,
              names[block->kind]);
    return true;
}

static void say_heap(const struct ebb_heap *heap) {
    struct ebb_statistics figures;
    ebb_get_statistics(heap, &figures);
    place_say("heap %lx\n", (unsigned long)(uintptr_t)heap);
    ebb_walk(heap, say_block, NULL);
    place_say("live %lu\npeak-live %lu\nregion %lu\npeak-region %lu\n", (unsigned long)figures.live_bytes,
              (unsigned long)figures.peak_live_bytes, (unsigned long)figures.region_bytes,
              (unsigned long)figures.peak_region_bytes);
    place_say("largest-request %lu\nfailed %lu\nmoves %lu %lu %lu\n", (unsigned long)figures.largest_request,
              (unsigned long)figures.failed_requests, (unsigned long)figures.grows, (unsigned long)figures.shrinks,
              (unsigned long)figures.refusals);
    struct ebb_geometry geometry = ebb_get_geometry();
    place_say("granule %lu\nheader %lu\nhardening %lu\n", (unsigned long)geometry.granule,
              (unsigned long)geometry.header, (unsigned long)geometry.hardening);
    place_say("sound %lu\n", (unsigned long)(ebb_check(heap).damage == EBB_SOUND));
}

static volatile int stops;

__attribute__((noinline)) void stop_here(void);
void stop_here(void) {
    stops = stops + 1;
}

int main(void) {
    program_heap = place_heap();
    if (program_heap == NULL) {
        return 1;
    }
    fill(program_heap);
    say_heap(program_heap);
    stop_here();
    return 0;
}
