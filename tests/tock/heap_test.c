/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A heap on the store, in a process whose kernel and whose other code do all that they may do. */
#include <ebb/heap.h>
#include <ebb/tock_store.h>

#include "boards.h"
#include "support/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct ebb_tock_store store;
static unsigned faults;

static void count_fault(void *context, enum ebb_fault fault, const void *address) {
    (void)context;
    (void)fault;
    (void)address;
    faults++;
}

static struct ebb_heap *boot(const struct fake_board *board, const struct ebb_policy *policy) {
    faults = 0;
    fake_boot(board);
    ebb_tock_store_init(&store);
    /* The store cannot find it out: it is not compiled for that board. */
    if (board->protection_granule != 0) {
        store.store.granule = board->protection_granule;
    }
    struct ebb_heap *heap = ebb_create(&store.store, policy);
    assert_non_null(heap);
    ebb_set_fault_handler(heap, count_fault, NULL);
    fake_forget_counts();
    return heap;
}

static void assert_sound(struct ebb_heap *heap) {
    assert_int_equal(ebb_check(heap).damage, EBB_SOUND);
    assert_int_equal(faults, 0);
    assert_int_equal(fake_trespasses(), 0);
}

/* ---- A run with everything in it ---- */

enum { SLOTS = 48, STEPS = 3000, OTHERS = 16 };

static struct random dice;

static uint32_t roll(uint32_t bound) {
    return random_below(&dice, bound);
}

static struct {
    unsigned char *start;
    size_t size;
} slots[SLOTS], others[OTHERS];

static unsigned other_count;

static void assert_all_bytes(const unsigned char *start, size_t size, unsigned char tag) {
    for (size_t i = 0; i < size; i++) {
        assert_int_equal(start[i], tag);
    }
}

static void free_slot(struct ebb_heap *heap, uint32_t slot) {
    assert_all_bytes(slots[slot].start, slots[slot].size, (unsigned char)slot);
    ebb_free(heap, slots[slot].start);
    slots[slot].start = NULL;
    slots[slot].size = 0;
}

static void fill_slot(struct ebb_heap *heap, uint32_t slot) {
    size_t size = roll(16) == 0 ? roll(4000) : roll(200);
    unsigned char *start = ebb_alloc(heap, size);
    if (start != NULL) {
        memset(start, (int)slot, size);
        slots[slot].start = start;
        slots[slot].size = size;
    }
}

static void resize_slot(struct ebb_heap *heap, uint32_t slot) {
    size_t size = 1 + roll(600);
    size_t kept = size < slots[slot].size ? size : slots[slot].size;
    unsigned char *start = ebb_realloc(heap, slots[slot].start, size);
    if (start != NULL) {
        assert_all_bytes(start, kept, (unsigned char)slot);
        memset(start, (int)slot, size);
        slots[slot].start = start;
        slots[slot].size = size;
    }
}

static void use_slot(struct ebb_heap *heap, uint32_t slot) {
    if (slots[slot].start == NULL) {
        fill_slot(heap, slot);
    } else if (roll(6) == 0) {
        resize_slot(heap, slot);
    } else {
        free_slot(heap, slot);
    }
}

/* Others take memory at the break, or return what they took last, if it is still the last. */
static void others_move_the_break(void) {
    if (other_count != 0) {
        unsigned last = other_count - 1;
        assert_all_bytes(others[last].start, others[last].size, 'o');
        if ((uintptr_t)others[last].start + others[last].size == fake_break()) {
            /* Below a shared buffer they cannot, and keep it. */
            other_count -= fake_other_sbrk(-(intptr_t)others[last].size) ? 1 : 0;
            return;
        }
    }
    size_t size = 1 + roll(90);
    uintptr_t old_break = fake_break();
    unsigned char *start = (unsigned char *)old_break;
    if (other_count < OTHERS && fake_other_sbrk((intptr_t)size)) {
        memset(start, 'o', size);
        others[other_count].start = start;
        others[other_count].size = size;
        other_count++;
    }
}

static void share_slot(uint32_t slot) {
    if (slots[slot].start != NULL) {
        fake_allow((uintptr_t)slots[slot].start, slots[slot].size);
    }
}

static void step(struct ebb_heap *heap, bool hostile) {
    uint32_t slot = roll(SLOTS);
    uint32_t event = roll(200);
    if (event == 0) {
        ebb_trim(heap);
    } else if (hostile && event == 1 && roll(4) == 0) {
        share_slot(slot);
    } else if (hostile && event == 2) {
        fake_grant(1 + roll(60));
    } else if (hostile && event < 5) {
        others_move_the_break();
    } else {
        use_slot(heap, slot);
    }
}

