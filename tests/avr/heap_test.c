/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Is core right where addresses have 16 bits? A random program against a shadow of what it holds, on a store that
 * refuses and gives less; and the policy's numbers, of which the larger ones fit no address there.
 */
#include "ebb.h"
#include "machine.h"

#include <string.h>

enum { ARENA = 9000, SLOTS = 24, CALLS = 20000, CALLS_PER_LOOK = 50 };

/* A failed check ends the program. */
static void check_at(bool holds, unsigned line) {
    if (!holds) {
        machine_say("failed: heap_test.c:");
        machine_say_number(line);
        machine_say("\r\n");
        machine_stop();
    }
}

#define CHECK(holds) check_at(holds, __LINE__)

static unsigned char arena[ARENA];

/* ---- Chance ---- */

static uint32_t chance_state = 1;

/* A number below `bound`. Marsaglia, "Xorshift RNGs", 2003. */
static uint16_t chance(uint16_t bound) {
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 17;
    chance_state ^= chance_state << 5;
    return (uint16_t)((chance_state >> 8) % bound);
}

/* ---- A store that does not always do what it is asked for ---- */

static struct ebb_buffer_store buffer;

static struct ebb_span grow_at_times(void *context, size_t bytes) {
    (void)context;
    switch (chance(8)) {
    case 0:
        return (struct ebb_span){0};
    case 1:
        return buffer.store.grow(buffer.store.context, bytes / 2 + 1);
    default:
        return buffer.store.grow(buffer.store.context, bytes);
    }
}

static size_t shrink_at_times(void *context, size_t bytes) {
    (void)context;
    return chance(4) == 0 ? 0 : buffer.store.shrink(buffer.store.context, bytes);
}

static const struct ebb_store moody_store = {.grow = grow_at_times, .shrink = shrink_at_times, .granule = 32};

/* ---- The shadow: what the program believes to hold ---- */

struct slot {
    unsigned char *block;
    size_t size;
    unsigned char paint;
};

static struct slot slots[SLOTS];

static bool is_painted(const struct slot *slot, size_t bytes) {
    for (size_t at = 0; at < bytes; at++) {
        if (slot->block[at] != slot->paint) {
            return false;
        }
    }
    return true;
}

static void hold(struct slot *slot, void *block, size_t size) {
    slot->block = block;
    slot->size = size;
    slot->paint = (unsigned char)chance(256);
    memset(block, slot->paint, size);
}

static size_t some_size(void) {
    return chance(8) == 0 ? chance(1200) : chance(80);
}

static void fill(struct ebb_heap *heap, struct slot *slot) {
    size_t size = some_size();
    size_t alignment = (size_t)8 << chance(4);
    void *block = NULL;
    switch (chance(4)) {
    case 0:
        block = ebb_aligned_alloc(heap, alignment, size);
        CHECK((uintptr_t)block % alignment == 0);
        break;
    case 1:
        block = ebb_calloc(heap, size, 1);
        for (size_t at = 0; block != NULL && at < size; at++) {
            CHECK(((const unsigned char *)block)[at] == 0);
        }
        break;
    default:
        block = ebb_alloc(heap, size);
    }
    if (block != NULL) {
        CHECK(ebb_usable_size(heap, block) >= size);
        hold(slot, block, size);
    }
}

static void resize(struct ebb_heap *heap, struct slot *slot) {
    size_t size = some_size();
    unsigned char *block = ebb_realloc(heap, slot->block, size);
    if (block != NULL) {
        slot->block = block;
        CHECK(is_painted(slot, size < slot->size ? size : slot->size));
        hold(slot, block, size);
    }
}

static void empty(struct ebb_heap *heap, struct slot *slot) {
    CHECK(is_painted(slot, slot->size));
    ebb_free(heap, slot->block);
    slot->block = NULL;
}

static void look_at_everything(const struct ebb_heap *heap) {
    CHECK(ebb_check(heap).damage == EBB_SOUND);
    for (int at = 0; at < SLOTS; at++) {
        CHECK(slots[at].block == NULL || is_painted(&slots[at], slots[at].size));
    }
}

static size_t region_of(const struct ebb_heap *heap) {
    struct ebb_statistics figures;
    ebb_get_statistics(heap, &figures);
    return figures.region_bytes;
}

/* ---- Tests ---- */

