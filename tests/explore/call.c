/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "call.h"

#include "control_knowledge.h"

#include <string.h>

/* Goes back with a complaint, if there is one. */
#define CHECK(condition, complaint)                                                                                    \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            return complaint;                                                                                          \
        }                                                                                                              \
    } while (0)

/* ---- What the heap was like before the call, as far as its promises depend on that; sizes in granules ---- */

struct before {
    const struct world *world;
    size_t largest_free; /* top not counted */
    size_t idle;
    size_t live;
    size_t room;         /* by which the region may grow */
    size_t block;        /* index of the block that the call is about */
    size_t own;          /* its size */
    size_t left;         /* size of the free block to its left */
    size_t right;        /* likewise, to its right */
    bool is_last;        /* top is to its right */
    size_t end_of_free;  /* index where the last free block so far ended */
    size_t size_of_free; /* its size */
};

static void note_free(struct before *before, size_t index, size_t size) {
    before->largest_free = size > before->largest_free ? size : before->largest_free;
    before->end_of_free = index + size;
    before->size_of_free = size;
    if (index == before->block + before->own) {
        before->right = size;
    }
}

static bool note_block(void *context, const struct ebb_block *block) {
    struct before *before = context;
    size_t index = world_index(before->world, block->address);
    size_t size = block->size / before->world->geometry.granule;
    if (block->kind == EBB_BLOCK_FREE) {
        note_free(before, index, size);
    } else if (block->kind == EBB_BLOCK_TOP) {
        before->idle = size;
        before->is_last = index == before->block + before->own;
    } else if (index == before->block && before->end_of_free == index) {
        before->left = before->size_of_free;
    }
    return true;
}

static struct before look(const struct world *world, size_t block) {
    struct before before = {.world = world, .block = block, .own = world->live[block], .end_of_free = SIZE_MAX};
    ebb_walk(world->heap, note_block, &before);
    struct ebb_policy policy;
    struct ebb_statistics statistics;
    ebb_get_policy(world->heap, &policy);
    ebb_get_statistics(world->heap, &statistics);
    size_t granule = world->geometry.granule;
    before.live = statistics.live_bytes;
    before.room = policy.strategy == EBB_FIXED || policy.maximum < statistics.region_bytes
                      ? 0
                      : policy.maximum / granule - statistics.region_bytes / granule;
    return before;
}

/* ---- Promises about requests that fail ---- */

/* Whether the store has had its chance to bring `missing` granules: it was asked, in the end for no more than that. */
static bool store_was_short_of(const struct before *before, size_t missing, size_t at_most) {
    const struct store_log *log = &before->world->log;
    if (missing > before->room) {
        return true;
    }
    size_t granule = before->world->geometry.granule;
    size_t store_granule = before->world->setting.store_granule;
    return log->grow_calls > 0 && !log->last_met && log->last_asked <= at_most * granule + store_granule;
}

/* The most granules that may be asked for beyond a gap for what is written down at its edges. */
enum { GAP_HEADERS = 2 };

static const char *check_failed_request(const struct before *before, const struct operation *operation) {
    const struct world *world = before->world;
    bool aligned = operation->kind == OPERATION_ALIGNED_ALLOC;
    size_t least_block = world->geometry.smallest_block / world->geometry.granule;
    /* What may have to be skipped to the next aligned place. */
    size_t padding = aligned ? operation->alignment + least_block - 1 : 0;
    size_t most = operation->size + padding;
    size_t found = aligned ? control_surely_found_aligned(most) : control_surely_found(most);
    CHECK(before->largest_free < found, "failed, though a free block was surely large enough");
    CHECK(before->idle < most, "failed, though enough was idle at the end");
    size_t after_gap = world->log.was_overfed ? most + GAP_HEADERS : most - before->idle;
    /* A gap takes of what the maximum leaves, and it may be that too little remains of that. */
    bool gap_has_no_room = world->log.gaps > 0 && before->room <= world->setting.granules;
    /* Each time that somebody else moves the end, an aligned block may need more: it is tried twice. */
    bool was_led_astray = aligned && world->log.gaps > 1;
    CHECK(store_was_short_of(before, most - before->idle, after_gap) || gap_has_no_room || was_led_astray,
          "failed, though the region could have grown far enough");
    CHECK(most - before->idle > before->room || world->log.grow_calls > 0, "failed without having asked the store");
    return NULL;
}

