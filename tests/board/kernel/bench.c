/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "bench.h"

#include "answer.h"
#include "layout.h"
#include "machine.h"
#include "process.h"

/* Something to happen at a later brk or sbrk. */
struct plan {
    uintptr_t calls_until; /* it happens at this call; 0: never */
    uintptr_t what;
};

static struct plan planned_move;
static struct plan planned_grant;
static struct plan planned_refusals;
static uintptr_t refusals_left;
static uintptr_t break_limit; /* 0: none */
static uintptr_t highest_break;
static uintptr_t lowest_refused; /* for the limit; 0: none */
static uintptr_t catch_address;
static uintptr_t break_calls;
static uintptr_t break_refusals;
static uintptr_t break_moves;
static uintptr_t vain_shrinks;
static uintptr_t restart_word;

uint32_t bench_kernel_instructions;

static bool is_due(struct plan *plan) {
    return plan->calls_until != 0 && --plan->calls_until == 0;
}

void bench_meddle(void) {
    if (is_due(&planned_move)) {
        process_brk(process.app_break + planned_move.what);
    }
    if (is_due(&planned_grant)) {
        process_add_grant(planned_grant.what);
    }
    if (is_due(&planned_refusals)) {
        refusals_left = planned_refusals.what;
    }
}

static bool exceeds_limit(uintptr_t new_break) {
    if (break_limit == 0 || new_break <= break_limit) {
        return false;
    }
    if (lowest_refused == 0 || new_break < lowest_refused) {
        lowest_refused = new_break;
    }
    return true;
}

bool bench_refuses(uintptr_t new_break) {
    if (refusals_left == 0) {
        return exceeds_limit(new_break);
    }
    refusals_left--;
    return true;
}

void bench_count_break_call(bool accepted, uintptr_t old_break, uintptr_t old_end) {
    break_calls++;
    highest_break = process.app_break > highest_break ? process.app_break : highest_break;
    break_refusals += accepted ? 0 : 1;
    break_moves += process.app_break != old_break ? 1 : 0;
    vain_shrinks += process.app_break < old_break && process.reachable_end == old_end ? 1 : 0;
}

uintptr_t bench_take_catch(void) {
    uintptr_t address = catch_address;
    catch_address = 0;
    return address;
}

static void limit_break(uintptr_t limit) {
    break_limit = limit;
    highest_break = process.app_break;
    lowest_refused = 0;
}

/* All but the process of the first life begins anew; what has been counted stays. */
static void restart(uintptr_t bytes, uintptr_t word) {
    planned_move.calls_until = 0;
    planned_grant.calls_until = 0;
    planned_refusals.calls_until = 0;
    refusals_left = 0;
    catch_address = 0;
    restart_word = word;
    process_reset(bytes);
    process_restart();
    limit_break(0);
    machine_restart_app();
}

static uintptr_t granule(void) {
    return protection_granule((size_t)(process.block_end - process.block_start));
}

static void read_fact(uintptr_t words[4]) {
    const uintptr_t facts[BOARD_FACT_COUNT] = {
        [BOARD_FACT_BREAK] = process.app_break,
        [BOARD_FACT_HIGH_WATER_MARK] = process.allow_high_water_mark,
        [BOARD_FACT_REACHABLE_END] = process.reachable_end,
        [BOARD_FACT_GRANTS_START] = process.kernel_memory_break,
        [BOARD_FACT_RAM_START] = process.block_start,
        [BOARD_FACT_RAM_END] = process.block_end,
        [BOARD_FACT_GRANULE] = granule(),
        [BOARD_FACT_BREAK_CALLS] = break_calls,
        [BOARD_FACT_BREAK_REFUSALS] = break_refusals,
        [BOARD_FACT_BREAK_MOVES] = break_moves,
        [BOARD_FACT_VAIN_SHRINKS] = vain_shrinks,
        [BOARD_FACT_GRANTS] = process.grants,
        [BOARD_FACT_PINS] = process.pins,
        [BOARD_FACT_KERNEL_INSTRUCTIONS] = bench_kernel_instructions,
        [BOARD_FACT_RESTART_WORD] = restart_word,
        [BOARD_FACT_LARGEST_BLOCK] = process_largest_block(),
        [BOARD_FACT_RESTARTS] = process.restarts,
        [BOARD_FACT_ARGUMENT] = board_argument,
        [BOARD_FACT_HIGHEST_BREAK] = highest_break,
        [BOARD_FACT_LOWEST_REFUSED] = lowest_refused,
    };
    if (words[2] >= BOARD_FACT_COUNT) {
        answer_failure(words, BOARD_ERROR_INVAL);
        return;
    }
    answer_address(words, facts[words[2]]);
}

void bench_command(uintptr_t words[4]) {
    uintptr_t first = words[2];
    uintptr_t second = words[3];
    uintptr_t command = words[1];
    if (command == BOARD_BENCH_READ) {
        read_fact(words);
        return;
    }
    if (command == BOARD_BENCH_RESTART) {
        restart(first, second);
        return;
    }
    answer_success(words);
    switch (command) {
    case BOARD_BENCH_ZEROING:
        process.zeroing = first != 0;
        break;
    case BOARD_BENCH_INJECT_MOVE:
        planned_move = (struct plan){first, second};
        break;
    case BOARD_BENCH_INJECT_GRANT:
        planned_grant = (struct plan){first, second};
        break;
    case BOARD_BENCH_INJECT_REFUSE:
        planned_refusals = (struct plan){first, second};
        refusals_left = 0;
        break;
    case BOARD_BENCH_LIMIT_BREAK:
        limit_break(first);
        break;
    case BOARD_BENCH_CATCH:
        catch_address = first;
        break;
    default:
        answer_failure(words, BOARD_ERROR_NOSUPPORT);
        break;
    }
}