static void run(const struct fake_board *board, uint32_t strategy, bool hostile) {
    const struct ebb_policy policy = {.strategy = strategy};
    struct ebb_heap *heap = boot(board, &policy);
    memset(slots, 0, sizeof slots);
    other_count = 0;
    for (unsigned i = 0; i < STEPS; i++) {
        step(heap, hostile);
        assert_sound(heap);
    }
    for (uint32_t slot = 0; slot < SLOTS; slot++) {
        if (slots[slot].start != NULL) {
            free_slot(heap, slot);
        }
    }
    struct ebb_statistics figures;
    ebb_get_statistics(heap, &figures);
    assert_int_equal(figures.live_bytes, 0);
    assert_sound(heap);
    struct fake_counts counts = fake_counts();
    printf("  %s, strategy %u%s: %u grown, %u shrunk, %u useless, %u refused\n", board->name, (unsigned)strategy,
           hostile ? ", hostile" : "", counts.grown, counts.shrunk, counts.useless, counts.refused);
}

static void payloads_survive_whatever_kernel_and_others_do(void **state) {
    (void)state;
    for (uint32_t seed = 1; seed <= 3; seed++) {
        for (size_t i = 0; i < BOARDS; i++) {
            random_seed(&dice, seed * 7919 + (uint32_t)i);
            run(all_boards[i], EBB_GROW_AND_RETURN, true);
            run(all_boards[i], EBB_GROW_ONLY, true);
        }
    }
}

/* Trap 3. A shrink that the memory protection does not notice makes no room for a grant, and costs as much. */
static void no_shrink_is_in_vain(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        random_seed(&dice, 4711);
        run(all_boards[i], EBB_GROW_AND_RETURN, false);
        assert_int_equal(fake_counts().useless, 0);
    }
}

static unsigned moves_of_pairs(const struct fake_board *board, const struct ebb_policy *policy) {
    struct ebb_heap *heap = boot(board, policy);
    for (unsigned pair = 0; pair < 1000; pair++) {
        void *block = ebb_alloc(heap, 700);
        assert_non_null(block);
        ebb_free(heap, block);
    }
    assert_sound(heap);
    return fake_counts().grown + fake_counts().shrunk;
}

/* Trap 3 once more: what is freed at the end of the region and wanted again does not go to the kernel in between. */
static void pairs_at_the_end_move_the_break_once(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        const struct ebb_policy steps = {.quantum = 256, .return_above = 1024};
        assert_int_equal(moves_of_pairs(all_boards[i], &steps), 1);
        assert_int_equal(moves_of_pairs(all_boards[i], NULL), 1);
    }
}

/* Trap 1: a driver that once shared a buffer must not make every free expensive. */
static void a_pinned_heap_does_not_ask_at_every_free(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        struct ebb_heap *heap = boot(all_boards[i], NULL);
        void *large = ebb_alloc(heap, 5000);
        fake_allow((uintptr_t)large + 4900, 100);
        ebb_free(heap, large);
        for (unsigned pair = 0; pair < 1000; pair++) {
            ebb_free(heap, ebb_alloc(heap, 40));
        }
        /* Growth, the search for the pin, and then each time after twice as long. */
        assert_true(fake_calls() <= 20);
        struct ebb_statistics figures;
        ebb_get_statistics(heap, &figures);
        assert_int_equal(figures.failed_requests, 0);
        assert_sound(heap);
    }
}

/* ---- Trap 4 ---- */

static void assert_calloc_clears(struct ebb_heap *heap) {
    for (unsigned round = 0; round < 3; round++) {
        unsigned char *block = ebb_calloc(heap, 1000, 3);
        assert_non_null(block);
        assert_all_bytes(block, 3000, 0);
        memset(block, 0xee, 3000);
        ebb_free(heap, block);
        ebb_trim(heap);
    }
}

static void calloc_clears_whatever_the_kernel_left(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        assert_calloc_clears(boot(all_boards[i], NULL));
    }
}

static void calloc_clears_where_the_kernel_is_trusted(void **state) {
    (void)state;
    fake_boot(&riscv);
    ebb_tock_store_init(&store);
    store.store.granule = riscv.protection_granule;
    store.store.fresh_is_zero = true;
    struct ebb_heap *heap = ebb_create(&store.store, NULL);
    assert_non_null(heap);
    assert_calloc_clears(heap);
}

/* ---- What it is all for ---- */