/* What is idle right above a block. */
static size_t idle_beside(const struct before *before) {
    return before->is_last ? before->idle : 0;
}

static const char *check_failed_realloc(const struct before *before, const struct operation *operation) {
    size_t idle = idle_beside(before);
    CHECK(operation->size > before->own, "a block could not be made smaller");
    /* A gap that has opened meanwhile may have swallowed what was idle. */
    idle = before->world->log.was_overfed ? 0 : idle;
    CHECK(before->left + before->own + before->right + idle < operation->size,
          "failed, though there was enough free memory around the block");
    CHECK(!before->is_last || operation->size - before->own > before->room + idle || before->world->log.grow_calls > 0,
          "failed without having tried to grow in place");
    return check_failed_request(before, operation);
}

/* ---- Promises about requests that are met ---- */

static const char *check_place(const struct before *before, const unsigned char *address, size_t index) {
    const struct world *world = before->world;
    CHECK((uintptr_t)address % world->geometry.granule == 0, "a block is not aligned");
    CHECK(address >= world_block(world, 0) && index < world->setting.granules, "a block lies outside the region");
    return NULL;
}

/* The granules of a block that was just handed out; 0 if that is not what the request needs. */
static size_t size_handed_out(const struct world *world, const struct operation *operation, const void *address) {
    size_t usable = ebb_usable_size(world->heap, address);
    size_t size = (usable + world->geometry.header) / world->geometry.granule;
    size_t least = world->geometry.smallest_block / world->geometry.granule;
    bool fits = size >= operation->size && size - operation->size < least && world_payload(world, size) == usable;
    return fits ? size : 0;
}

/* Puts a block into the shadow, if it overlaps no other. */
static const char *note_live(struct world *world, const struct operation *operation, size_t index) {
    size_t size = size_handed_out(world, operation, world_block(world, index));
    CHECK(size != 0, "a block is too small or too large for its request");
    for (size_t other = 0; other < world->setting.granules; other++) {
        size_t length = world->live[other];
        CHECK(length == 0 || other + length <= index || index + size <= other, "two blocks overlap");
    }
    CHECK(index + size <= world->setting.granules, "a block reaches beyond the region");
    for (size_t offset = 0; offset < world_payload(world, size); offset++) {
        size_t place = (size_t)(world_block(world, index) - world_arena) + offset;
        CHECK(world->owner[place] == OWNER_HEAP, "a block lies in memory that is not the heap's");
    }
    world->live[index] = (unsigned char)size;
    return NULL;
}

static bool holds_zero(const unsigned char *address, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        if (address[i] != 0) {
            return false;
        }
    }
    return true;
}

static const char *check_met(const struct before *before, struct world *world, const struct operation *operation,
                             const unsigned char *address) {
    size_t index = world_index(world, address);
    const char *complaint = check_place(before, address, index);
    CHECK(complaint == NULL, complaint);
    size_t alignment = operation->kind == OPERATION_ALIGNED_ALLOC ? operation->alignment : 1;
    CHECK((uintptr_t)address % (alignment * world->geometry.granule) == 0,
          "a block is not aligned as it was asked for");
    bool clear = operation->kind != OPERATION_CALLOC || holds_zero(address, operation_bytes(world, operation));
    CHECK(clear, "memory of calloc was not zero");
    complaint = note_live(world, operation, index);
    CHECK(complaint == NULL, complaint);
    world_write_payload(world, index);
    return NULL;
}

