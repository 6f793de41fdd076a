/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The heap of an app, in a process of the fake kernel: how it starts, its policy, and what it leaves to grants. */
#include <ebb/tock.h>
#include <ebb/tock_store.h>

#include "app_heap.h"
#include "boards.h"
#include "memop.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app.h"

/* ---- The start ---- */

static void nothing_starts_before_the_first_allocation(void **state) {
    (void)state;
    boot(&riscv);
    int somewhere;
    struct ebb_statistics figures;
    struct ebb_statistics nothing = {0};
    free(NULL);
    free(&somewhere);
    _free_r(&thread, &somewhere);
    assert_int_equal(malloc_usable_size(&somewhere), 0);
    assert_int_equal(malloc_trim(0), 0);
    assert_int_equal(ebb_tock_trim(), 0);
    ebb_tock_get_statistics(&figures);
    assert_memory_equal(&figures, &nothing, sizeof figures);
    assert_int_equal(fake_calls(), 0);
    assert_null(ebb_tock_app_heap);
}

static void the_heap_begins_right_above_the_store_at_the_break(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        boot(all_boards[i]);
        uintptr_t first_break = fake_break();
        unsigned char *block = malloc(10);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % 8, 0);
        uintptr_t record = (first_break + 7) / 8 * 8;
        assert_int_equal((uintptr_t)((struct ebb_tock_store *)record)->store.context, record);
        assert_int_equal((uintptr_t)ebb_tock_app_heap, record + sizeof(struct ebb_tock_store));
        assert_ptr_equal(ebb_tock_heap(), ebb_tock_app_heap);
        memset(block, 'x', 10);
        assert_int_equal(fake_trespasses(), 0);
        assert_no_error();
    }
}

/* Others take all memory but the last bytes below the grants. Returns how much that was. */
static intptr_t take_all_but(size_t room) {
    uintptr_t first_break = fake_break();
    uintptr_t target = fake_grants() - room;
    while (!fake_accepts(target)) {
        target--;
    }
    assert_true(fake_other_sbrk((intptr_t)(target - first_break)));
    return (intptr_t)(target - first_break);
}

/* However little room there is, an allocation succeeds or leaves the break where it was. */
static void a_start_that_fails_leaves_nothing_and_is_tried_again(void **state) {
    (void)state;
    unsigned failures = 0;
    for (size_t room = 0; room < 400; room++) {
        boot(&riscv);
        intptr_t taken = take_all_but(room);
        uintptr_t first_break = fake_break();
        if (malloc(10) == NULL) {
            assert_error(ENOMEM);
            assert_null(_malloc_r(&thread, 10));
            assert_error(ENOMEM);
            if (ebb_tock_app_heap == NULL) {
                assert_in_range(fake_break() - first_break, 0, 7);
                assert_true(fake_other_sbrk(-taken));
                assert_non_null(malloc(10));
                assert_no_error();
            }
            failures++;
        }
        assert_int_equal(fake_trespasses(), 0);
    }
    /* Where there is too little for the record, the least region, and the block. */
    struct ebb_geometry geometry = ebb_get_geometry();
    size_t needed = sizeof(struct ebb_tock_store) + geometry.control_block + geometry.header + 2 * geometry.granule;
    assert_in_range(failures, needed, needed + geometry.granule - 1);
}

static void a_start_without_any_room_is_tried_again(void **state) {
    (void)state;
    boot(&riscv);
    intptr_t all = take_all_but(8);
    assert_null(malloc(1));
    assert_error(ENOMEM);
    assert_null(ebb_tock_heap());
    assert_false(ebb_tock_set_policy(NULL));
    assert_true(fake_other_sbrk(-all));
    assert_non_null(malloc(1));
    assert_no_error();
}

static void the_figures_are_the_heaps(void **state) {
    (void)state;
    struct ebb_statistics figures;
    struct ebb_statistics expected;
    boot(&riscv);
    free(malloc(3000));
    assert_null(malloc(100000));
    assert_error(ENOMEM);
    ebb_tock_get_statistics(&figures);
    ebb_get_statistics(ebb_tock_heap(), &expected);
    assert_memory_equal(&figures, &expected, sizeof figures);
    assert_int_equal(figures.largest_request, 100000);
    assert_int_equal(figures.failed_requests, 1);
}

/* ---- Policy ---- */

