/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "model.h"

#include "bytes.h"
#include "console.h"
#include "test.h"

#include <string.h>

/* Asserts `condition`; says first where in a random run it does not hold. */
#define REQUIRE(self, condition)                                                                                       \
    do {                                                                                                               \
        bool holds = (condition);                                                                                      \
        if (!holds) {                                                                                                  \
            say_where(self, #condition);                                                                               \
        }                                                                                                              \
        assert_true(holds);                                                                                            \
    } while (0)

static void say_where(const struct model *self, const char *what) {
    console_say(what, 0);
    console_say("does not hold; seed", self->seed);
    console_say("step", self->step);
}

/* ---- Payloads ---- */

/* Even: so nothing in a payload looks like the header of a block in use, whatever that is. */
static unsigned char payload_byte(uint32_t tag, size_t i) {
    return (unsigned char)(((tag >> (i % 4 * 8)) + i) << 1);
}

/* All that may be used is written: so no header of an earlier block is left in it. */
static void write_payload(const struct model *self, struct model_block *block, uint32_t tag) {
    size_t usable = ebb_usable_size(self->heap, block->address);
    block->tag = tag;
    for (size_t i = 0; i < usable; i++) {
        block->address[i] = payload_byte(tag, i);
    }
}

static bool holds_payload(const unsigned char *address, uint32_t tag, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (address[i] != payload_byte(tag, i)) {
            return false;
        }
    }
    return true;
}

static uint32_t next_tag(struct model *self, size_t slot) {
    self->generation++;
    return self->generation * UINT32_C(2654435761) ^ (uint32_t)slot << 24;
}

void model_verify_payloads(struct model *self) {
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        const struct model_block *block = &self->blocks[i];
        REQUIRE(self, block->address == NULL || holds_payload(block->address, block->tag, block->size));
    }
}

/* ---- The heap against the shadow ---- */

/* Where the region ends, as the heap tells it: an offset from its start, as all that follow. */
static size_t region_end(const struct model *self) {
    struct ebb_statistics statistics;
    ebb_get_statistics(self->heap, &statistics);
    return statistics.region_bytes;
}

static size_t offset_of(const struct model *self, size_t arena_offset) {
    return (size_t)(self->store->arena + arena_offset - (unsigned char *)self->heap);
}

/* Whether the heap goes on where the store would. */
static bool is_contiguous(const struct model *self) {
    return region_end(self) == offset_of(self, self->store->end);
}

/*
 * The heap has to know where its region ends, with two exceptions. Where there is nothing above somebody else's memory,
 * the region ends above or below that. And what it was given but has no use for, because it is beyond the maximum or so
 * little above a gap, is not part of the region even if the store does not take it back.
 */
static bool is_end_right(const struct model *self) {
    const struct scripted_store *store = self->store;
    size_t end = store->end;
    bool has_refused = store->refused + store->kept + store->lies > 0;
    if (store->overfed > 0 && (self->was_bounded || (has_refused && store->foreign_count > 0))) {
        return region_end(self) <= offset_of(self, end);
    }
    for (size_t i = store->foreign_count; i-- > 0 && region_end(self) != offset_of(self, end);) {
        if (store->foreign[i].to == end) {
            end = store->foreign[i].from;
        }
    }
    return region_end(self) == offset_of(self, end);
}

struct comparison {
    const struct model *self;
    size_t matched;
    bool agrees;
};

static const struct model_block *find_block(const struct model *self, const void *address) {
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        if (self->blocks[i].address == address) {
            return &self->blocks[i];
        }
    }
    return NULL;
}

/* More than the request needs is waste, unless what is over is too little. */
static bool is_block_for(const struct ebb_block *block, size_t size) {
    size_t least = survey_block_for(size);
    return block->size >= least && survey_stays(block->size - least, least);
}

