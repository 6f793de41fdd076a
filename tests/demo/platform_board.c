/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* An app in unprivileged mode on an emulated board, with the heap on its break. */

#include "platform.h"

#include <ebb/tock_store.h>

#include <board.h>
#include <string.h>

#ifndef DEMO_PLATFORM
#error "DEMO_PLATFORM must be the name of the preset, as a string"
#endif

static struct ebb_tock_store store;

/* A store for one heap: it notes where its region ends. */
const struct ebb_store *platform_store(void) {
    ebb_tock_store_init(&store);
    store.store.fresh_is_zero = true;
    return &store.store;
}

uint32_t platform_life(void) {
    return board_fact(BOARD_FACT_RESTART_WORD);
}

/* Elsewhere it returns, so the declaration does not say that it does not. */
_Noreturn void platform_live_again(size_t heap_room, uint32_t word) {
    size_t block = board_fact(BOARD_FACT_BREAK) - board_fact(BOARD_FACT_RAM_START) + heap_room + BOARD_KERNEL_OWNED;
    board_restart(heap_room == 0 ? 0 : block, word);
}

const char *platform_name(void) {
    return DEMO_PLATFORM;
}

uintptr_t platform_grants_start(void) {
    return board_memop(BOARD_MEMOP_GRANTS_START, 0).value;
}

uintptr_t platform_memory_end(void) {
    return board_memop(BOARD_MEMOP_RAM_END, 0).value;
}

size_t platform_room(void) {
    return platform_grants_start() - board_fact(BOARD_FACT_BREAK);
}

size_t platform_protection_granule(void) {
    return board_fact(BOARD_FACT_GRANULE);
}

uintptr_t platform_protected_from(void) {
    return board_fact(BOARD_FACT_REACHABLE_END);
}

uint32_t platform_instructions(void) {
    return board_instructions();
}

bool platform_use_driver(size_t size) {
    return board_use_driver(0, size) == 0;
}

void platform_print(const char *text) {
    board_write(text, strlen(text));
}
