/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * An app that runs one of its scripts with a limit on the memory of its heap. Whoever starts the board gives both in
 * one number: which script in the upper 8 bits; in the lower 24, by how many bytes the break can rise at most above the
 * end of static memory, or 0 for no limit.
 */
#include <board.h>

#include "program.h"
#include "scripts.h"
#include "system.h"

enum { LIMIT_BITS = 24, NO_SUCH_SCRIPT = 2 };

static void set_limit(size_t limit) {
    if (limit != 0) {
        board_limit_break(board_fact(BOARD_FACT_BREAK) + limit);
    }
}

int main(void) {
    system_start();
    uintptr_t argument = board_fact(BOARD_FACT_ARGUMENT);
    size_t index = argument >> LIMIT_BITS;
    if (index >= script_count) {
        board_print("there is no script %zu\n", index);
        return NO_SUCH_SCRIPT;
    }
    set_limit(argument & (((uintptr_t)1 << LIMIT_BITS) - 1));
    const struct script *script = &scripts[index];
    return program_run(script->start, (size_t)(script->end - script->start)) ? 0 : 1;
}