static bool compare_block(void *context, const struct ebb_block *block) {
    struct comparison *comparison = context;
    if (block->kind == EBB_BLOCK_USED) {
        const struct model_block *known = find_block(comparison->self, block->address);
        comparison->agrees = comparison->agrees && known != NULL && is_block_for(block, known->size);
        comparison->matched++;
    }
    return true;
}

static size_t taken_slots(const struct model *self) {
    size_t count = 0;
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        count += self->blocks[i].address != NULL;
    }
    return count;
}

/* Every block in use is known, in its right place, and none is missing. Addresses in a walk rise, so none is twice. */
static void verify_blocks(struct model *self) {
    struct comparison comparison = {.self = self, .agrees = true};
    bool complete = ebb_walk(self->heap, compare_block, &comparison);
    REQUIRE(self, complete);
    REQUIRE(self, comparison.agrees);
    REQUIRE(self, comparison.matched == taken_slots(self));
}

static void verify_tiling(struct model *self) {
    const struct survey *survey = &self->survey;
    size_t first = (size_t)(survey->first - (unsigned char *)self->heap);
    size_t end = (size_t)(survey->end - (unsigned char *)self->heap);
    REQUIRE(self, survey->is_complete);
    REQUIRE(self, survey->is_orderly);
    REQUIRE(self, first == self->geometry.control_block + self->geometry.header);
    REQUIRE(self, end <= region_end(self));
    REQUIRE(self, region_end(self) - end < self->geometry.granule);
}

static size_t largest_that_fits(const struct model *self) {
    size_t top = self->survey.top_bytes / self->geometry.granule * self->geometry.granule;
    size_t block = top > self->survey.largest_free ? top : self->survey.largest_free;
    size_t fits = block >= self->geometry.smallest_block ? block - self->geometry.header : 0;
    return fits < self->geometry.largest_request ? fits : self->geometry.largest_request;
}

/* A lie, and memory that is of no use, may be counted as this or that. */
static bool is_count(const struct model *self, uint32_t found, uint32_t counted) {
    uint32_t doubtful = self->store->lies + (self->store->overfed > 0 ? self->store->grow_calls : 0);
    return found <= counted + doubtful && found + doubtful >= counted;
}

static void verify_counters(struct model *self, const struct ebb_statistics *found) {
    const struct scripted_store *store = self->store;
    REQUIRE(self, is_count(self, found->grows, store->grown));
    REQUIRE(self, is_count(self, found->shrinks, store->shrunk));
    REQUIRE(self, is_count(self, found->refusals, store->refused));
}

static void verify_peaks(struct model *self, const struct ebb_statistics *found) {
    const struct model_figures *figures = &self->figures;
    REQUIRE(self, found->peak_live_bytes >= figures->peak_live_least);
    REQUIRE(self, found->peak_live_bytes <= figures->peak_live_most);
    REQUIRE(self, found->peak_region_bytes >= figures->peak_region);
    REQUIRE(self, found->peak_region_bytes <= offset_of(self, self->store->peak));
}

static void verify_statistics(struct model *self) {
    struct ebb_statistics found;
    ebb_get_statistics(self->heap, &found);
    REQUIRE(self, found.live_bytes == self->survey.used_bytes);
    REQUIRE(self, is_end_right(self));
    REQUIRE(self, found.largest_request == self->figures.largest_request);
    REQUIRE(self, found.failed_requests == self->figures.failed);
    verify_peaks(self, &found);
    verify_counters(self, &found);
}

static void verify_free_space(struct model *self) {
    REQUIRE(self, ebb_free_bytes(self->heap) == self->survey.free_bytes + self->survey.top_bytes);
    REQUIRE(self, ebb_largest_free(self->heap) == largest_that_fits(self));
}

static bool is_held(const struct model *self, const unsigned char *address, size_t size) {
    const struct scripted_store *store = self->store;
    size_t offset = (size_t)(address - store->arena);
    if (offset < store->start || offset > store->end || size > store->end - offset) {
        return false;
    }
    for (size_t i = 0; i < store->foreign_count; i++) {
        if (offset < store->foreign[i].to && store->foreign[i].from < offset + size) {
            return false;
        }
    }
    return true;
}

