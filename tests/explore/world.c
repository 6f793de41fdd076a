/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "world.h"
#include "control_knowledge.h"

#include <string.h>

enum { GARBAGE = 0xa5, GUARD = 0xee };

enum { WORD = sizeof(uint64_t) };

_Static_assert(ARENA_BYTES / WORD <= UINT8_MAX, "the number of a word is packed into a byte");

_Alignas(4096) unsigned char world_arena[ARENA_BYTES];

static size_t smaller(size_t one, size_t other) {
    return one < other ? one : other;
}

/* ---- The store ---- */

static void set_owner(struct world *self, size_t from, size_t to, enum owner owner) {
    memset(self->owner + from, (int)owner, to - from);
    bool zero = owner == OWNER_HEAP && self->setting.fresh_is_zero;
    memset(world_arena + from, owner != OWNER_HEAP ? GUARD : zero ? 0 : GARBAGE, to - from);
}

static struct ebb_span give(struct world *self, size_t size) {
    struct ebb_span span = {.start = world_arena + self->end, .size = smaller(size, self->limit - self->end)};
    set_owner(self, self->end, self->end + span.size, OWNER_HEAP);
    self->end += span.size;
    return span;
}

/* One of the answers that are possible and differ from each other. */
static enum answer choose_answer(struct world *self, unsigned possible) {
    enum answer answers[ANSWERS] = {ANSWER_REFUSE};
    unsigned count = 0;
    for (enum answer answer = ANSWER_YES; answer < ANSWERS; answer++) {
        if ((possible & self->setting.answers & 1u << answer) != 0) {
            answers[count++] = answer;
        }
    }
    return count > 0 ? answers[choose(&self->choices, count)] : ANSWER_REFUSE;
}

static unsigned possible_growth(const struct world *self, size_t size) {
    size_t left = self->limit - self->end;
    unsigned possible = 1u << ANSWER_REFUSE;
    possible |= left > 0 ? 1u << ANSWER_YES : 0;
    possible |= smaller(size, left) > self->setting.crumb ? 1u << ANSWER_LESS : 0;
    possible |= left > size ? 1u << ANSWER_MORE : 0;
    possible |= left > self->setting.gap ? 1u << ANSWER_MOVED : 0;
    return possible;
}

static struct ebb_span answer_growth(struct world *self, enum answer answer, size_t size) {
    switch (answer) {
    case ANSWER_YES:
        return give(self, size);
    case ANSWER_LESS:
        return give(self, self->setting.crumb);
    case ANSWER_MORE:
        return give(self, size + self->setting.crumb);
    case ANSWER_MOVED:
        self->end += self->setting.gap;
        return give(self, size);
    case ANSWER_REFUSE:
    case ANSWERS:
        break;
    }
    return (struct ebb_span){.start = NULL, .size = 0};
}

static void note_answer(struct store_log *log, enum answer answer) {
    if (log->calls < MOST_NAMED_ANSWERS) {
        log->answers[log->calls] = (unsigned char)answer;
    }
    log->calls++;
}

/* Where the region ends as the heap sees it; where there is no heap yet, as the store does. */
static size_t known_end(const struct world *self) {
    struct ebb_statistics statistics = {.region_bytes = self->end};
    if (self->heap != NULL) {
        ebb_get_statistics(self->heap, &statistics);
    }
    return statistics.region_bytes;
}

/* What lies above the end that the heap knows: nobody has it from now on. */
static void abandon_above(struct world *self, size_t known) {
    /* Most often nothing of it is the heap's any more, and to find that byte by byte is an eighth of all time. */
    if (known >= self->end || memchr(self->owner + known, OWNER_HEAP, self->end - known) == NULL) {
        return;
    }
    for (size_t offset = known; offset < self->end; offset++) {
        if (self->owner[offset] == OWNER_HEAP) {
            set_owner(self, offset, offset + 1, OWNER_NOBODY);
        }
    }
}

static struct ebb_span grow(void *context, size_t size) {
    struct world *self = context;
    size_t known = known_end(self);
    bool goes_on = self->end == known;
    /* What it could not use of an earlier answer, and the store did not take back, will be in a gap. */
    abandon_above(self, known);
    enum answer answer = choose_answer(self, possible_growth(self, size));
    goes_on = goes_on && answer != ANSWER_MOVED;
    struct ebb_span span = answer_growth(self, answer, size);
    struct store_log *log = &self->log;
    note_answer(log, answer);
    log->grow_calls++;
    log->last_asked = size;
    log->last_met = span.size >= size && goes_on;
    log->always_met = log->always_met && log->last_met;
    log->was_overfed = log->was_overfed || !goes_on || answer == ANSWER_MORE;
    log->gaps += span.size != 0 && !goes_on;
    log->asked_for_nothing = log->asked_for_nothing || size == 0;
    return span;
}

