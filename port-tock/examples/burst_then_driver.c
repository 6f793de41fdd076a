/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * A plain C app for Tock, without libtock-c: all memory is taken in a burst, a driver wants its grant, and gets it.
 *
 * Ends with 0 if all went well, and otherwise with the number of the step that did not.
 */
#include <ebb/tock.h>

#include "system_call.h"

/* A driver that was not used before, and one of its upcalls: that of a write to the console. */
#ifndef DRIVER
#define DRIVER 1
#define UPCALL 1
#endif

void *malloc(size_t size);
void free(void *block);

enum { BLOCK = 100 };

/* Each block holds the address of the one before it. */
struct block {
    struct block *before;
};

/* Returns the last block, and how many there are. */
static struct block *take_all(size_t *count) {
    struct block *last = NULL;
    *count = 0;
    for (struct block *block = malloc(BLOCK); block != NULL; block = malloc(BLOCK)) {
        block->before = last;
        last = block;
        ++*count;
    }
    return last;
}

/* Frees the newest blocks, `count` of them; returns the last that is left. */
static struct block *free_newest(struct block *last, size_t count) {
    for (; count != 0; count--) {
        struct block *before = last->before;
        free(last);
        last = before;
    }
    return last;
}

/* The driver allocates its grant at the first call to it. If that does not fit, the heap gives back what it can. */
static uint32_t use_driver(void) {
    uint32_t error;
    do {
        error = tock_unsubscribe(DRIVER, UPCALL);
    } while (error != 0 && ebb_tock_relieve(error));
    return error;
}

int main(void) {
    size_t count;
    struct block *burst = take_all(&count);
    if (burst == NULL) {
        return 1;
    }
    burst = free_newest(burst, count / 2);
    uint32_t error = use_driver();
    free_newest(burst, count - count / 2);
    if (error != 0) {
        return 2;
    }

    /* Of a small burst, the heap may still have all: it waits whether the app needs it again. */
    (void)ebb_tock_trim();
    struct ebb_statistics figures;
    ebb_tock_get_statistics(&figures);
    return figures.live_bytes == 0 && figures.shrinks != 0 ? 0 : 3;
}