static bool overlaps_another(const struct model *self, const struct model_block *block, size_t usable) {
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        const struct model_block *other = &self->blocks[i];
        if (other != block && other->address != NULL && other->address < block->address + usable &&
            block->address < other->address + (other->size > 0 ? other->size : 1)) {
            return true;
        }
    }
    return false;
}

/* A block that was just allocated or resized: aligned, inside, big enough, and nobody else's. */
static void verify_place(struct model *self, const struct model_block *block, size_t alignment) {
    size_t usable = ebb_usable_size(self->heap, block->address);
    REQUIRE(self, usable >= block->size && usable >= 1);
    REQUIRE(self, (uintptr_t)block->address % self->geometry.granule == 0);
    REQUIRE(self, alignment == 0 || (uintptr_t)block->address % alignment == 0);
    REQUIRE(self, is_held(self, block->address, usable));
    REQUIRE(self, !overlaps_another(self, block, usable));
}

static void verify(struct model *self) {
    REQUIRE(self, self->faults.count == self->store->lies);
    REQUIRE(self, self->store->lies == 0 || self->faults.fault == EBB_FAULT_STORE);
    REQUIRE(self, ebb_check(self->heap).damage == EBB_SOUND);
    REQUIRE(self, scripted_store_intact(self->store));
    verify_tiling(self);
    verify_blocks(self);
    verify_statistics(self);
    verify_free_space(self);
}

/* ---- Old pointers ---- */

/* A sum that tells what memory holds from what it held before. */
static size_t sum_up(const unsigned char *bytes, size_t size, size_t sum) {
    const size_t factor = (size_t)UINT64_C(0x9e3779b97f4a7c15);
    for (; size >= sizeof sum; size -= sizeof sum, bytes += sizeof sum) {
        size_t word;
        memcpy(&word, bytes, sizeof word);
        sum = (sum ^ word) * factor;
        sum ^= sum >> 15;
    }
    while (size-- > 0) {
        sum = (sum ^ *bytes++) * factor;
    }
    return sum;
}

/* Of all memory that the heap holds: not of what somebody else has in between, which may not be read. */
static size_t sum_of_region(const struct model *self) {
    const struct scripted_store *store = self->store;
    size_t sum = 0;
    size_t from = store->start;
    for (size_t i = 0; i < store->foreign_count && store->foreign[i].from <= store->end; i++) {
        if (from < store->foreign[i].from) {
            sum = sum_up(store->arena + from, store->foreign[i].from - from, sum);
        }
        from = store->foreign[i].to;
    }
    return from < store->end ? sum_up(store->arena + from, store->end - from, sum) : sum;
}

/* Whether the header that belongs to the address, if any, is in what has become somebody else's memory since. */
static bool is_somebody_elses(const struct model *self, const unsigned char *address) {
    const struct scripted_store *store = self->store;
    size_t offset = (size_t)(address - store->arena);
    for (size_t i = 0; i < store->foreign_count; i++) {
        if (store->foreign[i].from < offset && offset < store->foreign[i].to + self->geometry.header) {
            return true;
        }
    }
    return false;
}

/* What is beyond the region was not in use at all; within, either its header says that, or it contradicts others. */
static bool is_told(const struct model *self, const struct fault_log *told, const unsigned char *address) {
    bool is_beyond = address >= (unsigned char *)self->heap + region_end(self);
    bool is_right = is_beyond ? told->fault == EBB_FAULT_FOREIGN
                              : told->fault == EBB_FAULT_FREED || told->fault == EBB_FAULT_CORRUPT;
    return is_right && told->count == 1 && told->address == address;
}

static void misuse(struct model *self, unsigned char *address) {
    for (uint32_t use = 0; use < WRONG_USES; use++) {
        fault_log_attach(&self->faults, self->heap);
        bool failed = old_pointers_use(self->heap, address, use);
        REQUIRE(self, failed);
        REQUIRE(self, is_told(self, &self->faults, address));
    }
}