static void test_random_program_keeps_what_it_holds(void) {
    ebb_buffer_store_init(&buffer, arena, sizeof arena);
    struct ebb_heap *heap = NULL;
    while (heap == NULL) {
        heap = ebb_create(&moody_store, NULL);
    }
    for (uint16_t call = 0; call < CALLS; call++) {
        struct slot *slot = &slots[chance(SLOTS)];
        if (slot->block == NULL) {
            fill(heap, slot);
        } else if (chance(3) == 0) {
            resize(heap, slot);
        } else {
            empty(heap, slot);
        }
        if (call % CALLS_PER_LOOK == 0) {
            look_at_everything(heap);
        }
    }
    for (int at = 0; at < SLOTS; at++) {
        if (slots[at].block != NULL) {
            empty(heap, &slots[at]);
        }
    }
    struct ebb_statistics figures;
    ebb_get_statistics(heap, &figures);
    CHECK(figures.live_bytes == 0);
    CHECK(figures.peak_region_bytes > ARENA / 2);
    CHECK(figures.grows > 20 && figures.shrinks > 20 && figures.refusals > 20);
}

static void test_idle_memory_goes_back_when_it_has_cost_a_move(void) {
    enum { IDLE = 2000 };
    ebb_buffer_store_init(&buffer, arena, sizeof arena);
    struct ebb_heap *heap = ebb_create(&buffer.store, NULL);
    void *small = ebb_alloc(heap, 16);
    ebb_free(heap, ebb_alloc(heap, IDLE));
    size_t held = region_of(heap);
    struct ebb_policy policy;
    ebb_get_policy(heap, &policy);
    uint16_t calls = 0;
    while (region_of(heap) == held && calls < 1000) {
        calls++;
        ebb_free(heap, ebb_alloc(heap, 1));
    }
    /* Some of the price is paid already, and for what has to be cleared, a part of it comes on top. */
    CHECK(calls >= policy.move_price / IDLE / 2);
    CHECK(calls <= policy.move_price / IDLE * 2);
    ebb_free(heap, small);
}

static void test_price_that_no_address_could_say_is_kept(void) {
    ebb_buffer_store_init(&buffer, arena, sizeof arena);
    struct ebb_heap *heap = ebb_create(&buffer.store, &(struct ebb_policy){.move_price = 10000000});
    struct ebb_policy policy;
    ebb_get_policy(heap, &policy);
    CHECK(policy.move_price == 10000000);
    /* A free may leave all there is: it is no burst, at that price. */
    ebb_free(heap, ebb_alloc(heap, ARENA / 2));
    size_t held = region_of(heap);
    CHECK(held > ARENA / 2);
    for (uint16_t call = 0; call < 1000; call++) {
        ebb_free(heap, ebb_alloc(heap, 1));
    }
    CHECK(region_of(heap) == held);
    CHECK(ebb_trim(heap) > ARENA / 2 - 100);
}

static void test_sizes_beyond_what_an_address_can_say_fail(void) {
    ebb_buffer_store_init(&buffer, arena, sizeof arena);
    struct ebb_heap *heap = ebb_create(&buffer.store, NULL);
    CHECK(ebb_alloc(heap, SIZE_MAX) == NULL);
    CHECK(ebb_alloc(heap, PTRDIFF_MAX) == NULL);
    CHECK(ebb_calloc(heap, 256, 256) == NULL);
    CHECK(ebb_calloc(heap, 257, 255) == NULL);
    CHECK(ebb_aligned_alloc(heap, (size_t)1 << 15, 1) == NULL);
    CHECK(ebb_alloc(heap, 1) != NULL);
}

/* A lot that was doubled with each request that failed would have more bits than an address. */
static void test_lot_is_learnt_under_a_price_that_no_address_could_say(void) {
    enum { BLOCKS = 60, SIZE = 100, FAILURES = 20 };
    static void *blocks[BLOCKS * 2];
    ebb_buffer_store_init(&buffer, arena, sizeof arena);
    struct ebb_heap *heap = ebb_create(&buffer.store, &(struct ebb_policy){.move_price = 10000000});
    size_t count = 0;
    for (uint16_t failures = 0; failures < FAILURES;) {
        void *block = ebb_alloc(heap, SIZE);
        if (block == NULL) {
            failures++;
        } else {
            blocks[count++] = block;
        }
    }
    while (count > 0) {
        ebb_free(heap, blocks[--count]);
    }
    ebb_trim(heap);
    struct ebb_statistics before;
    struct ebb_statistics after;
    ebb_get_statistics(heap, &before);
    for (uint16_t block = 0; block < BLOCKS; block++) {
        CHECK(ebb_alloc(heap, SIZE) != NULL);
    }
    ebb_get_statistics(heap, &after);
    CHECK(after.grows - before.grows < BLOCKS / 4);
}

int main(void) {
    test_lot_is_learnt_under_a_price_that_no_address_could_say();
    test_random_program_keeps_what_it_holds();
    test_idle_memory_goes_back_when_it_has_cost_a_move();
    test_price_that_no_address_could_say_is_kept();
    test_sizes_beyond_what_an_address_can_say_fail();
    machine_say("all tests passed\r\n");
    machine_stop();
}
