/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * mistakes NAME: makes the mistake of that name in a heap, or with the allocation functions if MISTAKES_MALLOC is
 * defined. For checked_test.py, which looks whether a tool that watches has seen it. "none" makes none, in all ways
 * that a heap has.
 */
#if defined(MISTAKES_MALLOC)
#include <malloc.h>
#else
#include <ebb/heap.h>
#include <ebb/host_store.h>
#endif

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(MISTAKES_MALLOC)
static void open_heap(void) {
}

static void *get(size_t size) {
    return malloc(size);
}

static void *get_zero(size_t size) {
    return calloc(1, size);
}

static void *get_aligned(size_t alignment, size_t size) {
    return aligned_alloc(alignment, size);
}

static void *resize(void *block, size_t size) {
    return realloc(block, size);
}

static void drop(void *block) {
    free(block);
}

static size_t usable(void *block) {
    return malloc_usable_size(block);
}

static void give_back(void) {
    malloc_trim(0);
}
#else
static struct ebb_host_store store;
static struct ebb_heap *heap;

static void open_heap(void) {
    if (ebb_host_store_init(&store, (size_t)1024 * 1024) != 0 || (heap = ebb_create(&store.store, NULL)) == NULL) {
        exit(2);
    }
}

static void *get(size_t size) {
    return ebb_alloc(heap, size);
}

static void *get_zero(size_t size) {
    return ebb_calloc(heap, 1, size);
}

static void *get_aligned(size_t alignment, size_t size) {
    return ebb_aligned_alloc(heap, alignment, size);
}

static void *resize(void *block, size_t size) {
    return ebb_realloc(heap, block, size);
}

static void drop(void *block) {
    ebb_free(heap, block);
}

static size_t usable(void *block) {
    return ebb_usable_size(heap, block);
}

static void give_back(void) {
    ebb_trim(heap);
}
#endif

/* The compiler does not see through these: what it knows to be a mistake, it may leave out. */
static unsigned char *volatile where;
static volatile unsigned char seen;

static void read_at(unsigned char *block, ptrdiff_t offset) {
    where = block;
    seen = where[offset];
}

static void write_at(unsigned char *block, ptrdiff_t offset) {
    where = block;
    where[offset] = 1;
}

/* ---- Mistakes, with a block of 20 bytes between two others ---- */

enum { SIZE = 20 };

static void overflow(unsigned char *block) {
    write_at(block, SIZE);
    drop(block);
}

/* Beyond all blocks, where the region is idle, up to the end of its page. */
static void far_overflow(unsigned char *block) {
    read_at(block, 500);
    drop(block);
}

static void underflow(unsigned char *block) {
    write_at(block, -1);
    drop(block);
}

static void use_after_free(unsigned char *block) {
    drop(block);
    read_at(block, 2);
}

static void write_after_free(unsigned char *block) {
    drop(block);
    write_at(block, SIZE - 1);
}

static void use_after_move(unsigned char *block) {
    unsigned char *moved = resize(block, 5000);
    read_at(block, 0);
    drop(moved);
}

static void use_after_shrinking(unsigned char *block) {
    unsigned char *same = resize(block, 8);
    read_at(same, 8);
    drop(same);
}

static void overflow_of_grown(unsigned char *block) {
    unsigned char *moved = resize(block, 301);
    write_at(moved, 301);
    drop(moved);
}

static void branch_on(unsigned char byte) {
    if (byte == 77) {
        puts("77");
    }
}

static void uninitialised(unsigned char *block) {
    branch_on(block[SIZE / 2]);
    drop(block);
}

/* The first half is written: the other half stays unwritten, wherever it goes. */
static void uninitialised_after_move(unsigned char *block) {
    memset(block, 1, SIZE / 2);
    unsigned char *moved = resize(block, 5000);
    branch_on(moved[0]);
    branch_on(moved[SIZE - 1]);
    drop(moved);
}