/* Where the content of a block had to stay or to go to, and did not. */
static const char *check_way(const struct before *before, const struct operation *operation, size_t index) {
    size_t wanted = operation->size;
    size_t idle = idle_beside(before);
    CHECK(wanted > before->own || index == before->block, "a block that became smaller has moved");
    bool fits_here = before->own + before->right + idle >= wanted;
    CHECK(!fits_here || index == before->block, "a block has moved, though there was room to its right");
    const struct store_log *log = &before->world->log;
    bool grows_here = before->is_last && wanted - before->own - idle <= before->room && log->always_met;
    CHECK(fits_here || !grows_here || index == before->block, "a block has moved, though the region could grow");
    bool fits_left = before->left != 0 && before->left + before->own + before->right + idle >= wanted;
    CHECK(index == before->block || !fits_left || log->was_overfed || index == before->block - before->left,
          "a block was copied elsewhere, though there was room to its left");
    return NULL;
}

/* ---- The calls ---- */

static const char *finish_request(const struct before *before, struct world *world, const struct operation *operation,
                                  const unsigned char *address) {
    struct ebb_statistics statistics;
    ebb_get_statistics(world->heap, &statistics);
    CHECK(statistics.failed_requests == (address == NULL), "failed requests are not counted");
    return address == NULL ? check_failed_request(before, operation) : check_met(before, world, operation, address);
}

static const char *request(struct world *world, const struct operation *operation) {
    struct before before = look(world, MOST_GRANULES);
    size_t bytes = operation_bytes(world, operation);
    unsigned char *address = NULL;
    if (operation->kind == OPERATION_ALLOC) {
        address = ebb_alloc(world->heap, bytes);
    } else if (operation->kind == OPERATION_CALLOC) {
        address = ebb_calloc(world->heap, 1, bytes);
    } else {
        address = ebb_aligned_alloc(world->heap, operation->alignment * world->geometry.granule, bytes);
    }
    CHECK(world->log.calls <= (operation->kind == OPERATION_ALIGNED_ALLOC ? 8 : 5),
          "an allocation asked the store more often than it says");
    return finish_request(&before, world, operation, address);
}

static const char *resize(struct world *world, const struct operation *operation) {
    struct before before = look(world, operation->index);
    size_t bytes = operation_bytes(world, operation);
    unsigned char *address = ebb_realloc(world->heap, world_block(world, operation->index), bytes);
    CHECK(world->log.calls <= 10, "a reallocation asked the store more than ten times");
    if (address == NULL) {
        return check_failed_realloc(&before, operation);
    }
    size_t index = world_index(world, address);
    const char *complaint = check_place(&before, address, index);
    CHECK(complaint == NULL, complaint);
    size_t kept = world_payload(world, before.own < operation->size ? before.own : operation->size);
    CHECK(world_holds_payload(world, operation->index, address, kept), "a block lost its content on its way");
    complaint = check_way(&before, operation, index);
    CHECK(complaint == NULL, complaint);
    world->live[operation->index] = 0;
    return check_met(&before, world, operation, address);
}

/* A second free has to be found out, and to change nothing. */
static const char *free_again(struct world *world, void *block) {
    unsigned char copy[ARENA_BYTES];
    memcpy(copy, world_arena, world->fence);
    unsigned calls = world->log.calls;
    ebb_free(world->heap, block);
    CHECK(world->faults == 1, "a second free was not told");
    CHECK(world->log.calls == calls && memcmp(copy, world_arena, world->fence) == 0,
          "a second free has changed something");
    world->faults = 0;
    return NULL;
}

static const char *release(struct world *world, const struct operation *operation) {
    void *block = world_block(world, operation->index);
    if (operation->kind == OPERATION_FREE) {
        ebb_free(world->heap, block);
    } else {
        ebb_free_sized(world->heap, block, operation_bytes(world, operation));
    }
    world->live[operation->index] = 0;
    CHECK(world->log.calls <= 1, "a free asked the store more than once");
    return free_again(world, block);
}

static const char *trim(struct world *world) {
    struct ebb_policy policy;
    ebb_get_policy(world->heap, &policy);
    size_t end = world->end;
    size_t taken = ebb_trim(world->heap);
    CHECK(taken == end - world->end, "trim returns what the store did not take");
    CHECK(world->log.grow_calls == 0 && world->log.shrink_calls <= 1, "trim asked the store too often");
    CHECK(policy.strategy != EBB_FIXED || world->log.calls == 0, "a fixed heap moved its end");
    struct before after = look(world, MOST_GRANULES);
    bool all = policy.strategy == EBB_FIXED || !world->log.always_met || world->log.calls == 0;
    bool none = after.idle * world->geometry.granule < world->setting.store_granule || after.idle == 0;
    CHECK(all || none, "trim left something idle");
    return NULL;
}