/*
 * Each use of a pointer that is no block's any longer is told, and changes nothing. The contract does not ask for that
 * where the place was handed out since; this does, as nobody has written what looks like a header there.
 */
static void misuse_old_pointers(struct model *self, unsigned char *const *pointers, size_t count) {
    if (self->geometry.hardening == 0 || count == 0) {
        return;
    }
    struct fault_log lies = self->faults;
    uint32_t store_calls = scripted_store_calls(self->store);
    size_t sum = sum_of_region(self);
    for (size_t i = 0; i < count; i++) {
        if (find_block(self, pointers[i]) == NULL && !is_somebody_elses(self, pointers[i])) {
            misuse(self, pointers[i]);
        }
    }
    REQUIRE(self, sum_of_region(self) == sum);
    REQUIRE(self, scripted_store_calls(self->store) == store_calls);
    self->faults = lies;
}

/* Old pointers into a block that was just handed out, or resized: all of them, and before anything is written there. */
static void try_old_pointers_into(struct model *self, const struct model_block *block) {
    unsigned char *found[OLD_POINTERS];
    const unsigned char *end = block->address + ebb_usable_size(self->heap, block->address);
    misuse_old_pointers(self, found, old_pointers_between(&self->old_pointers, block->address + 1, end, found));
}

/* Now and then, as all of the region is summed up for it: a few old pointers, wherever they lie. */
static void try_old_pointers(struct model *self) {
    enum { PERCENT = 10 };
    if (!random_chance(&self->old_pointers.random, PERCENT)) {
        return;
    }
    unsigned char *found[OLD_POINTERS_SOME];
    misuse_old_pointers(self, found, old_pointers_some(&self->old_pointers, found));
}

/* ---- Around a call ---- */

static void begin_call(struct model *self) {
    self->grow_calls = self->store->grow_calls;
    self->shrink_calls = self->store->shrink_calls;
    self->store->known =
        self->heap != NULL ? (size_t)((unsigned char *)self->heap - self->store->arena) + region_end(self) : 0;
}

static void note_peaks(struct model *self, size_t moved) {
    struct model_figures *figures = &self->figures;
    figures->live = self->survey.used_bytes;
    if (figures->live > figures->peak_live_least) {
        figures->peak_live_least = figures->live;
    }
    if (figures->live + moved > figures->peak_live_most) {
        figures->peak_live_most = figures->live + moved;
    }
    if (region_end(self) > figures->peak_region) {
        figures->peak_region = region_end(self);
    }
}

/* `moved`: bytes that were live twice for a while. What the heap cannot keep of a growth, it may give back at once. */
static void end_call(struct model *self, uint32_t most_grow_calls, uint32_t most_shrink_calls, size_t moved) {
    uint32_t grow_calls = self->store->grow_calls - self->grow_calls;
    uint32_t shrink_calls = self->store->shrink_calls - self->shrink_calls;
    REQUIRE(self, grow_calls <= most_grow_calls);
    REQUIRE(self, shrink_calls <= most_shrink_calls + (self->store->overfed > 0 ? grow_calls : 0));
    survey_take(&self->survey, self->heap);
    note_peaks(self, moved);
    verify(self);
    try_old_pointers(self);
}

static void note_request(struct model *self, size_t size, bool met) {
    if (size > self->figures.largest_request && size <= self->geometry.largest_request) {
        self->figures.largest_request = size;
    }
    self->figures.failed += !met;
}

/* Store calls of either kind that a call may make: `most`, but none where the end never moves that way. */
static uint32_t calls_to_grow(const struct model *self, uint32_t most) {
    return self->policy.strategy == EBB_FIXED ? 0 : most;
}

static uint32_t calls_to_return(const struct model *self) {
    return self->policy.strategy == EBB_GROW_AND_RETURN ? 1 : 0;
}

/* ---- Which requests have to be met ---- */

