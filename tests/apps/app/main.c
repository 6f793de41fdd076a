/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * An app that runs one of its scripts with a limit on the memory of its heap, and then again with the next multiple of
 * STEP that makes a difference, as often as it is told to. Whoever starts the board says so in one number: which script
 * in the upper 4 bits; how many further runs in the next 8; in the lower 20, by how many bytes the break can rise at
 * most above the end of static memory, or 0 for no limit.
 */
#include <board.h>

#include <stdbool.h>

#include "program.h"
#include "scripts.h"
#include "system.h"

enum { LIMIT_BITS = 20, COUNT_BITS = 8, NO_SUCH_SCRIPT = 2 };
enum { STEP = 72 }; /* bytes, as every_limit.py has it */

static uintptr_t low_bits(uintptr_t number, unsigned bits) {
    return number & (((uintptr_t)1 << bits) - 1);
}

static void set_limit(uintptr_t heap_start, uintptr_t limit) {
    if (limit != 0) {
        board_limit_break(heap_start + limit);
    }
}

/* The lowest limit above with which the run would have been another; 0 if there is none. */
static uintptr_t limit_of_change(uintptr_t heap_start) {
    uintptr_t refused = board_fact(BOARD_FACT_LOWEST_REFUSED);
    return refused == 0 ? 0 : refused - heap_start;
}

static void report(uintptr_t heap_start, bool completed) {
    board_print("heap: %s, took %zu, was refused %zu\n", completed ? "enough" : "too small",
                (size_t)(board_fact(BOARD_FACT_HIGHEST_BREAK) - heap_start), (size_t)limit_of_change(heap_start));
}

static int run(const struct script *script, uintptr_t limit, uintptr_t further_runs) {
    uintptr_t heap_start = board_fact(BOARD_FACT_BREAK);
    set_limit(heap_start, limit);
    bool completed = program_run(script->start, (size_t)(script->end - script->start));
    report(heap_start, completed);
    uintptr_t change = limit_of_change(heap_start);
    if (change != 0 && board_fact(BOARD_FACT_RESTARTS) < further_runs) {
        board_restart(0, (change + STEP - 1) / STEP * STEP);
    }
    return completed ? 0 : 1;
}

int main(void) {
    system_start();
    uintptr_t argument = board_fact(BOARD_FACT_ARGUMENT);
    size_t index = argument >> (LIMIT_BITS + COUNT_BITS);
    if (index >= script_count) {
        board_print("there is no script %zu\n", index);
        return NO_SUCH_SCRIPT;
    }
    bool again = board_fact(BOARD_FACT_RESTARTS) != 0;
    uintptr_t limit = again ? board_fact(BOARD_FACT_RESTART_WORD) : low_bits(argument, LIMIT_BITS);
    return run(&scripts[index], limit, low_bits(argument >> LIMIT_BITS, COUNT_BITS));
}