static size_t shrink(void *context, size_t size) {
    struct world *self = context;
    struct store_log *log = &self->log;
    log->shrink_calls++;
    log->asked_for_nothing = log->asked_for_nothing || size == 0;
    for (size_t offset = self->end; offset-- > self->end - size;) {
        log->offered_others = log->offered_others || offset >= self->end || self->owner[offset] == OWNER_OTHERS;
    }
    if (log->offered_others) {
        note_answer(log, ANSWER_REFUSE);
        return 0;
    }
    bool some = size > self->setting.crumb;
    enum answer answer = choose_answer(self, 1u << ANSWER_YES | 1u << ANSWER_REFUSE | (some ? 1u << ANSWER_LESS : 0));
    note_answer(log, answer);
    size_t taken = answer == ANSWER_YES ? size : answer == ANSWER_LESS ? self->setting.crumb : 0;
    set_owner(self, self->end - taken, self->end, OWNER_OTHERS);
    self->end -= taken;
    log->always_met = log->always_met && taken == size;
    return taken;
}

/* ---- Life ---- */

static void count_fault(void *context, enum ebb_fault fault, const void *address) {
    struct world *self = context;
    (void)fault;
    (void)address;
    self->faults++;
}

bool world_create(struct world *self, const struct setting *setting, const struct ebb_policy *policy) {
    memset(self, 0, sizeof *self);
    self->setting = *setting;
    self->geometry = ebb_get_geometry();
    self->store = (struct ebb_store){.grow = grow,
                                     .shrink = shrink,
                                     .context = self,
                                     .granule = setting->store_granule,
                                     .fresh_is_zero = setting->fresh_is_zero};
    self->first = self->geometry.control_block + self->geometry.header;
    self->limit = self->first + setting->granules * self->geometry.granule;
    self->fence = self->limit + FENCE;
    set_owner(self, 0, ARENA_BYTES, OWNER_OTHERS);
    world_begin_call(self);
    self->heap = ebb_create(&self->store, policy);
    if (self->heap == NULL) {
        return false;
    }
    ebb_set_fault_handler(self->heap, count_fault, self);
    memcpy(self->first_control, world_arena, self->first);
    return true;
}

void world_begin_call(struct world *self) {
    self->log = (struct store_log){.always_met = true};
    self->faults = 0;
}

/* ---- Blocks ---- */

size_t world_payload(const struct world *self, size_t granules) {
    return granules * self->geometry.granule - self->geometry.header;
}

unsigned char *world_block(const struct world *self, size_t index) {
    return world_arena + self->first + index * self->geometry.granule;
}

size_t world_index(const struct world *self, const void *address) {
    return ((uintptr_t)address - (uintptr_t)world_arena - self->first) / self->geometry.granule;
}

/* No header: it would lead far beyond the region. */
static unsigned char payload_byte(size_t index, size_t i) {
    return (unsigned char)((index * 37 + i * 11 + 3) | 0x80);
}

void world_write_payload(struct world *self, size_t index) {
    unsigned char *address = world_block(self, index);
    for (size_t i = 0; i < world_payload(self, self->live[index]); i++) {
        address[i] = payload_byte(index, i);
    }
}

bool world_holds_payload(const struct world *self, size_t index, const unsigned char *address, size_t bytes) {
    (void)self;
    for (size_t i = 0; i < bytes; i++) {
        if (address[i] != payload_byte(index, i)) {
            return false;
        }
    }
    return true;
}

/* ---- What is not the heap's ---- */

bool world_guards_intact(const struct world *self) {
    /* In bytes all through, which a compiler makes sixteen at once of: this is a seventh of all time otherwise. */
    unsigned char touched = 0;
    for (size_t offset = self->first; offset < self->fence; offset++) {
        unsigned char others = self->owner[offset] != OWNER_HEAP ? 0xff : 0;
        touched |= (unsigned char)(others & (world_arena[offset] ^ GUARD));
    }
    return touched == 0;
}