static void a_start_by_hand_comes_before_any_other(void **state) {
    (void)state;
    const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .maximum = 4096};
    struct ebb_policy found;
    boot(&riscv);
    assert_true(ebb_tock_start(&policy, true));
    assert_false(ebb_tock_start(&policy, true));
    ebb_get_policy(ebb_tock_heap(), &found);
    assert_int_equal(found.strategy, EBB_GROW_ONLY);
    assert_null(malloc(5000));
    assert_error(ENOMEM);
    assert_non_null(malloc(2000));
}

/* A lie is believed, and shows that it was. */
static void the_kernel_is_trusted_to_clear_memory_if_the_app_says_so(void **state) {
    (void)state;
    boot(&v7m_old_kernel);
    assert_true(ebb_tock_start(NULL, false));
    assert_int_equal(*(unsigned char *)calloc(1, 64), 0);
    boot(&v7m_old_kernel);
    assert_true(ebb_tock_start(NULL, true));
    assert_int_equal(*(unsigned char *)calloc(1, 64), FAKE_DIRT);
}

/* The record of the store is placed, what the board is is asked, the heap's first growth; or it all goes back. */
static void a_start_costs_five_system_calls_beside_the_growth(void **state) {
    (void)state;
    boot(&riscv);
    assert_true(ebb_tock_start(NULL, false));
    assert_int_equal(fake_calls(), 4 + 1);
    boot(&riscv);
    assert_non_null(ebb_tock_heap());
    assert_int_equal(fake_calls(), 4 + 1);
    boot(&riscv);
    take_all_but(sizeof(struct ebb_tock_store) + 64);
    assert_false(ebb_tock_start(NULL, false));
    assert_int_equal(fake_calls(), 5 + 1);
}

static void a_start_under_a_malformed_policy_fails(void **state) {
    (void)state;
    const struct ebb_policy malformed = {.strategy = 17};
    boot(&riscv);
    assert_false(ebb_tock_start(&malformed, false));
    assert_null(ebb_tock_app_heap);
    assert_true(ebb_tock_start(NULL, false));
}

static void the_policy_can_be_set_before_and_after_the_first_use(void **state) {
    (void)state;
    const struct ebb_policy small = {.maximum = 2048};
    boot(&v7m);
    assert_true(ebb_tock_set_policy(&small));
    assert_null(malloc(3000));
    assert_error(ENOMEM);
    assert_true(ebb_tock_set_policy(NULL));
    assert_non_null(malloc(3000));
    assert_false(ebb_tock_set_policy(&small));
}

/* ---- The secret of the seals ---- */

/* What lies right before the first block of an app that started anew, at the same addresses: its header, with seal. */
static uint32_t first_header(const uint64_t *secret) {
    boot(&v7m);
    if (secret != NULL) {
        assert_true(ebb_tock_set_secret(*secret));
    }
    unsigned char *block = malloc(20);
    assert_non_null(block);
    uint32_t header;
    assert_true(ebb_get_geometry().header <= sizeof header);
    memcpy(&header, block - sizeof header, sizeof header);
    free(block);
    assert_int_equal(ebb_check(ebb_tock_heap()).damage, EBB_SOUND);
    return header;
}

static void seals_depend_on_the_secret_given(void **state) {
    (void)state;
    const uint64_t secret = 0x0123456789abcdef;
    const uint64_t other = secret + 1;
    assert_int_equal(first_header(NULL), first_header(NULL));
    if (ebb_get_geometry().hardening == 2) {
        assert_int_not_equal(first_header(&secret), first_header(NULL));
        assert_int_not_equal(first_header(&secret), first_header(&other));
        assert_int_equal(first_header(&secret), first_header(&secret));
    } else {
        assert_int_equal(first_header(&secret) >> 16, first_header(NULL) >> 16);
    }
}

static void the_secret_may_come_while_blocks_are_in_use(void **state) {
    (void)state;
    boot(&riscv);
    char *blocks[8];
    for (size_t i = 0; i < 8; i++) {
        blocks[i] = malloc(30 + 10 * i);
        assert_non_null(blocks[i]);
    }
    free(blocks[3]);
    assert_true(ebb_tock_set_secret(77));
    for (size_t i = 0; i < 8; i++) {
        if (i != 3) {
            free(blocks[i]);
        }
    }
    assert_int_equal(ebb_check(ebb_tock_heap()).damage, EBB_SOUND);
    assert_int_equal(live_bytes(), 0);
}

