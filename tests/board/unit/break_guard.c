/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The unit tests' guard, by the protection of the board: the arena lies beyond the break that the app starts with, and
 * opening and closing memory moves the break. A touch of what is closed above the break faults, up to the protection's
 * rounding. What is closed below the break, because something above it is open, holds a pattern, as on the host; the
 * same for all, as memory may come to lie below the break long after it was closed.
 */
#include "support/guard.h"

#include "support/guard_pattern.h"
#include "support/heap_fixture.h"

#include <board.h>
#include <stdint.h>

enum { KEY = 0 };

static uintptr_t the_break; /* 0: not asked for yet */

static void give_up(const char *why) {
    board_print("guard: %s\n", why);
    board_exit(99);
}

/* An arena below the break would be guarded by patterns only, and the test would not be what it says. */
static void find_break(void) {
    if (the_break != 0) {
        return;
    }
    the_break = board_fact(BOARD_FACT_BREAK);
    const unsigned char *arena = fixture_arena();
    if ((uintptr_t)arena < the_break) {
        give_up("the arena does not lie beyond the break");
    }
}

static void move_break(uintptr_t address) {
    if (!board_memop(BOARD_MEMOP_BRK, address).success) {
        give_up("the break does not move");
    }
    the_break = address;
}

static void raise_break(uintptr_t from, uintptr_t to) {
    uintptr_t old_break = the_break;
    move_break(to);
    guard_pattern_fill(old_break, from, KEY);
}

void guard_open(unsigned char *arena, size_t from, size_t to) {
    find_break();
    uintptr_t start = (uintptr_t)arena + from;
    uintptr_t end = (uintptr_t)arena + to;
    if (end > the_break) {
        raise_break(start, end);
    }
}

void guard_close(unsigned char *arena, size_t from, size_t to, unsigned char key) {
    (void)key;
    find_break();
    uintptr_t start = (uintptr_t)arena + from;
    uintptr_t end = (uintptr_t)arena + to;
    if (end < the_break) {
        guard_pattern_fill(start, end, KEY);
    } else if (start < the_break) {
        move_break(start);
    }
}

/* Above the break there is nothing to look at: a write there has ended the run. */
bool guard_intact(const unsigned char *arena, size_t from, size_t to, unsigned char key) {
    (void)key;
    find_break();
    uintptr_t end = (uintptr_t)arena + to;
    return guard_pattern_holds((uintptr_t)arena + from, end < the_break ? end : the_break, KEY);
}