static const char *change_policy(struct world *world, const struct ebb_policy *policy) {
    struct ebb_policy before;
    struct ebb_policy after;
    ebb_get_policy(world->heap, &before);
    bool accepted = ebb_set_policy(world->heap, policy);
    ebb_get_policy(world->heap, &after);
    CHECK(world->log.calls <= 8, "a change of policy asked the store more than eight times");
    CHECK(after.strategy == (accepted ? policy->strategy : before.strategy), "the policy is another than it should be");
    struct ebb_statistics statistics;
    ebb_get_statistics(world->heap, &statistics);
    CHECK(!accepted || policy->maximum == 0 || statistics.region_bytes <= policy->maximum,
          "the region is beyond its new maximum");
    return NULL;
}

static const char *carry_out(struct world *world, const struct operation *operation,
                             const struct ebb_policy *policies) {
    switch (operation->kind) {
    case OPERATION_ALLOC:
    case OPERATION_CALLOC:
    case OPERATION_ALIGNED_ALLOC:
        return request(world, operation);
    case OPERATION_REALLOC:
        return resize(world, operation);
    case OPERATION_FREE:
    case OPERATION_FREE_SIZED:
        return release(world, operation);
    case OPERATION_TRIM:
        return trim(world);
    case OPERATION_SET_POLICY:
        return change_policy(world, &policies[operation->policy]);
    }
    return "there is no such operation";
}

/* ---- Around every call ---- */

static size_t live_bytes(const struct world *world) {
    size_t sum = 0;
    for (size_t index = 0; index < world->setting.granules; index++) {
        sum += world->live[index] * world->geometry.granule;
    }
    return sum;
}

static const char *check_payloads(const struct world *world) {
    for (size_t index = 0; index < world->setting.granules; index++) {
        size_t size = world->live[index];
        CHECK(size == 0 || world_holds_payload(world, index, world_block(world, index), world_payload(world, size)),
              "the content of a block was changed");
    }
    return NULL;
}

static const char *check_figures(const struct world *world) {
    struct ebb_statistics statistics;
    ebb_get_statistics(world->heap, &statistics);
    CHECK(statistics.live_bytes == live_bytes(world), "the live bytes are not those of the blocks in use");
    CHECK(statistics.peak_live_bytes >= statistics.live_bytes, "the peak is below what is live");
    CHECK(statistics.region_bytes <= world->end, "the heap counts memory as its own that the store has taken");
    CHECK(statistics.peak_region_bytes >= statistics.region_bytes, "the region's peak is below the region");
    CHECK(statistics.grows + statistics.shrinks + statistics.refusals == world->log.calls,
          "store calls are miscounted");
    return NULL;
}

const char *call_perform(struct world *world, const struct operation *operation, const struct ebb_policy *policies) {
    size_t surplus = world_surplus(world);
    world_begin_call(world);
    if (operation->impatient) {
        control_exhaust_patience(world->heap);
    }
    if (operation->is_vague) {
        control_loosen_bound(world->heap);
    }
    control_set_scattered(world->heap, operation->is_scattered);
    const char *complaint = carry_out(world, operation, policies);
    CHECK(complaint == NULL, complaint);
    CHECK(world->faults == 0, "a fault was told, but there is none");
    CHECK(!world->log.offered_others, "the store was offered what is not the heap's");
    CHECK(!world->log.asked_for_nothing, "the store was asked for no bytes");
    CHECK(world_guards_intact(world), "somebody else's memory was touched");
    complaint = check_payloads(world);
    CHECK(complaint == NULL, complaint);
    complaint = check_figures(world);
    CHECK(complaint == NULL, complaint);
    /* What is beyond the maximum, or of no use above a gap, is offered once. */
    CHECK(world->log.was_overfed || world_surplus(world) <= surplus, "memory that the store gave is lost");
    world_abandon_surplus(world);
    return NULL;
}
