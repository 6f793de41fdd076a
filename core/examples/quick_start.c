/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include <ebb/buffer_store.h>
#include <ebb/heap.h>

#include <stdio.h>

static unsigned char memory[8192];
static struct ebb_buffer_store store; /* or a store of your own: grow, shrink, context */

int main(void) {
    ebb_buffer_store_init(&store, memory, sizeof memory);
    struct ebb_policy policy = {.strategy = EBB_GROW_AND_RETURN, .maximum = 8192};
    struct ebb_heap *heap = ebb_create(&store.store, &policy); /* NULL for the default policy */

    char *line = ebb_alloc(heap, 80);
    line = ebb_realloc(heap, line, 200);            /* in place if at all possible */
    void *page = ebb_aligned_alloc(heap, 256, 512); /* at a multiple of 256: any power of two will do */
    ebb_free(heap, line);
    ebb_free_sized(heap, page, 512); /* checked against the block */

    struct ebb_statistics figures;
    ebb_get_statistics(heap, &figures); /* live, peak, region, failures, moves */
    printf("%u bytes in use, at most %u.\n", (unsigned)figures.live_bytes, (unsigned)figures.peak_live_bytes);
    ebb_trim(heap); /* gives back all that is idle, at once */
    return 0;
}