/* Bytes by which an honest store would certainly extend the region. Beyond a gap they have to suffice alone. */
static size_t room(const struct model *self) {
    const struct scripted_store *store = self->store;
    if (self->policy.strategy == EBB_FIXED || !scripted_store_honest(store) || store->limit < store->end) {
        return 0;
    }
    size_t most = self->geometry.largest_region;
    if (self->policy.maximum != 0 && self->policy.maximum < most) {
        most = self->policy.maximum;
    }
    size_t to_maximum = most > region_end(self) ? most - region_end(self) : 0;
    size_t gap = offset_of(self, store->end) - region_end(self);
    size_t to_limit = store->limit - store->end;
    size_t least = to_maximum < to_limit + gap ? to_maximum : to_limit + gap;
    size_t lost = gap + (gap > 0 ? 4 : 1) * self->geometry.granule;
    return least > lost ? least - lost : 0;
}

static size_t reach_of_top(const struct model *self, size_t top) {
    size_t more = room(self);
    if (is_contiguous(self)) {
        return top + more;
    }
    return top > more ? top : more;
}

/* A free block twice as large is of a class at least one up, if there is a class for every doubling. */
static bool must_be_met(const struct model *self, size_t size, size_t alignment) {
    if (size > self->geometry.largest_request || alignment > self->geometry.largest_request) {
        return false;
    }
    size_t padding = alignment > self->geometry.granule ? alignment + self->geometry.smallest_block : 0;
    size_t least = survey_block_for(size) + padding;
    return least > padding &&
           (self->survey.largest_free / 2 >= least || reach_of_top(self, self->survey.top_bytes) >= least);
}

/* ---- Allocation ---- */

static bool finish_allocation(struct model *self, size_t slot, void *address, size_t size, size_t alignment) {
    struct model_block *block = &self->blocks[slot];
    note_request(self, size, address != NULL);
    if (address != NULL) {
        *block = (struct model_block){.address = address, .size = size};
        verify_place(self, block, alignment);
        try_old_pointers_into(self, block);
        write_payload(self, block, next_tag(self, slot));
    }
    end_call(self, calls_to_grow(self, alignment > self->geometry.granule ? 6 : 3), calls_to_return(self), 0);
    return address != NULL;
}

bool model_alloc(struct model *self, size_t slot, size_t size) {
    bool must = must_be_met(self, size, 0);
    begin_call(self);
    void *address = ebb_alloc(self->heap, size);
    REQUIRE(self, address != NULL || !must);
    REQUIRE(self, address == NULL || size <= self->geometry.largest_request);
    return finish_allocation(self, slot, address, size, 0);
}

void model_must_alloc(struct model *self, size_t slot, size_t size) {
    bool met = model_alloc(self, slot, size);
    REQUIRE(self, met);
}

void model_must_fail(struct model *self, size_t slot, size_t size) {
    bool met = model_alloc(self, slot, size);
    REQUIRE(self, !met);
}

bool model_calloc(struct model *self, size_t slot, size_t count, size_t size) {
    /* A product that overflows is a request for more than there can be. */
    bool overflows = size != 0 && count > SIZE_MAX / size;
    size_t product = overflows ? SIZE_MAX : count * size;
    bool must = must_be_met(self, product, 0);
    begin_call(self);
    void *address = ebb_calloc(self->heap, count, size);
    REQUIRE(self, address != NULL || !must);
    REQUIRE(self, address == NULL || product <= self->geometry.largest_request);
    REQUIRE(self, address == NULL || bytes_are(address, 0, product));
    return finish_allocation(self, slot, address, product, 0);
}

bool model_aligned_alloc(struct model *self, size_t slot, size_t alignment, size_t size) {
    bool valid = (alignment & (alignment - 1)) == 0 && alignment <= self->geometry.largest_request;
    bool must = valid && must_be_met(self, size, alignment);
    begin_call(self);
    void *address = ebb_aligned_alloc(self->heap, alignment, size);
    REQUIRE(self, address != NULL || !must);
    REQUIRE(self, address == NULL || (valid && size <= self->geometry.largest_request));
    return finish_allocation(self, slot, address, size, alignment);
}