size_t world_surplus(const struct world *self) {
    size_t surplus = 0;
    for (size_t offset = known_end(self); offset < self->end; offset++) {
        surplus += self->owner[offset] != OWNER_OTHERS;
    }
    return surplus;
}

void world_abandon_surplus(struct world *self) {
    abandon_above(self, known_end(self));
}

/* ---- Saving ---- */

void world_save(const struct world *self, struct saved_world *saved) {
    saved->end = self->end;
    memcpy(saved->live, self->live, sizeof self->live);
    memcpy(saved->owner, self->owner, self->fence);
    memcpy(saved->bytes, world_arena, self->fence);
}

bool world_is_saved(const struct world *self, const struct saved_world *saved) {
    return self->end == saved->end && memcmp(world_arena, saved->bytes, self->fence) == 0 &&
           memcmp(self->owner, saved->owner, self->fence) == 0;
}

void world_restore(struct world *self, const struct saved_world *saved) {
    self->end = saved->end;
    memcpy(self->live, saved->live, sizeof self->live);
    memcpy(self->owner, saved->owner, self->fence);
    memcpy(world_arena, saved->bytes, self->fence);
}

/* ---- Packing ---- */

/* What is left of the world when all that makes no difference is taken out of it: see the README. */
struct image {
    const struct world *world;
    unsigned char owner[ARENA_BYTES];
    unsigned char bytes[ARENA_BYTES];
};

static void clear(struct image *image, size_t from, size_t to) {
    if (from < to) {
        memset(image->bytes + from, 0, to - from);
    }
}

/* Whether the heap looks at what is free: at hardening level 2. */
static bool is_looked_at(const struct world *world) {
    return world->geometry.hardening == 2;
}

/* From where on idle memory is garbage that nobody looks at. */
static size_t start_of_garbage(const struct world *world, size_t start) {
    size_t fresh = (size_t)(control_fresh(world->heap) - world_arena);
    return is_looked_at(world) && start < fresh ? fresh : start;
}

/*
 * Free bytes are garbage, whichever; but where fresh memory is zero, a granule that is zero all over stays so, as the
 * heap may know that; and so does the part of one that the store has added again after it had taken it.
 */
static void clear_free(struct image *image, size_t from, size_t to) {
    if (!image->world->setting.fresh_is_zero) {
        clear(image, from, to);
        return;
    }
    size_t granule = image->world->geometry.granule;
    size_t fresh = (size_t)(control_fresh(image->world->heap) - world_arena);
    for (size_t start = from, end; start < to; start = end) {
        end = smaller(start / granule * granule + granule, to);
        end = start < fresh ? smaller(end, fresh) : end;
        bool dirty = false;
        for (size_t offset = start; offset < end; offset++) {
            dirty = dirty || image->bytes[offset] != 0;
        }
        memset(image->bytes + start, dirty ? GARBAGE : 0, end - start);
    }
}

/* What lies in a gap can be nobody's no longer: whoever had the store's memory beyond it has that as well. */
static void forget_nobody(struct image *image, size_t from, size_t to) {
    for (size_t offset = from; offset < to; offset++) {
        image->owner[offset] &= (unsigned char)~OWNER_NOBODY;
    }
}

/* Of a free block there are two links at its start and its size at its end; of a gap, the place of that. */
static bool take_out_block(void *context, const struct ebb_block *block) {
    struct image *image = context;
    size_t header = image->world->geometry.header;
    size_t start = (size_t)((uintptr_t)block->address - (uintptr_t)world_arena);
    size_t end = start + block->size - header;
    switch (block->kind) {
    case EBB_BLOCK_USED:
        clear(image, start, end);
        break;
    case EBB_BLOCK_FREE:
        if (!is_looked_at(image->world)) {
            clear_free(image, start + 2 * header, end - header);
        }
        break;
    case EBB_BLOCK_GAP:
        clear(image, start, end - header);
        forget_nobody(image, start, end - header);
        break;
    case EBB_BLOCK_TOP:
        clear_free(image, start_of_garbage(image->world, start), image->world->limit);
        break;
    }
    return true;
}

static void take_out_guards(struct image *image) {
    const struct world *world = image->world;
    for (size_t offset = world->first; offset < world->limit; offset++) {
        image->bytes[offset] = image->owner[offset] == OWNER_HEAP ? image->bytes[offset] : 0;
    }
}

/* Most of the control block never changes: so most of the difference is zero. */
static void take_out_first_control(struct image *image) {
    const struct world *world = image->world;
    for (size_t offset = 0; offset < world->first; offset++) {
        image->bytes[offset] ^= world->first_control[offset];
    }
}

