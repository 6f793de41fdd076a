/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The store alone, against every trap of Tock's break. No heap is involved: the requests are made here. */
#include <ebb/heap.h>
#include <ebb/tock_store.h>

#include "boards.h"
#include "memop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What a heap asks for that is to have all there is, in the geometry that apps have. */
enum { EVERYTHING = 16383 * 8 };

static size_t largest_region = EVERYTHING;

/* The store asks the core only for this. */
struct ebb_geometry ebb_get_geometry(void) {
    return (struct ebb_geometry){.granule = 8, .largest_region = largest_region};
}

static struct ebb_tock_store self;

static struct ebb_span grow(size_t size) {
    return self.store.grow(self.store.context, size);
}

static size_t shrink(size_t size) {
    return self.store.shrink(self.store.context, size);
}

static void boot(const struct fake_board *board) {
    fake_boot(board);
    ebb_tock_store_init(&self);
    /* The store cannot find it out: it is not compiled for that board. */
    if (board->protection_granule != 0) {
        self.store.granule = board->protection_granule;
    }
    fake_forget_counts();
}

static int no_trespass(void **state) {
    (void)state;
    return fake_trespasses() == 0 ? 0 : -1;
}

/* ---- Growing ---- */

static void growing_is_one_call_and_starts_at_the_break(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        boot(all_boards[i]);
        uintptr_t first_break = fake_break();
        struct ebb_span grown = grow(100);
        assert_int_equal((uintptr_t)grown.start, first_break);
        assert_int_equal(grown.size, 100);
        assert_int_equal(fake_break(), first_break + 100);
        assert_int_equal((uintptr_t)grow(7).start, first_break + 100);
        assert_int_equal(fake_counts().calls[EBB_TOCK_SBRK], 2);
        assert_int_equal(fake_counts().calls[EBB_TOCK_BRK], 0);
    }
}

/* What is less than needed would only be kept from the grants. */
static void a_request_that_does_not_fit_takes_nothing(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        boot(all_boards[i]);
        uintptr_t first_break = fake_break();
        assert_int_equal(grow(fake_grants() - first_break + 1).size, 0);
        assert_int_equal(grow(EVERYTHING - 8).size, 0);
        assert_int_equal(fake_break(), first_break);
        assert_int_equal(fake_counts().calls[EBB_TOCK_SBRK], 2);
        assert_int_equal(grow(64).size, 64);
    }
}

static uintptr_t highest_accepted(void) {
    uintptr_t address = fake_grants();
    while (!fake_accepts(address)) {
        address--;
    }
    return address;
}

static void asking_for_everything_gives_all_up_to_the_grants(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        boot(all_boards[i]);
        uintptr_t first_break = fake_break();
        struct ebb_span grown = grow(EVERYTHING);
        assert_int_equal((uintptr_t)grown.start, first_break);
        assert_int_equal(fake_break(), highest_accepted());
        assert_int_equal(grown.size, highest_accepted() - first_break);
        fake_forget_counts();
        assert_int_equal(grow(EVERYTHING).size, 0);
        assert_int_equal(fake_break(), highest_accepted());
        /* The break is not set to where it is. */
        assert_int_equal(fake_counts().calls[EBB_TOCK_BRK], fake_counts().refused);
    }
}

/* A kernel of release 2.1 rounds to an eighth of the block, not to a sixteenth. */
static void asking_for_everything_finds_the_limit_of_an_unknown_protection(void **state) {
    (void)state;
    for (size_t granule = 4; granule <= 4096; granule *= 2) {
        struct fake_board board = v7m_old_kernel;
        board.protection_granule = 8192;
        board.kernel_owned = 2 * 8192 + 3096; /* neither half a granule nor two would do as well */
        boot(&board);
        self.store.granule = granule;
        assert_int_equal(grow(EVERYTHING).size, highest_accepted() - fake_ram_start() - board.first_break);
        assert_int_equal(fake_break(), highest_accepted());
        /* From 4 bytes to 8192, by doubling. */
        assert_int_equal(fake_counts().refused, 11);
    }
}

/* A block of ARMv8-M that has the size of one of ARMv7-M's is protected more finely than it is taken for. */
static void asking_for_everything_gives_all_where_protection_is_finer_than_known(void **state) {
    (void)state;
    boot(&v8m);
    self.store.granule = 1024;
    assert_int_equal(grow(EVERYTHING).size, highest_accepted() - fake_ram_start() - v8m.first_break);
    assert_int_equal(fake_break(), fake_grants() / v8m.protection_granule * v8m.protection_granule);
}