/* ---- Resizing ---- */

static bool must_stay(const struct model *self, const struct surroundings *around, size_t size) {
    size_t least = survey_block_for(size);
    size_t reach = around->own.size;
    if (size > self->geometry.largest_request) {
        return false;
    }
    if (around->right.kind == EBB_BLOCK_FREE) {
        reach += around->right.size;
    } else if (around->right.kind == EBB_BLOCK_TOP) {
        reach += is_contiguous(self) ? reach_of_top(self, around->right.size) : around->right.size;
    }
    return reach >= least;
}

static void verify_kept(struct model *self, const struct model_block *old, const unsigned char *address, size_t size) {
    size_t kept = old->size < size ? old->size : size;
    REQUIRE(self, holds_payload(address, old->tag, kept));
}

bool model_realloc(struct model *self, size_t slot, size_t size) {
    struct model_block *block = &self->blocks[slot];
    struct model_block old = *block;
    struct surroundings around;
    survey_around(&around, self->heap, old.address);
    bool stays = must_stay(self, &around, size);
    bool must = stays || must_be_met(self, size, 0);
    begin_call(self);
    unsigned char *address = ebb_realloc(self->heap, old.address, size);
    note_request(self, size, address != NULL);
    REQUIRE(self, address != NULL || !must);
    REQUIRE(self, address == NULL || size <= self->geometry.largest_request);
    REQUIRE(self, address == old.address || !stays);
    if (address != NULL) {
        *block = (struct model_block){.address = address, .size = size};
        verify_place(self, block, 0);
        verify_kept(self, &old, address, size);
        if (address != old.address) {
            old_pointers_add(&self->old_pointers, old.address);
        }
        try_old_pointers_into(self, block);
        write_payload(self, block, next_tag(self, slot));
    } else {
        verify_kept(self, &old, old.address, old.size);
    }
    /* In place and elsewhere may both be tried; a smaller block, or the old one, may widen what is idle at the end. */
    size_t copied = address != NULL && address != old.address ? around.own.size : 0;
    end_call(self, calls_to_grow(self, 6), 2 * calls_to_return(self), copied);
    REQUIRE(self, scripted_store_calls(self->store) - self->grow_calls - self->shrink_calls <= 10);
    return address != NULL;
}

/* ---- Freeing ---- */

static void begin_free(struct model *self, size_t slot) {
    const struct model_block *block = &self->blocks[slot];
    REQUIRE(self, block->address != NULL);
    REQUIRE(self, holds_payload(block->address, block->tag, block->size));
    begin_call(self);
}

static void end_free(struct model *self, size_t slot) {
    old_pointers_add(&self->old_pointers, self->blocks[slot].address);
    self->blocks[slot].address = NULL;
    end_call(self, 0, calls_to_return(self), 0);
}

void model_free(struct model *self, size_t slot) {
    begin_free(self, slot);
    ebb_free(self->heap, self->blocks[slot].address);
    end_free(self, slot);
}

void model_free_sized(struct model *self, size_t slot) {
    begin_free(self, slot);
    ebb_free_sized(self->heap, self->blocks[slot].address, self->blocks[slot].size);
    end_free(self, slot);
}

void model_free_all(struct model *self) {
    for (size_t slot = 0; slot < MODEL_BLOCKS; slot++) {
        if (self->blocks[slot].address != NULL) {
            model_free(self, slot);
        }
    }
}

/* ---- The end of the region ---- */

size_t model_trim(struct model *self) {
    size_t before = self->store->end;
    begin_call(self);
    size_t given_back = ebb_trim(self->heap);
    end_call(self, 0, self->policy.strategy == EBB_FIXED ? 0 : 1, 0);
    REQUIRE(self, given_back == before - self->store->end);
    return given_back;
}