/* Where the owner is another than that of the byte before, which is seldom: from the first block on. */
static void find_changes(const struct image *image, unsigned char *changes) {
    const unsigned char *before = image->owner + image->world->first - 1;
    size_t size = image->world->limit - image->world->first;
    for (size_t i = 0; i < size; i++) {
        changes[i] = before[i] ^ before[i + 1];
    }
}

/* Eight bytes at once: how many times eight are not all zero; of each, which they are, and these. */
static size_t pack_words(const unsigned char *bytes, size_t size, unsigned char *packed) {
    size_t used = 1;
    packed[0] = 0;
    for (size_t at = 0; at < size; at += WORD) {
        uint64_t word = 0;
        memcpy(&word, bytes + at, WORD);
        if (word != 0) {
            packed[used] = (unsigned char)(at / WORD);
            memcpy(packed + used + 1, &word, WORD);
            used += 1 + WORD;
            packed[0]++;
        }
    }
    return used;
}

static size_t unpack_words(const unsigned char *packed, unsigned char *bytes, size_t size) {
    size_t used = 1;
    memset(bytes, 0, size);
    for (unsigned words = packed[0]; words > 0; words--) {
        memcpy(bytes + packed[used] * (size_t)WORD, packed + used + 1, WORD);
        used += 1 + WORD;
    }
    return used;
}

size_t world_pack(const struct world *self, unsigned char *packed) {
    struct image image;
    unsigned char changes[ARENA_BYTES];
    image.world = self;
    memcpy(image.bytes, world_arena, self->limit);
    memcpy(image.owner, self->owner, self->limit);
    take_out_guards(&image);
    ebb_walk(self->heap, take_out_block, &image);
    take_out_first_control(&image);
    find_changes(&image, changes);
    packed[0] = (unsigned char)((self->end - self->first) & 0xff);
    packed[1] = (unsigned char)((self->end - self->first) >> 8);
    size_t used = 2 + pack_words(changes, self->limit - self->first, packed + 2);
    return used + pack_words(image.bytes, self->limit, packed + used);
}

/* ---- Unpacking ---- */

static size_t unpack_owners(struct world *self, const unsigned char *packed) {
    unsigned char changes[ARENA_BYTES];
    size_t used = unpack_words(packed, changes, self->limit - self->first);
    for (size_t offset = self->first; offset < self->limit; offset++) {
        self->owner[offset] = changes[offset - self->first] ^ self->owner[offset - 1];
    }
    return used;
}

static void unpack_bytes(struct world *self, const unsigned char *packed) {
    unsigned char bytes[ARENA_BYTES];
    unpack_words(packed, bytes, self->limit);
    for (size_t offset = 0; offset < self->first; offset++) {
        world_arena[offset] = bytes[offset] ^ self->first_control[offset];
    }
    for (size_t offset = self->first; offset < self->limit; offset++) {
        world_arena[offset] = self->owner[offset] == OWNER_HEAP ? bytes[offset] : GUARD;
    }
}

static bool put_in_block(void *context, const struct ebb_block *block) {
    struct world *self = context;
    size_t header = self->geometry.header;
    unsigned char *start = block->address;
    if (block->kind == EBB_BLOCK_USED) {
        size_t index = world_index(self, block->address);
        self->live[index] = (unsigned char)(block->size / self->geometry.granule);
        world_write_payload(self, index);
    } else if (block->kind == EBB_BLOCK_FREE && !self->setting.fresh_is_zero && !is_looked_at(self)) {
        memset(start + 2 * header, GARBAGE, block->size - 4 * header);
    } else if (block->kind == EBB_BLOCK_TOP && !self->setting.fresh_is_zero) {
        size_t from = start_of_garbage(self, (size_t)(start - world_arena));
        size_t end = (size_t)(start - world_arena) + block->size;
        memset(world_arena + from, GARBAGE, from < end ? end - from : 0);
    }
    return true;
}

void world_unpack(struct world *self, const unsigned char *packed) {
    self->end = self->first + packed[0] + ((size_t)packed[1] << 8);
    memset(self->owner, OWNER_HEAP, self->first);
    memset(self->live, 0, sizeof self->live);
    size_t used = 2 + unpack_owners(self, packed + 2);
    unpack_bytes(self, packed + used);
    ebb_walk(self->heap, put_in_block, self);
}
