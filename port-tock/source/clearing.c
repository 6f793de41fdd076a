/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Does the kernel clear memory that it adds? No system call tells, so it is tried: some bytes above the break are
 * taken, made dirty, given back, and taken again. A kernel that does not clear leaves them as they are: nobody else may
 * use them, and all of them are looked at. So a kernel is never trusted that does not deserve it, as long as it treats
 * all growth alike; one that clears nothing but memory that the process has never had does not pass.
 */
#include <ebb/tock.h>

#include "break.h"

/* Enough that no stray write could clear it all. */
enum { TRIED_WORDS = 8, DIRT = 0x5a };

static bool is_clear(const volatile uint32_t *words) {
    uint32_t found = 0;
    for (int i = 0; i < TRIED_WORDS; i++) {
        found |= words[i];
    }
    return found == 0;
}

static void make_dirty(volatile uint32_t *words) {
    for (int i = 0; i < TRIED_WORDS; i++) {
        words[i] = DIRT;
    }
}

bool ebb_tock_kernel_clears(void) {
    uintptr_t before = ebb_tock_get_break();
    uintptr_t start = ebb_tock_round_up(before, sizeof(uint32_t));
    uintptr_t end = start + TRIED_WORDS * sizeof(uint32_t);
    volatile uint32_t *words = (volatile uint32_t *)start;
    if (before == EBB_TOCK_REFUSED || !ebb_tock_set_break(end)) {
        return false;
    }
    make_dirty(words);
    bool clears = ebb_tock_set_break(before) && ebb_tock_set_break(end) && is_clear(words);
    ebb_tock_set_break(before);
    return clears;
}