/* Sizes may have been rounded to what the heap can tell apart, at both ends, and cut to what it can reach. */
static bool is_about(const struct model *self, size_t found, size_t wanted) {
    size_t most = wanted < self->geometry.largest_region ? wanted : self->geometry.largest_region;
    size_t least = wanted < self->geometry.largest_request ? wanted : self->geometry.largest_request;
    size_t granule = self->geometry.granule;
    /* Differences, because sums overflow where a heap can span all addresses. */
    return (found >= least || least - found < 2 * granule) && (found <= most || found - most < granule);
}

static void verify_policy(struct model *self) {
    struct ebb_policy found;
    ebb_get_policy(self->heap, &found);
    REQUIRE(self, found.strategy == self->policy.strategy);
    REQUIRE(self, is_about(self, found.quantum, self->policy.quantum));
    REQUIRE(self, self->policy.maximum == 0 || is_about(self, found.maximum, self->policy.maximum));
    REQUIRE(self, self->policy.maximum == 0 || found.maximum <= self->policy.maximum);
}

/* A policy that is refused has bounded the heap for a while, too. */
static void note_bounds(struct model *self, const struct ebb_policy *policy) {
    bool bounded = policy->maximum != 0 || policy->strategy == EBB_FIXED;
    self->was_bounded = self->was_bounded || bounded;
}

/* What the store gave for a policy that was then refused, and did not take again, is the new maximum, if any. */
static void note_what_refusal_left(struct model *self) {
    struct ebb_policy found;
    ebb_get_policy(self->heap, &found);
    if (self->policy.maximum != 0 && found.maximum != self->policy.maximum && found.maximum == region_end(self)) {
        self->policy.maximum = found.maximum;
    }
}

bool model_set_policy(struct model *self, const struct ebb_policy *policy) {
    struct ebb_policy wanted = policy != NULL ? *policy : (struct ebb_policy){.strategy = EBB_GROW_AND_RETURN};
    begin_call(self);
    bool accepted = ebb_set_policy(self->heap, policy);
    if (accepted) {
        self->policy = wanted;
    } else {
        note_what_refusal_left(self);
    }
    note_bounds(self, &wanted);
    end_call(self, 8, 8, 0);
    REQUIRE(self, scripted_store_calls(self->store) - self->grow_calls - self->shrink_calls <= 8);
    verify_policy(self);
    return accepted;
}

/* ---- Start and end ---- */

void model_start(struct model *self, struct scripted_store *store, const struct ebb_policy *policy) {
    uint32_t seed = self->seed;
    memset(self, 0, sizeof *self);
    self->seed = seed;
    old_pointers_init(&self->old_pointers, seed);
    self->store = store;
    self->geometry = ebb_get_geometry();
    if (policy != NULL) {
        self->policy = *policy;
    }
    note_bounds(self, &self->policy);
    begin_call(self);
    self->heap = ebb_create(&store->store, policy);
    REQUIRE(self, self->heap != NULL);
    fault_log_attach(&self->faults, self->heap);
    end_call(self, 4, 4, 0);
    REQUIRE(self, scripted_store_calls(self->store) - self->grow_calls - self->shrink_calls <= 4);
    verify_policy(self);
}

void model_finish(struct model *self) {
    struct scripted_store *store = self->store;
    model_verify_payloads(self);
    size_t region = region_end(self);
    size_t held = store->end;
    uint32_t calls = scripted_store_calls(store);
    size_t left = ebb_destroy(self->heap);
    REQUIRE(self, scripted_store_calls(store) - calls <= 1);
    REQUIRE(self, scripted_store_intact(store));
    REQUIRE(self, left + (held - store->end) == region);
    if (scripted_store_honest(store) && store->store.shrink != NULL && store->foreign_count + store->overfed == 0) {
        /* What lies before the handle, for alignment, is not of the region. */
        REQUIRE(self, left == 0 && store->end - store->start < self->geometry.granule);
    }
}
