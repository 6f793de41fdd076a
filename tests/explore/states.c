/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "states.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct known_state {
    size_t offset; /* of its packed form, which ends where the next one's begins */
    uint32_t hash;
    struct step step;
};

enum { FIRST_TABLE_SIZE = 1 << 12, EMPTY = 0 };

static void *resized(void *memory, size_t count, size_t size) {
    void *result = realloc(memory, count * size);
    if (result == NULL) {
        fprintf(stderr, "explore: out of memory\n");
        exit(1);
    }
    return result;
}

static uint32_t *new_table(size_t size) {
    uint32_t *table = calloc(size, sizeof *table);
    if (table == NULL) {
        fprintf(stderr, "explore: out of memory\n");
        exit(1);
    }
    return table;
}

void states_init(struct states *self) {
    memset(self, 0, sizeof *self);
    self->table_size = FIRST_TABLE_SIZE;
    self->table = new_table(self->table_size);
}

void states_free(struct states *self) {
    free(self->table);
    free(self->known);
    free(self->packed);
}

/* Eight bytes at once; the upper bits, which are the better ones, are folded in. */
static uint32_t hash_of(const unsigned char *bytes, size_t size) {
    uint64_t hash = size;
    uint64_t word = 0;
    for (size_t i = 0; i < size; i += sizeof word) {
        word = 0;
        memcpy(&word, bytes + i, size - i < sizeof word ? size - i : sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return (uint32_t)(hash ^ hash >> 32);
}

static size_t size_of(const struct states *self, uint32_t number) {
    size_t end = number + 1 < self->count ? self->known[number + 1].offset : self->bytes;
    return end - self->known[number].offset;
}

static bool is_state(const struct states *self, uint32_t number, const unsigned char *packed, size_t size) {
    return size_of(self, number) == size && memcmp(states_packed(self, number), packed, size) == 0;
}

/* The place in the table of that state, or where it is to be. */
static size_t find(const struct states *self, uint32_t hash, const unsigned char *packed, size_t size) {
    size_t place = hash & (self->table_size - 1);
    while (self->table[place] != EMPTY) {
        uint32_t number = self->table[place] - 1;
        if (self->known[number].hash == hash && is_state(self, number, packed, size)) {
            break;
        }
        place = (place + 1) & (self->table_size - 1);
    }
    return place;
}

static void widen_table(struct states *self) {
    free(self->table);
    self->table_size *= 2;
    self->table = new_table(self->table_size);
    for (uint32_t number = 0; number < self->count; number++) {
        size_t place = self->known[number].hash & (self->table_size - 1);
        while (self->table[place] != EMPTY) {
            place = (place + 1) & (self->table_size - 1);
        }
        self->table[place] = number + 1;
    }
}

static void make_room(struct states *self, size_t size) {
    if (self->count == self->known_room) {
        self->known_room = self->known_room == 0 ? 1024 : 2 * self->known_room;
        self->known = resized(self->known, self->known_room, sizeof *self->known);
    }
    if (self->packed_room - self->bytes < size) {
        self->packed_room = 2 * self->packed_room + size + 65536;
        self->packed = resized(self->packed, self->packed_room, 1);
    }
}

bool states_add(struct states *self, const unsigned char *packed, size_t size, const struct step *step) {
    uint32_t hash = hash_of(packed, size);
    size_t place = find(self, hash, packed, size);
    if (self->table[place] != EMPTY) {
        return false;
    }
    make_room(self, size);
    self->known[self->count] = (struct known_state){.offset = self->bytes, .hash = hash, .step = *step};
    memcpy(self->packed + self->bytes, packed, size);
    self->bytes += size;
    self->table[place] = ++self->count;
    if (self->count > self->table_size / 2) {
        widen_table(self);
    }
    return true;
}

const unsigned char *states_packed(const struct states *self, uint32_t number) {
    return self->packed + self->known[number].offset;
}

const struct step *states_step(const struct states *self, uint32_t number) {
    return &self->known[number].step;
}
