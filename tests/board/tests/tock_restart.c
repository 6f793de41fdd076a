/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * An app that is restarted is not loaded again: the heap of its last life is still in RAM, sound and at the same place,
 * and on kernels that do not clear memory nobody wipes it away. The new life must not believe in it.
 */
#include <board.h>
#include <ebb/heap.h>
#include <ebb/tock.h>

#include <string.h>

/* From the port, not from a C library. */
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void free(void *block);

#define LIVES 5
#define MESS 0x5a
#define BLOCK 700
#define GRANT 200

static uintptr_t life;

/* In every other life: there, what the life before has left in RAM is still to be seen. */
static bool kernel_clears(void) {
    return life % 2 == 1;
}

static int wrong(const char *what) {
    board_print("life %zu: %s\n", (size_t)life, what);
    return 1;
}

static size_t count_of(unsigned char value, const unsigned char *bytes) {
    size_t count = 0;
    for (size_t index = 0; index < BLOCK; index++) {
        count += bytes[index] == value ? 1 : 0;
    }
    return count;
}

static int look_around(void) {
    struct ebb_statistics nothing = {0};
    struct ebb_statistics figures;
    ebb_tock_get_statistics(&figures);
    if (memcmp(&figures, &nothing, sizeof figures) != 0) {
        return wrong("there is a heap before the first allocation");
    }
    if (board_fact(BOARD_FACT_HIGH_WATER_MARK) != board_fact(BOARD_FACT_RAM_START)) {
        return wrong("the break is still pinned");
    }
    return 0;
}

static int use_heap(void) {
    unsigned char *block = malloc(BLOCK);
    if (block == NULL) {
        return wrong("no memory");
    }
    uintptr_t first_place = board_fact(BOARD_FACT_RESTART_WORD);
    if ((uintptr_t)block != first_place) {
        return wrong("the first block is not where it was in the first life");
    }
    if (!kernel_clears() && BOARD_IS_PROTECTED && count_of(MESS, block) < BLOCK / 2) {
        return wrong("the last life left nothing: this test shows nothing");
    }
    free(block);
    (void)ebb_tock_trim();
    unsigned char *cleared = calloc(1, BLOCK);
    if (cleared == NULL || count_of(0, cleared) != BLOCK) {
        return wrong("calloc has not cleared what the last life left");
    }
    free(cleared);
    return 0;
}

/* Ends in the middle of everything. */
static int leave_a_mess(void) {
    unsigned char *block = malloc(BLOCK);
    unsigned char *other = malloc(BLOCK);
    if (block == NULL || other == NULL) {
        return wrong("no memory in the end");
    }
    memset(block, MESS, BLOCK);
    memset(other, MESS, BLOCK);
    if (board_allow_read_write(BOARD_DRIVER_GRANT, other, BLOCK) != 0 || board_use_driver(1, GRANT) != 0) {
        return wrong("a driver has no room");
    }
    struct ebb_finding finding = ebb_check(ebb_tock_heap());
    if (finding.damage != EBB_SOUND) {
        return wrong("the heap is damaged");
    }
    return 0;
}

int main(void) {
    life = board_fact(BOARD_FACT_RESTARTS);
    if (life == 0) {
        /* Tells all later lives where a heap's first block is. */
        const void *first = malloc(BLOCK);
        board_restart(0, (uintptr_t)first);
    }
    if (look_around() != 0 || use_heap() != 0 || leave_a_mess() != 0) {
        return 1;
    }
    if (life + 1 == LIVES) {
        board_print("%zu lives\n", (size_t)life + 1);
        return 0;
    }
    board_set_zeroing(!kernel_clears()); /* for the life to come */
    board_exit_and_restart();
}