/* Trap 2. A driver is used for the first time after the store came to be, and another one after that. */
static void no_limit_is_remembered(void **state) {
    (void)state;
    boot(&riscv);
    assert_int_equal(grow(16).size, 16);
    assert_true(fake_grant(3000));
    grow(EVERYTHING);
    assert_int_equal(fake_break(), fake_grants());
    assert_int_equal(shrink(5000), 5000);
    assert_true(fake_grant(2000));
    grow(EVERYTHING);
    assert_int_equal(fake_break(), fake_grants());
}

/* And the other way round: what was refused once is asked for again. */
static void no_refusal_to_grow_is_remembered(void **state) {
    (void)state;
    boot(&riscv);
    assert_true(fake_other_sbrk(8000));
    assert_int_equal(grow(4000).size, 0);
    assert_true(fake_other_sbrk(-8000));
    assert_int_equal(grow(4000).size, 4000);
}

/* Trap 7, and the wrapping of sbrk: an increment of half the address space and more would be a step down. */
static void expect_no_size_to_lower_the_break(void) {
    boot(&v7m);
    uintptr_t first_break = fake_break();
    static const size_t sizes[] = {(size_t)INTPTR_MAX + 1, SIZE_MAX / 4 * 3, (size_t)0 - 1000, SIZE_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct ebb_span grown = grow(sizes[i]);
        assert_true(fake_break() >= first_break);
        assert_int_equal(fake_break() - first_break, grown.size);
        first_break = fake_break();
    }
}

static void no_size_lowers_the_break(void **state) {
    (void)state;
    expect_no_size_to_lower_the_break();
    /* With wider numbers, a core asks for more than all memory without asking for all. */
    largest_region = SIZE_MAX;
    expect_no_size_to_lower_the_break();
    largest_region = EVERYTHING;
}

/* ---- Shrinking ---- */

static void shrinking_gives_back_exactly_what_is_offered(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        boot(all_boards[i]);
        uintptr_t first_break = fake_break();
        grow(5000);
        fake_forget_counts();
        assert_int_equal(shrink(3000), 3000);
        assert_int_equal(fake_break(), first_break + 2000);
        assert_int_equal(fake_counts().calls[EBB_TOCK_SBRK], 1);
        assert_int_equal(fake_counts().calls[EBB_TOCK_BRK], 1);
        assert_int_equal(shrink(2000), 2000);
        assert_int_equal(fake_break(), first_break);
        assert_int_equal(shrink(1), 0);
        assert_int_equal(fake_break(), first_break);
    }
}

/* The kernel would take the app's static data as well. */
static void shrinking_ends_at_the_start_of_the_region(void **state) {
    (void)state;
    boot(&riscv);
    uintptr_t first_break = fake_break();
    grow(4000);
    assert_int_equal(shrink(4001), 4000);
    assert_int_equal(fake_break(), first_break);
    grow(4000);
    assert_int_equal(shrink(4000 + 2000), 4000);
    assert_int_equal(fake_break(), first_break);
    grow(4000);
    assert_int_equal(shrink(SIZE_MAX), 0);
    assert_int_equal(fake_break(), first_break + 4000);
}

/* ---- Trap 1: pinning ---- */

static void above_a_pin_most_is_given_back(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        for (size_t below = 300; below < 8000; below += 100) {
            boot(all_boards[i]);
            uintptr_t first_break = fake_break();
            grow(8000);
            uintptr_t pin = first_break + below;
            fake_allow(pin - 100, 100);
            size_t given = shrink(7800);
            assert_int_equal(first_break + 8000 - fake_break(), given);
            assert_true(fake_break() >= pin);
            /* Halved four times, and each time rounded up. */
            assert_true(fake_break() - pin <= 7800 / 16 + 2 * self.store.granule);
        }
    }
}

static void what_a_pin_refused_is_not_asked_for_again(void **state) {
    (void)state;
    boot(&riscv);
    grow(8000);
    fake_allow(fake_break() - 16, 16);
    unsigned rounds = 0;
    do {
        fake_forget_counts();
        assert_int_equal(shrink(4000), 0);
        assert_true(fake_counts().calls[EBB_TOCK_BRK] <= 5);
        rounds++;
    } while (fake_counts().calls[EBB_TOCK_BRK] != 0 && rounds < 100);
    assert_int_equal(rounds, 4);
    fake_forget_counts();
    assert_int_equal(shrink(8000), 0);
    assert_int_equal(fake_counts().calls[EBB_TOCK_BRK] + fake_counts().calls[EBB_TOCK_SBRK], 0);
}

