/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * A table with open addressing and linear probing, at most half full. Removing moves what follows up (Knuth, "The Art
 * of Computer Programming", volume 3, section 6.4, algorithm R), so that no marks of removed blocks pile up in
 * programs that allocate for days.
 */
#include "addresses.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>

enum { SMALLEST_TABLE = 4096 };

static struct live_block *table;
static size_t room; /* a power of two, or 0 */
static size_t used;

/* Where a block is best placed. The lowest bits of addresses are all zero; the product's highest depend on all. */
static size_t home_of(uintptr_t address) {
    const uint64_t golden = 0x9e3779b97f4a7c15;
    return (size_t)((uint64_t)(address >> 4) * golden >> 32) & (room - 1);
}

static size_t after(size_t index) {
    return (index + 1) & (room - 1);
}

/* The place of the block at that address, or the empty one where it would be. */
static size_t find(uintptr_t address) {
    size_t index = home_of(address);
    while (table[index].address != 0 && table[index].address != address) {
        index = after(index);
    }
    return index;
}

static struct live_block *map_table(size_t count) {
    void *memory =
        mmap(NULL, count * sizeof(struct live_block), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static bool enlarge(void) {
    struct live_block *old = table;
    const size_t old_room = room;
    const size_t new_room = old_room == 0 ? SMALLEST_TABLE : 2 * old_room;
    struct live_block *larger = map_table(new_room);
    if (larger == NULL) {
        return false;
    }
    table = larger;
    room = new_room;
    for (size_t index = 0; index < old_room; index++) {
        if (old[index].address != 0) {
            table[find(old[index].address)] = old[index];
        }
    }
    if (old != NULL) {
        munmap(old, old_room * sizeof *old);
    }
    return true;
}

struct live_block *addresses_insert(struct live_block block, struct live_block *former) {
    if (2 * used >= room && !enlarge()) {
        return NULL;
    }
    struct live_block *place = &table[find(block.address)];
    *former = *place;
    *place = block;
    used += former->address == 0;
    return place;
}

/* Whether a block at `index` whose home is `home` is found by a search that goes over `hole`. */
static bool may_move_up(size_t home, size_t hole, size_t index) {
    return ((index - home) & (room - 1)) >= ((index - hole) & (room - 1));
}

static void close_hole(size_t hole) {
    for (size_t index = after(hole); table[index].address != 0; index = after(index)) {
        if (may_move_up(home_of(table[index].address), hole, index)) {
            table[hole] = table[index];
            hole = index;
        }
    }
    table[hole] = (struct live_block){0, 0, 0};
}

struct live_block addresses_remove(uintptr_t address) {
    if (room == 0) {
        return (struct live_block){0, 0, 0};
    }
    const size_t index = find(address);
    const struct live_block found = table[index];
    if (found.address != 0) {
        close_hole(index);
        used--;
    }
    return found;
}

void addresses_each(void (*visit)(struct live_block *block)) {
    for (size_t index = 0; index < room; index++) {
        if (table[index].address != 0) {
            visit(&table[index]);
        }
    }
}
