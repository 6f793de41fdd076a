/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "fake_kernel.h"

#include "answer.h"

#include <string.h>

/* A block of ARMv7-M is aligned to its size. */
static _Alignas(FAKE_LARGEST_BLOCK) unsigned char memory[FAKE_LARGEST_BLOCK];

/* What is really in the memory above the break: in `memory` itself, there is dirt, by which trespasses are found. */
static unsigned char hidden[FAKE_LARGEST_BLOCK];

static struct {
    struct fake_board board;
    uintptr_t app_break;
    uintptr_t grants;
    uintptr_t high_water_mark;
    uintptr_t not_cleared;
    size_t not_cleared_size;
    uintptr_t variants[FAKE_OPERATIONS];
    struct fake_counts counts;
    long trespasses;
    bool stalled;
} kernel;

enum { NOMEM = 9, NOSUPPORT = 10 };

size_t fake_protection_granule(void) {
    const struct fake_board *board = &kernel.board;
    return board->protection_granule != 0 ? board->protection_granule : board->block / 16;
}

static uintptr_t ram_end(void) {
    return fake_ram_start() + kernel.board.block;
}

/* The end of the process's memory as the protection sees it. */
static uintptr_t reachable_end(uintptr_t app_break) {
    const size_t granule = fake_protection_granule();
    return (app_break + granule - 1) / granule * granule;
}

static void make_dirty(uintptr_t from, uintptr_t to) {
    memset(memory + (from - fake_ram_start()), FAKE_DIRT, to - from);
}

static void hide(uintptr_t from, uintptr_t to) {
    memcpy(hidden + (from - fake_ram_start()), memory + (from - fake_ram_start()), to - from);
    make_dirty(from, to);
}

static void show(uintptr_t from, uintptr_t to) {
    memcpy(memory + (from - fake_ram_start()), hidden + (from - fake_ram_start()), to - from);
}

static void look_for_trespasses(void) {
    for (uintptr_t address = kernel.app_break; address < ram_end(); address++) {
        if (memory[address - fake_ram_start()] != FAKE_DIRT) {
            kernel.trespasses++;
        }
    }
    make_dirty(kernel.app_break, ram_end());
}

void fake_boot(const struct fake_board *board) {
    memset(&kernel, 0, sizeof kernel);
    kernel.board = *board;
    kernel.app_break = fake_ram_start() + board->first_break;
    kernel.grants = ram_end() - board->kernel_owned;
    kernel.high_water_mark = fake_ram_start();
    make_dirty(fake_ram_start(), ram_end());
    memset(hidden, FAKE_DIRT, sizeof hidden);
}

void fake_power_on(void) {
    memset(hidden, 0, sizeof hidden);
}

uintptr_t fake_ram_start(void) {
    return (uintptr_t)memory;
}

uintptr_t fake_break(void) {
    return kernel.app_break;
}

uintptr_t fake_grants(void) {
    return kernel.grants;
}

struct fake_counts fake_counts(void) {
    return kernel.counts;
}

unsigned fake_calls(void) {
    unsigned calls = 0;
    for (size_t i = 0; i < FAKE_OPERATIONS; i++) {
        calls += kernel.counts.calls[i];
    }
    return calls;
}

void fake_forget_counts(void) {
    memset(&kernel.counts, 0, sizeof kernel.counts);
}

bool fake_accepts(uintptr_t address) {
    if (address < kernel.high_water_mark || address >= ram_end()) {
        return false;
    }
    if (address > kernel.grants) {
        return false;
    }
    return reachable_end(address) <= kernel.grants;
}

bool fake_grant(size_t size) {
    uintptr_t start = (kernel.grants - size) / 8 * 8;
    if (size > kernel.grants || start < kernel.app_break || reachable_end(kernel.app_break) > start) {
        return false;
    }
    kernel.grants = start;
    return true;
}

void fake_allow(uintptr_t start, size_t size) {
    if (size != 0 && start + size > kernel.high_water_mark) {
        kernel.high_water_mark = start + size;
    }
}

static void count_move(uintptr_t address) {
    if (address > kernel.app_break) {
        kernel.counts.grown++;
    } else if (address < kernel.app_break) {
        kernel.counts.shrunk++;
        kernel.counts.useless += reachable_end(address) == reachable_end(kernel.app_break) ? 1 : 0;
    }
}

void fake_do_not_clear(uintptr_t start, size_t size) {
    kernel.not_cleared = start;
    kernel.not_cleared_size = size;
}

static void clear(uintptr_t from, uintptr_t to) {
    uintptr_t not_cleared_end = kernel.not_cleared + kernel.not_cleared_size;
    memset(memory + (from - fake_ram_start()), 0, to - from);
    if (from <= kernel.not_cleared && not_cleared_end <= to) {
        make_dirty(kernel.not_cleared, not_cleared_end);
    }
}

static bool move_break(uintptr_t address) {
    look_for_trespasses();
    if (address == fake_ram_start()) {
        kernel.stalled = true;
    }
    if (!fake_accepts(address)) {
        kernel.counts.refused++;
        return false;
    }
    count_move(address);
    if (address < kernel.app_break) {
        hide(address, kernel.app_break);
    } else if (kernel.board.clears) {
        clear(kernel.app_break, address);
    } else {
        show(kernel.app_break, address);
    }
    kernel.app_break = address;
    return true;
}

bool fake_other_sbrk(intptr_t increment) {
    struct fake_counts kept = kernel.counts;
    bool moved = move_break(kernel.app_break + (uintptr_t)increment);
    kernel.counts = kept;
    return moved;
}

void fake_answer_with(uint32_t operation, uintptr_t variant) {
    kernel.variants[operation] = variant;
}

long fake_trespasses(void) {
    look_for_trespasses();
    return kernel.stalled ? -1 : kernel.trespasses;
}

struct registers {
    uintptr_t variant;
    uintptr_t value;
};

static struct registers answer_address(uintptr_t wide_variant, uintptr_t value) {
    return (struct registers){kernel.board.wide ? wide_variant : EBB_TOCK_SUCCESS_NUMBER, value};
}

/* A success without a value leaves the second register as the process set it. */
static struct registers serve(uint32_t operation, uintptr_t argument) {
    const struct registers no_memory = {EBB_TOCK_FAILURE, NOMEM};
    uintptr_t old_break = kernel.app_break;
    switch (operation) {
    case EBB_TOCK_BRK:
        return move_break(argument) ? (struct registers){EBB_TOCK_SUCCESS, argument} : no_memory;
    case EBB_TOCK_SBRK:
        return move_break(old_break + argument) ? answer_address(EBB_TOCK_SUCCESS_POINTER, old_break) : no_memory;
    case EBB_TOCK_RAM_START:
        return answer_address(EBB_TOCK_SUCCESS_POINTER, fake_ram_start());
    case EBB_TOCK_RAM_END:
        return answer_address(EBB_TOCK_SUCCESS_POINTER, ram_end());
    case EBB_TOCK_GRANTS_START:
        return answer_address(EBB_TOCK_SUCCESS_ADDRESS, kernel.grants);
    default:
        return (struct registers){EBB_TOCK_FAILURE, NOSUPPORT};
    }
}

uintptr_t ebb_tock_memop(uint32_t operation, uintptr_t argument) {
    struct registers answer = serve(operation, argument);
    if (operation < FAKE_OPERATIONS) {
        kernel.counts.calls[operation]++;
        if (kernel.variants[operation] != 0) {
            answer.variant = kernel.variants[operation];
        }
    }
    return ebb_tock_decode(answer.variant, answer.value);
}