/* Allocate nearly all, free it, then use a driver for the first time. */
static bool grant_fits_afterwards(const struct fake_board *board, uint32_t strategy) {
    const struct ebb_policy policy = {.strategy = strategy};
    struct ebb_heap *heap = boot(board, &policy);
    void *blocks[256];
    size_t count = 0;
    do {
        blocks[count] = ebb_alloc(heap, 400);
    } while (blocks[count] != NULL && ++count < 256);
    assert_false(fake_grant(4096));
    while (count > 0) {
        ebb_free(heap, blocks[--count]);
    }
    ebb_trim(heap);
    assert_sound(heap);
    return fake_grant(4096);
}

static void a_grant_fits_once_memory_was_given_back(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        assert_true(grant_fits_afterwards(all_boards[i], EBB_GROW_AND_RETURN));
        assert_false(grant_fits_afterwards(all_boards[i], EBB_FIXED));
    }
}

static void a_fixed_heap_takes_all_and_never_moves_again(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        const struct ebb_policy policy = {.strategy = EBB_FIXED};
        struct ebb_heap *heap = boot(all_boards[i], &policy);
        assert_true(fake_grants() - fake_break() < fake_protection_granule());
        random_seed(&dice, 99);
        memset(slots, 0, sizeof slots);
        for (unsigned j = 0; j < 500; j++) {
            use_slot(heap, roll(SLOTS));
            assert_sound(heap);
        }
        assert_int_equal(ebb_trim(heap), 0);
        assert_int_equal(fake_counts().calls[0], 0);
        assert_int_equal(fake_counts().grown + fake_counts().shrunk, 0);
    }
}

static void a_fixed_heap_with_a_maximum_takes_that_or_nothing(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        const struct ebb_policy policy = {.strategy = EBB_FIXED, .maximum = 4000};
        boot(all_boards[i], &policy);
        /* And what comes before the first address that a heap can begin at. */
        assert_in_range(fake_break() - fake_ram_start() - all_boards[i]->first_break, 4000, 4000 + 7);
        const struct ebb_policy greedy = {.strategy = EBB_FIXED, .maximum = 70000};
        fake_boot(all_boards[i]);
        uintptr_t first_break = fake_break();
        ebb_tock_store_init(&store);
        assert_null(ebb_create(&store.store, &greedy));
        assert_int_equal(fake_break(), first_break);
    }
}

/* Each takes the other for somebody else, and the one whose end is not the break gives nothing back. */
static void two_heaps_share_a_break(void **state) {
    (void)state;
    static struct ebb_tock_store other_store;
    for (size_t i = 0; i < BOARDS; i++) {
        struct ebb_heap *heap = boot(all_boards[i], NULL);
        other_store = store;
        other_store.store.context = &other_store;
        other_store.end = 0;
        struct ebb_heap *other = ebb_create(&other_store.store, NULL);
        assert_non_null(other);
        assert_int_equal(ebb_trim(heap), 0);
        memset(slots, 0, sizeof slots);
        random_seed(&dice, 31337);
        for (unsigned j = 0; j < 1000; j++) {
            uint32_t slot = roll(SLOTS);
            use_slot(slot % 2 == 0 ? heap : other, slot);
            assert_sound(heap);
            assert_sound(other);
        }
    }
}

/* A heap that ends leaves the break where it found it, but for what comes before the address that it began at. */
static void a_heap_that_ends_gives_all_back(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        struct ebb_heap *heap = boot(all_boards[i], NULL);
        ebb_alloc(heap, 2000);
        ebb_destroy(heap);
        assert_in_range(fake_break() - fake_ram_start() - all_boards[i]->first_break, 0, 7);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payloads_survive_whatever_kernel_and_others_do),
        cmocka_unit_test(no_shrink_is_in_vain),
        cmocka_unit_test(pairs_at_the_end_move_the_break_once),
        cmocka_unit_test(a_pinned_heap_does_not_ask_at_every_free),
        cmocka_unit_test(calloc_clears_whatever_the_kernel_left),
        cmocka_unit_test(calloc_clears_where_the_kernel_is_trusted),
        cmocka_unit_test(a_grant_fits_once_memory_was_given_back),
        cmocka_unit_test(a_fixed_heap_takes_all_and_never_moves_again),
        cmocka_unit_test(a_fixed_heap_with_a_maximum_takes_that_or_nothing),
        cmocka_unit_test(two_heaps_share_a_break),
        cmocka_unit_test(a_heap_that_ends_gives_all_back),
    };
    return cmocka_run_group_tests_name("tock heap", tests, NULL, NULL);
}
