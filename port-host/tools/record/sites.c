/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A table with open addressing and linear probing, at most half full; its content is numbers of sites. */
#include "sites.h"

#include <string.h>

enum { ROOM = 2 * SITES_MOST };

static uint32_t table[ROOM];
static struct callers sites[SITES_MOST]; /* site 1 is the first */
static uint32_t count;

static size_t home_of(const struct callers *callers) {
    const uint64_t golden = 0x9e3779b97f4a7c15;
    uint64_t hash = 0;
    for (size_t index = 0; index < CALLERS_MOST && callers->addresses[index] != 0; index++) {
        hash = (hash ^ callers->addresses[index]) * golden;
        hash ^= hash >> 32;
    }
    return (size_t)hash % ROOM;
}

static bool is_at(const struct callers *callers, size_t place) {
    return memcmp(&sites[table[place] - 1], callers, sizeof *callers) == 0;
}

uint32_t sites_number(const struct callers *callers, bool *is_new) {
    size_t place = home_of(callers);
    while (table[place] != 0 && !is_at(callers, place)) {
        place = (place + 1) % ROOM;
    }
    *is_new = table[place] == 0 && count < SITES_MOST;
    if (*is_new) {
        sites[count++] = *callers;
        table[place] = count;
    }
    return table[place];
}

void sites_forget(void) {
    if (count > 0) {
        memset(table, 0, sizeof table);
        count = 0;
    }
}