static void between_a_pin_and_the_break_no_address_is_tried_twice(void **state) {
    (void)state;
    boot(&riscv);
    grow(8000);
    fake_allow(fake_break() - 16, 16);
    fake_forget_counts();
    assert_int_equal(shrink(8), 0);
    assert_int_equal(fake_counts().calls[EBB_TOCK_BRK], 2);
}

static void above_a_known_pin_shrinking_costs_as_always(void **state) {
    (void)state;
    boot(&v7m);
    grow(4000);
    fake_allow(fake_break() - 16, 16);
    while (shrink(4000) != 0 || fake_counts().calls[EBB_TOCK_BRK] != 0) {
        fake_forget_counts();
    }
    uintptr_t pinned_break = fake_break();
    assert_int_equal(grow(3000).size, 3000);
    fake_forget_counts();
    size_t given = shrink(7000);
    assert_true(given > 3000 - self.store.granule);
    assert_true(fake_break() >= pinned_break);
    assert_int_equal(fake_counts().calls[EBB_TOCK_BRK], 1);
    assert_int_equal(fake_counts().refused, 0);
}

static void looking_for_a_pin_never_raises_the_break(void **state) {
    (void)state;
    boot(&riscv);
    grow(8000);
    fake_allow(fake_break() - 5000, 16);
    fake_forget_counts();
    assert_true(shrink(8000) != 0);
    assert_int_equal(fake_counts().grown, 0);
}

static void a_pin_does_not_hinder_growing(void **state) {
    (void)state;
    boot(&riscv);
    grow(1000);
    fake_allow(fake_break() - 16, 16);
    shrink(500);
    assert_int_equal(grow(2000).size, 2000);
}

/* ---- A reserve for grants ---- */

static bool reserve(size_t bytes) {
    return ebb_tock_store_reserve(&self, bytes);
}

/* Takes as much as there is, a little at a time. */
static size_t grow_as_far_as_possible(void) {
    size_t sum = 0;
    for (size_t size = 1024; size != 0; size /= 2) {
        while (grow(size).size != 0) {
            sum += size;
        }
    }
    return sum;
}

/* Both are multiples of what grants are aligned to, and of no more. */
static const size_t reserves[] = {1000, 1008};

static void a_reserve_is_left_to_grants(void **state) {
    (void)state;
    for (size_t i = 0; i < 2 * BOARDS; i++) {
        size_t bytes = reserves[i % 2];
        boot(all_boards[i / 2]);
        assert_true(reserve(bytes));
        uintptr_t grants = fake_grants();
        assert_true(grow_as_far_as_possible() != 0);
        assert_int_equal(fake_grants(), grants);
        /* As far as can be: a granule more would be in the way. */
        assert_int_equal(fake_break(), (grants - bytes) / self.store.granule * self.store.granule);
        assert_true(fake_grant(bytes));
    }
}

static void without_a_reserve_the_heap_can_have_all(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        boot(all_boards[i]);
        grow_as_far_as_possible();
        assert_int_equal(fake_break(), highest_accepted());
    }
}

/* So that it is used up when all drivers have come. */
static void grants_that_come_take_from_the_reserve(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        boot(all_boards[i]);
        assert_true(reserve(1000));
        assert_true(fake_grant(600));
        assert_true(fake_grant(200));
        grow_as_far_as_possible();
        assert_true(fake_grant(200));
        /* Where protection rounds, what lies between granules is left as well. */
        assert_in_range(highest_accepted() - fake_break(), 0, self.store.granule - 1);
    }
}

static void a_request_for_everything_leaves_the_reserve(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        boot(all_boards[i]);
        assert_true(reserve(1000));
        assert_true(grow(EVERYTHING).size != 0);
        assert_true(fake_grant(1000));
    }
}

static void a_reserve_is_two_calls_and_so_is_a_growth_into_it(void **state) {
    (void)state;
    boot(&riscv);
    assert_true(reserve(1000));
    assert_int_equal(fake_calls(), 2);
    size_t all = fake_grants() - fake_break();
    fake_forget_counts();
    assert_int_equal(grow(all - 900).size, 0);
    assert_int_equal(fake_calls(), 2);
}