static void uninitialised_tail(unsigned char *block) {
    memset(block, 1, SIZE);
    unsigned char *moved = resize(block, 5000);
    branch_on(moved[SIZE - 1]);
    branch_on(moved[SIZE]);
    drop(moved);
}

static void uninitialised_again(unsigned char *block) {
    memset(block, 1, SIZE);
    drop(block);
    unsigned char *again = get(SIZE);
    branch_on(again[SIZE - 1]);
    drop(again);
}

static void leak(unsigned char *block) {
    where = get(77);
    where = NULL;
    drop(block);
}

/* ---- No mistake ---- */

static void fill(unsigned char *block, size_t size) {
    if (block == NULL) {
        exit(3);
    }
    memset(block, 5, size);
}

static void use_all_ways(unsigned char *block) {
    unsigned char *zero = get_zero(3000);
    unsigned char *aligned = get_aligned(256, 100);
    fill(aligned, 100);
    branch_on(zero[2999]);
    for (size_t size = 1; size < 20000; size = size * 2 + 1) {
        zero = resize(zero, size);
        fill(zero, size);
    }
    fill(zero, usable(zero));
    zero = resize(zero, 10);
    branch_on(zero[9]);
    fill(block, SIZE);
    drop(block);
    drop(aligned);
    drop(zero);
    give_back();
    block = resize(get(0), 100000);
    fill(block, 100000);
    drop(block);
}

#if !defined(MISTAKES_MALLOC)
static bool count(void *context, const struct ebb_block *block) {
    (void)block;
    ++*(size_t *)context;
    return true;
}

static void inspect(void) {
    size_t blocks = 0;
    struct ebb_statistics statistics;
    struct ebb_policy policy;
    ebb_get_statistics(heap, &statistics);
    ebb_get_policy(heap, &policy);
    ebb_set_fault_handler(heap, NULL, NULL);
    const bool sound = ebb_check(heap).damage == EBB_SOUND && ebb_walk(heap, count, &blocks) && blocks > 2 &&
                       ebb_free_bytes(heap) >= ebb_largest_free(heap) && ebb_set_policy(heap, &policy);
    if (!sound || statistics.live_bytes == 0) {
        exit(4);
    }
}
#endif

static void none(unsigned char *block) {
    use_all_ways(block);
#if !defined(MISTAKES_MALLOC)
    inspect();
    ebb_free_sized(heap, get(33), 33);
    ebb_destroy(heap);
    open_heap();
    fill(get(1000), 1000);
    if (ebb_destroy(heap) != 0) {
        exit(4);
    }
    ebb_host_store_destroy(&store);
    /* The blocks that main() would free next went with the heap. */
    if (block != NULL) {
        exit(0);
    }
#endif
}

static const struct {
    const char *name;
    void (*make)(unsigned char *block);
} mistakes[] = {
    {"none", none},
    {"overflow", overflow},
    {"far_overflow", far_overflow},
    {"underflow", underflow},
    {"use_after_free", use_after_free},
    {"write_after_free", write_after_free},
    {"use_after_move", use_after_move},
    {"use_after_shrinking", use_after_shrinking},
    {"overflow_of_grown", overflow_of_grown},
    {"uninitialised", uninitialised},
    {"uninitialised_after_move", uninitialised_after_move},
    {"uninitialised_tail", uninitialised_tail},
    {"uninitialised_again", uninitialised_again},
    {"leak", leak},
};

int main(int count_of_arguments, char **arguments) {
    const char *name = count_of_arguments == 2 ? arguments[1] : "";
    open_heap();
    unsigned char *left = get(SIZE);
    unsigned char *block = get(SIZE);
    unsigned char *right = get(SIZE);
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        if (strcmp(mistakes[i].name, name) == 0) {
            mistakes[i].make(block);
            drop(right);
            drop(left);
            return 0;
        }
    }
    fprintf(stderr, "usage: mistakes NAME; there is no mistake '%s'\n", name);
    return 2;
}
