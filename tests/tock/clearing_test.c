/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Whether the kernel clears the memory that it adds to a process: found out by trying. */
#include <ebb/tock.h>

#include "boards.h"
#include "memop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app.h"

static void the_kernel_is_found_out(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        for (int clears = 0; clears < 2; clears++) {
            struct fake_board board = *all_boards[i];
            board.clears = clears != 0;
            boot(&board);
            uintptr_t before = fake_break();
            assert_int_equal(ebb_tock_kernel_clears(), board.clears);
            assert_int_equal(fake_break(), before);
            assert_int_equal(fake_calls(), 5);
            assert_int_equal(fake_trespasses(), 0);
        }
    }
}

/* Memory that nobody has had since power came on may be zero, whatever the kernel does. */
static void memory_that_is_zero_by_chance_proves_nothing(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARDS; i++) {
        boot(all_boards[i]);
        fake_power_on();
        assert_int_equal(ebb_tock_kernel_clears(), all_boards[i]->clears);
    }
}

/* Wherever in what was tried they are. */
static void a_kernel_that_leaves_a_few_bytes_is_found_out(void **state) {
    (void)state;
    for (size_t word = 0; word < 8; word++) {
        boot(&riscv);
        fake_do_not_clear(fake_break() + 4 * word, 4);
        assert_false(ebb_tock_kernel_clears());
    }
}

static void a_running_heap_is_left_alone(void **state) {
    (void)state;
    boot(&riscv);
    unsigned char *block = malloc(100);
    memset(block, 0x33, 100);
    uintptr_t before = fake_break();
    (void)ebb_tock_kernel_clears();
    assert_int_equal(fake_break(), before);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(block[i], 0x33);
    }
    assert_int_equal(ebb_check(ebb_tock_heap()).damage, EBB_SOUND);
    assert_int_equal(fake_trespasses(), 0);
}

static void a_kernel_that_cannot_be_tried_is_not_trusted(void **state) {
    (void)state;
    boot(&riscv);
    while (fake_other_sbrk(4)) {
    }
    uintptr_t before = fake_break();
    assert_false(ebb_tock_kernel_clears());
    assert_int_equal(fake_break(), before);
    assert_int_equal(fake_trespasses(), 0);
    boot(&riscv);
    fake_answer_with(EBB_TOCK_SBRK, 135);
    assert_false(ebb_tock_kernel_clears());
    assert_int_equal(fake_counts().calls[EBB_TOCK_BRK], 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_kernel_is_found_out),
    cmocka_unit_test(memory_that_is_zero_by_chance_proves_nothing),
    cmocka_unit_test(a_kernel_that_leaves_a_few_bytes_is_found_out),
    cmocka_unit_test(a_running_heap_is_left_alone),
    cmocka_unit_test(a_kernel_that_cannot_be_tried_is_not_trusted),
};

int main(void) {
    return cmocka_run_group_tests_name("tock clearing", tests, NULL, NULL);
}