/* Where there are seals, or a forged header would become a true one. */
static void no_secret_is_taken_while_a_header_is_damaged(void **state) {
    (void)state;
    boot(&riscv);
    unsigned char *block = malloc(40);
    assert_non_null(block);
    block[-(ptrdiff_t)ebb_get_geometry().header] ^= 1;
    assert_int_equal(ebb_tock_set_secret(1), ebb_get_geometry().hardening < 2);
}

static void a_secret_needs_a_heap(void **state) {
    (void)state;
    boot(&riscv);
    take_all_but(8);
    assert_false(ebb_tock_set_secret(1));
    assert_null(ebb_tock_app_heap);
}

/* ---- Room for grants, and all of it ---- */

static size_t room_for_grants(void) {
    size_t room = 0;
    while (fake_grant(8)) {
        room += 8;
    }
    return room;
}

static void allocate_all(void) {
    for (size_t size = 512; size != 0; size /= 2) {
        while (malloc(size) != NULL) {
        }
    }
}

/* Grants are aligned to 8, and what is left of the heap may be too little for a block. */
enum { LOST = 8 + 8 };

static void a_reserve_is_free_when_all_else_is_in_use(void **state) {
    (void)state;
    boot(&riscv);
    assert_true(ebb_tock_reserve(1500));
    allocate_all();
    assert_error(ENOMEM);
    assert_in_range(room_for_grants(), 1500, 1500 + LOST - 1);
    boot(&riscv);
    assert_true(ebb_tock_reserve(1500));
    assert_true(ebb_tock_reserve(0));
    allocate_all();
    assert_in_range(room_for_grants(), 0, LOST - 1);
}

static void a_reserve_takes_back_what_is_idle(void **state) {
    (void)state;
    const struct ebb_policy keep = {.strategy = EBB_GROW_ONLY};
    boot(&riscv);
    assert_true(ebb_tock_start(&keep, false));
    size_t most = fake_grants() - fake_break() - 300;
    free(malloc(most));
    assert_true(ebb_tock_reserve(most / 2));
    void *block = malloc(most / 3);
    assert_non_null(block);
    assert_false(ebb_tock_reserve(most));
    assert_null(malloc(most / 3));
    free(block);
    assert_true(room_for_grants() >= most / 2);
}

static bool reserve_more_than_is_free(size_t more) {
    uintptr_t high = boot_with_idle(4000);
    bool done = ebb_tock_reserve(fake_grants() - high + more);
    assert_true(high - fake_break() >= 4000);
    /* Four, and a trim: where is the break, and the break is lowered. */
    assert_int_equal(fake_calls(), 4 + 2);
    return done;
}

static void a_reserve_takes_what_is_free_and_what_is_idle_or_fails(void **state) {
    (void)state;
    assert_true(reserve_more_than_is_free(3000));
    assert_false(reserve_more_than_is_free(5000));
}

static void a_reserve_that_is_free_moves_nothing(void **state) {
    (void)state;
    uintptr_t high = boot_with_idle(4000);
    assert_true(ebb_tock_reserve(1000));
    assert_int_equal(fake_break(), high);
    assert_int_equal(fake_calls(), 2);
}

static void a_fixed_heap_takes_all_but_the_reserve(void **state) {
    (void)state;
    const struct ebb_policy fixed = {.strategy = EBB_FIXED};
    boot(&riscv);
    assert_true(ebb_tock_reserve(1500));
    assert_true(ebb_tock_set_policy(&fixed));
    assert_in_range(room_for_grants(), 1500, 1500 + LOST - 1);
    boot(&riscv);
    assert_true(ebb_tock_start(&fixed, false));
    assert_in_range(room_for_grants(), 0, LOST - 1);
    assert_false(ebb_tock_reserve(1500));
}

/* What protection rounds to 4096 is found by ten doublings of 4. */
static void a_fixed_heap_costs_two_system_calls_for_each_doubling(void **state) {
    (void)state;
    const struct ebb_policy fixed = {.strategy = EBB_FIXED};
    for (size_t i = 0; i < BOARDS; i++) {
        boot(all_boards[i]);
        assert_non_null(ebb_tock_heap());
        fake_forget_counts();
        assert_true(ebb_tock_set_policy(&fixed));
        unsigned most = 3;
        for (size_t tried = 4; tried < fake_protection_granule(); tried *= 2) {
            most += 2;
        }
        assert_in_range(fake_calls(), 3, most);
    }
}

