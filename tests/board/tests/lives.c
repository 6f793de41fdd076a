/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Restarts: each life begins as the first one did, in a block of the size asked for, down to one that is too small. */
#include <board.h>

/* Of the largest block, the smallest that the app fits into. */
#define SMALLEST_PART (BOARD_IS_PROTECTED ? 4 : 2)

static int variable = 7;

static uintptr_t block_size(void) {
    return board_fact(BOARD_FACT_RAM_END) - board_fact(BOARD_FACT_RAM_START);
}

/* Returns what is wrong with the start of a life, or NULL. */
static const char *look_around(uintptr_t expected_size) {
    if (variable != 7) {
        return ".data is not as it was";
    }
    if (block_size() != expected_size) {
        return "the block has another size";
    }
    if (board_fact(BOARD_FACT_HIGH_WATER_MARK) != board_fact(BOARD_FACT_RAM_START)) {
        return "the break is still pinned";
    }
    if (board_fact(BOARD_FACT_GRANTS_START) != board_fact(BOARD_FACT_RAM_END) - BOARD_KERNEL_OWNED) {
        return "there are grants already";
    }
    return NULL;
}

/* Leaves marks everywhere that the next life must not find. */
static void live(void) {
    variable = 0;
    board_memop(BOARD_MEMOP_SBRK, 1024);
    board_use_driver(3, 100);
    board_allow_read_write(BOARD_DRIVER_CONSOLE, &variable, sizeof variable);
}

int main(void) {
    const uintptr_t largest = board_fact(BOARD_FACT_LARGEST_BLOCK);
    const uintptr_t sizes[] = {largest, largest, largest / 2, largest, largest / SMALLEST_PART};
    uintptr_t life = board_fact(BOARD_FACT_RESTART_WORD);
    const char *complaint = look_around(sizes[life]);
    if (complaint != NULL) {
        board_print("life %zu: %s\n", (size_t)life, complaint);
        return 1;
    }
    board_print("life %zu: a block of %zu bytes\n", (size_t)life, (size_t)block_size());
    live();
    if (life + 1 < sizeof sizes / sizeof sizes[0]) {
        /* 0 means the size that it has. */
        board_restart(life == 0 ? 0 : sizes[life + 1], life + 1);
    }
    return 0;
}
