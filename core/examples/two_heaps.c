/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Two heaps in one program, each with a policy of its own. Packets have a reserve that nothing else can use up, and
 * that is there from the start. Jobs share their buffer with the picture that the display wants now and then, so
 * their heap takes only what it needs and gives it back.
 */
#include <ebb/buffer_store.h>
#include <ebb/heap.h>

#include <stdio.h>

static _Alignas(8) unsigned char packet_memory[2048];
static _Alignas(8) unsigned char shared_memory[8192];

static struct ebb_buffer_store packet_store;
static struct ebb_buffer_store job_store;
static struct ebb_heap *packets;
static struct ebb_heap *jobs;

/* begin: start */
static bool start_heaps(void) {
    /* All of it at once: a request of a packet's never waits for the store, nor is refused by it. */
    static const struct ebb_policy for_packets = {.strategy = EBB_FIXED};
    /* In steps of 512 bytes; what is idle goes back as soon as it is more than 1 KiB. */
    static const struct ebb_policy for_jobs = {
        .strategy = EBB_GROW_AND_RETURN, .maximum = 6144, .quantum = 512, .return_above = 1024};

    ebb_buffer_store_init(&packet_store, packet_memory, sizeof packet_memory);
    packets = ebb_create(&packet_store.store, &for_packets);
    ebb_buffer_store_init(&job_store, shared_memory, sizeof shared_memory);
    jobs = ebb_create(&job_store.store, &for_jobs);
    return packets != NULL && jobs != NULL;
}
/* end: start */

/* What the heap of jobs does not hold. It may be used until jobs are allocated again. */
static unsigned char *free_for_picture(size_t *size) {
    *size = job_store.size - job_store.used;
    return job_store.buffer + job_store.used;
}

static size_t region_of(const struct ebb_heap *heap) {
    struct ebb_statistics figures;
    ebb_get_statistics(heap, &figures);
    return figures.region_bytes;
}

static void tell(const char *when) {
    size_t room;
    free_for_picture(&room);
    printf("%-16s packets hold %4u, jobs %4u, the picture can have %4u bytes\n", when, (unsigned)region_of(packets),
           (unsigned)region_of(jobs), (unsigned)room);
}

enum { MOST = 100, SIZE = 120 };

/* Allocates until the heap has no more; returns how many blocks there are. */
static unsigned fill(struct ebb_heap *heap, void **blocks) {
    unsigned count = 0;
    while (count < MOST && (blocks[count] = ebb_alloc(heap, SIZE)) != NULL) {
        count++;
    }
    return count;
}

static void empty(struct ebb_heap *heap, void **blocks, unsigned count) {
    while (count > 0) {
        ebb_free(heap, blocks[--count]);
    }
}

int main(void) {
    if (!start_heaps()) {
        puts("The buffers are too small.");
        return 1;
    }
    tell("At the start:");

    void *job_blocks[MOST];
    const unsigned job_count = fill(jobs, job_blocks);
    tell("A flood of jobs:");

    void *packet_blocks[MOST];
    const unsigned packet_count = fill(packets, packet_blocks);
    printf("%u jobs were all that fit; %u packets came in all the same.\n", job_count, packet_count);

    empty(packets, packet_blocks, packet_count);
    empty(jobs, job_blocks, job_count);
    tell("All done:");

    ebb_trim(jobs);
    tell("Trimmed:");
    return 0;
}