/* Of what the app has asked the kernel for: see docs/tock.md. The break is aligned to 4, as libtock-c leaves it. */
static void a_maximum_keeps_the_heap_within_what_the_app_asked_for(void **state) {
    (void)state;
    enum { ASKED = 3000 };
    const size_t besides = (sizeof(void *) == 4 ? 40 : 72) + (ebb_get_geometry().granule == 16 ? 8 : 0);
    const struct ebb_policy policy = {.maximum = ASKED - besides};
    for (size_t i = 0; i < BOARDS; i++) {
        for (size_t more = 0; more < 16; more += 4) {
            boot(all_boards[i]);
            assert_true(fake_other_sbrk((intptr_t)(((fake_break() + 3) & ~(uintptr_t)3) + more - fake_break())));
            uintptr_t first_break = fake_break();
            assert_true(ebb_tock_start(&policy, false));
            allocate_all();
            assert_true(fake_break() <= first_break + ASKED);
            assert_true(fake_break() + 600 > first_break + ASKED);
        }
    }
}

/* Where the maximum is none, the store has to be told that it is asked for all there is. */
static void a_heap_can_be_fixed_after_the_first_use(void **state) {
    (void)state;
    const struct ebb_policy fixed = {.strategy = EBB_FIXED};
    boot(&riscv);
    assert_non_null(malloc(10));
    assert_true(ebb_tock_set_policy(&fixed));
    assert_int_equal(fake_break(), fake_grants());
    assert_non_null(malloc(4000));
}

static void a_reserve_needs_a_heap(void **state) {
    (void)state;
    boot(&riscv);
    take_all_but(8);
    assert_false(ebb_tock_reserve(100));
    assert_null(ebb_tock_app_heap);
}

static void relief_is_for_want_of_memory_only(void **state) {
    (void)state;
    enum { INVAL = 6, NOMEM = 9 };
    boot(&riscv);
    assert_false(ebb_tock_relieve(NOMEM));
    uintptr_t high = boot_with_idle(6000);
    assert_false(ebb_tock_relieve(INVAL));
    assert_false(ebb_tock_relieve(0));
    assert_int_equal(fake_break(), high);
    assert_true(ebb_tock_relieve(NOMEM));
    assert_true(high - fake_break() >= 6000);
    assert_false(ebb_tock_relieve(NOMEM));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(nothing_starts_before_the_first_allocation),
    cmocka_unit_test(the_heap_begins_right_above_the_store_at_the_break),
    cmocka_unit_test(a_start_that_fails_leaves_nothing_and_is_tried_again),
    cmocka_unit_test(a_start_without_any_room_is_tried_again),
    cmocka_unit_test(the_figures_are_the_heaps),
    cmocka_unit_test(a_start_by_hand_comes_before_any_other),
    cmocka_unit_test(the_kernel_is_trusted_to_clear_memory_if_the_app_says_so),
    cmocka_unit_test(a_start_costs_five_system_calls_beside_the_growth),
    cmocka_unit_test(a_start_under_a_malformed_policy_fails),
    cmocka_unit_test(the_policy_can_be_set_before_and_after_the_first_use),
    cmocka_unit_test(seals_depend_on_the_secret_given),
    cmocka_unit_test(the_secret_may_come_while_blocks_are_in_use),
    cmocka_unit_test(no_secret_is_taken_while_a_header_is_damaged),
    cmocka_unit_test(a_secret_needs_a_heap),
    cmocka_unit_test(a_reserve_is_free_when_all_else_is_in_use),
    cmocka_unit_test(a_reserve_takes_back_what_is_idle),
    cmocka_unit_test(a_reserve_takes_what_is_free_and_what_is_idle_or_fails),
    cmocka_unit_test(a_reserve_that_is_free_moves_nothing),
    cmocka_unit_test(a_fixed_heap_takes_all_but_the_reserve),
    cmocka_unit_test(a_fixed_heap_costs_two_system_calls_for_each_doubling),
    cmocka_unit_test(a_maximum_keeps_the_heap_within_what_the_app_asked_for),
    cmocka_unit_test(a_heap_can_be_fixed_after_the_first_use),
    cmocka_unit_test(a_reserve_needs_a_heap),
    cmocka_unit_test(relief_is_for_want_of_memory_only),
};

int main(void) {
    return cmocka_run_group_tests_name("tock app heap", tests, NULL, NULL);
}