static void a_reserve_that_is_ended_is_free_again(void **state) {
    (void)state;
    boot(&riscv);
    assert_true(reserve(1000));
    grow_as_far_as_possible();
    assert_int_equal(grow(16).size, 0);
    assert_true(reserve(0));
    assert_int_equal(grow(16).size, 16);
}

static void a_reserve_replaces_the_one_before(void **state) {
    (void)state;
    boot(&riscv);
    assert_true(reserve(1000));
    assert_true(reserve(500));
    grow_as_far_as_possible();
    assert_true(fake_grant(500));
    assert_false(fake_grant(8));
}

/* What is already in use stays; the region does not grow until that much is free. */
static void a_reserve_that_is_not_free_is_told(void **state) {
    (void)state;
    boot(&riscv);
    grow_as_far_as_possible();
    uintptr_t old_break = fake_break();
    assert_false(reserve(1000));
    assert_int_equal(fake_break(), old_break);
    assert_int_equal(shrink(996), 996);
    assert_int_equal(grow(4).size, 0);
    assert_int_equal(shrink(100), 100);
    assert_true(reserve(1000));
    assert_int_equal(grow_as_far_as_possible(), 96);
    assert_true(reserve(1000));
}

static void a_reserve_beyond_all_memory_forbids_to_grow(void **state) {
    (void)state;
    boot(&riscv);
    assert_false(reserve(SIZE_MAX));
    assert_int_equal(grow(4).size, 0);
    assert_int_equal(grow(EVERYTHING).size, 0);
    assert_false(reserve(riscv.block + 1));
    assert_int_equal(grow(4).size, 0);
}

/* The memory of others counts, as what is above the heap's end is where the grants would go. */
static void others_may_be_in_the_way_of_a_reserve(void **state) {
    (void)state;
    boot(&riscv);
    grow(1000);
    assert_true(reserve(1000));
    assert_true(fake_other_sbrk((intptr_t)(fake_grants() - fake_break() - 1200)));
    assert_int_equal(grow(300).size, 0);
    assert_int_equal(grow(200).size, 200);
    assert_true(fake_grant(1000));
}

static void a_kernel_that_does_not_say_where_grants_begin_gets_no_reserve(void **state) {
    (void)state;
    boot(&riscv);
    fake_answer_with(EBB_TOCK_GRANTS_START, 135);
    assert_false(reserve(1000));
    assert_int_equal(grow(16).size, 16);
}

/* ---- Trap 4: fresh memory ---- */

static void fresh_memory_is_not_trusted_to_be_zero(void **state) {
    (void)state;
    boot(&v7m_old_kernel);
    assert_false(self.store.fresh_is_zero);
    struct ebb_span grown = grow(64);
    assert_int_equal(*(unsigned char *)grown.start, FAKE_DIRT);
}

/* ---- Trap 5: others ---- */

static void memory_of_others_is_skipped(void **state) {
    (void)state;
    boot(&riscv);
    struct ebb_span first = grow(1000);
    assert_true(fake_other_sbrk(300));
    struct ebb_span second = grow(1000);
    assert_int_equal((uintptr_t)second.start, (uintptr_t)first.start + 1300);
    assert_int_equal(second.size, 1000);
    assert_int_equal(shrink(1000), 1000);
    assert_int_equal(fake_break(), (uintptr_t)second.start);
}

static void memory_of_others_is_never_given_back(void **state) {
    (void)state;
    boot(&riscv);
    struct ebb_span ours = grow(4000);
    unsigned char *theirs = (unsigned char *)ours.start + 4000;
    assert_true(fake_other_sbrk(300));
    memset(theirs, 'x', 300);
    uintptr_t their_break = fake_break();
    fake_forget_counts();
    assert_int_equal(shrink(2000), 0);
    assert_int_equal(fake_break(), their_break);
    assert_int_equal(fake_counts().shrunk, 0);
    for (size_t i = 0; i < 300; i++) {
        assert_int_equal(theirs[i], 'x');
    }
    assert_true(fake_other_sbrk(-300));
    assert_int_equal(shrink(2000), 2000);
}

