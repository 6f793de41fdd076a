/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The smallest app: a sign that the board works at all. */
#include <board.h>

static volatile int answer = 42; /* in .data: the start file has to copy it */
static volatile int nothing;     /* in .bss: the start file has to clear it */

int main(void) {
    uintptr_t heap_start = board_fact(BOARD_FACT_BREAK);
    uintptr_t block_size = board_fact(BOARD_FACT_RAM_END) - board_fact(BOARD_FACT_RAM_START);
    board_print("hello: %d %d, the heap starts at 0x%zx, the block has %zu bytes\n", answer, nothing,
                (size_t)heap_start, (size_t)block_size);
    return answer == 42 && nothing == 0 ? 0 : 1;
}
