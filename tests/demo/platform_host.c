/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A piece of the host's memory that heap and grants share: heap from below, grants from above. */

#include "platform.h"

#include <stdio.h>
#include <stdlib.h>

enum { LARGEST_ROOM = 256 * 1024, FIRST_ROOM = 4096, PROTECTION_GRANULE = 4 };

static _Alignas(16) unsigned char memory[LARGEST_ROOM];
static size_t room = FIRST_ROOM;
static size_t used;
static size_t granted;
static uint32_t life;

size_t platform_room(void) {
    return room - granted - used;
}

static struct ebb_span grow(void *context, size_t size) {
    (void)context;
    if (size > platform_room()) {
        return (struct ebb_span){NULL, 0};
    }
    struct ebb_span added = {memory + used, size};
    used += size;
    return added;
}

static size_t shrink(void *context, size_t size) {
    (void)context;
    size_t taken = size < used ? size : used;
    used -= taken;
    return taken;
}

static const struct ebb_store store = {.grow = grow, .shrink = shrink};

const struct ebb_store *platform_store(void) {
    return &store;
}

uint32_t platform_life(void) {
    return life;
}

void platform_live_again(size_t heap_room, uint32_t word) {
    if (heap_room > LARGEST_ROOM) {
        platform_print("@problem cause=no-room\n");
        exit(1);
    }
    if (heap_room > 0) {
        room = heap_room;
    }
    used = 0;
    granted = 0;
    life = word;
}

const char *platform_name(void) {
    return "host";
}

uintptr_t platform_grants_start(void) {
    return (uintptr_t)memory + room - granted;
}

uintptr_t platform_memory_end(void) {
    return (uintptr_t)memory + room;
}

size_t platform_protection_granule(void) {
    return PROTECTION_GRANULE;
}

uintptr_t platform_protected_from(void) {
    return ((uintptr_t)memory + used + PROTECTION_GRANULE - 1) / PROTECTION_GRANULE * PROTECTION_GRANULE;
}

uint32_t platform_instructions(void) {
    return 0;
}

bool platform_use_driver(size_t size) {
    if (size > platform_room()) {
        return false;
    }
    granted += size;
    return true;
}

void platform_print(const char *text) {
    fputs(text, stdout);
}