/* The heap is told by a start below its end, and what is left is not taken for the region's end. */
static void a_break_lowered_into_the_region_is_reported(void **state) {
    (void)state;
    boot(&riscv);
    struct ebb_span ours = grow(4000);
    uintptr_t end = (uintptr_t)ours.start + 4000;
    assert_true(fake_other_sbrk(-1000));
    assert_int_equal(shrink(500), 0);
    struct ebb_span grown = grow(500);
    assert_int_equal((uintptr_t)grown.start, end - 1000);
    assert_int_equal(shrink(500), 0);
    assert_int_equal(fake_break(), end - 500);
}

/* ---- Answers ---- */

static void answers_that_nobody_knows_are_refusals(void **state) {
    (void)state;
    boot(&riscv);
    grow(1000);
    fake_answer_with(EBB_TOCK_SBRK, 135);
    assert_int_equal(grow(EVERYTHING).size, 0);
    assert_int_equal(shrink(100), 0);
    assert_int_equal(fake_counts().calls[EBB_TOCK_BRK], 0);
    assert_int_equal(grow(100).size, 0);
    boot(&riscv);
    fake_answer_with(EBB_TOCK_GRANTS_START, 135);
    assert_int_equal(grow(EVERYTHING).size, 0);
    assert_int_equal(fake_counts().calls[EBB_TOCK_BRK], 0);
    boot(&riscv);
    grow(1000);
    fake_answer_with(EBB_TOCK_BRK, 255);
    assert_int_equal(shrink(100), 0);
}

static void init_needs_two_calls_and_finds_the_granule(void **state) {
    (void)state;
    fake_boot(&v7m);
    ebb_tock_store_init(&self);
    assert_int_equal(self.store.granule, 1024);
    assert_ptr_equal(self.store.context, &self);
    assert_int_equal(fake_counts().calls[EBB_TOCK_RAM_START] + fake_counts().calls[EBB_TOCK_RAM_END], 2);
    assert_int_equal(fake_counts().calls[EBB_TOCK_BRK] + fake_counts().calls[EBB_TOCK_SBRK], 0);
    fake_boot(&v8m);
    ebb_tock_store_init(&self);
    assert_int_equal(self.store.granule, 32);
}

#define TEST(function) cmocka_unit_test_teardown(function, no_trespass)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(growing_is_one_call_and_starts_at_the_break),
        TEST(a_request_that_does_not_fit_takes_nothing),
        TEST(asking_for_everything_gives_all_up_to_the_grants),
        TEST(asking_for_everything_finds_the_limit_of_an_unknown_protection),
        TEST(asking_for_everything_gives_all_where_protection_is_finer_than_known),
        TEST(no_limit_is_remembered),
        TEST(no_refusal_to_grow_is_remembered),
        TEST(no_size_lowers_the_break),
        TEST(shrinking_gives_back_exactly_what_is_offered),
        TEST(shrinking_ends_at_the_start_of_the_region),
        TEST(above_a_pin_most_is_given_back),
        TEST(what_a_pin_refused_is_not_asked_for_again),
        TEST(between_a_pin_and_the_break_no_address_is_tried_twice),
        TEST(above_a_known_pin_shrinking_costs_as_always),
        TEST(looking_for_a_pin_never_raises_the_break),
        TEST(a_pin_does_not_hinder_growing),
        TEST(a_reserve_is_left_to_grants),
        TEST(without_a_reserve_the_heap_can_have_all),
        TEST(grants_that_come_take_from_the_reserve),
        TEST(a_request_for_everything_leaves_the_reserve),
        TEST(a_reserve_is_two_calls_and_so_is_a_growth_into_it),
        TEST(a_reserve_that_is_ended_is_free_again),
        TEST(a_reserve_replaces_the_one_before),
        TEST(a_reserve_that_is_not_free_is_told),
        TEST(a_reserve_beyond_all_memory_forbids_to_grow),
        TEST(others_may_be_in_the_way_of_a_reserve),
        TEST(a_kernel_that_does_not_say_where_grants_begin_gets_no_reserve),
        TEST(fresh_memory_is_not_trusted_to_be_zero),
        TEST(memory_of_others_is_skipped),
        TEST(memory_of_others_is_never_given_back),
        TEST(a_break_lowered_into_the_region_is_reported),
        TEST(answers_that_nobody_knows_are_refusals),
        TEST(init_needs_two_calls_and_finds_the_granule),
    };
    return cmocka_run_group_tests_name("tock store", tests, NULL, NULL);
}
