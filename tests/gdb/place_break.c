/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The heap of an app, on its break. */
#include "place.h"

#include <ebb/tock.h>

#include <board.h>

struct ebb_heap *place_heap(void) {
    return ebb_tock_heap();
}

void place_take(size_t bytes) {
    board_memop(BOARD_MEMOP_SBRK, bytes);
}
