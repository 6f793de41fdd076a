/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The C library's functions of an app, under other names, in a process of the fake kernel. */
#include <ebb/tock.h>

#include "boards.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app.h"

static void functions_set_errno_and_nothing_else(void **state) {
    (void)state;
    boot(&riscv);
    void *block = malloc(10);
    assert_null(malloc(100000));
    assert_error(ENOMEM);
    assert_null(calloc(SIZE_MAX / 2, 3));
    assert_error(ENOMEM);
    assert_null(realloc(block, SIZE_MAX));
    assert_error(ENOMEM);
    assert_null(reallocarray(block, SIZE_MAX / 2 + 2, 2));
    assert_error(ENOMEM);
    assert_null(memalign(24, 10));
    assert_error(EINVAL);
    assert_null(memalign(64, 100000));
    assert_error(ENOMEM);
    assert_null(aligned_alloc(0, 10));
    assert_error(EINVAL);
    free(block);
    assert_int_equal(live_bytes(), 0);
}

static void newlibs_own_functions_set_errno_and_nothing_else(void **state) {
    (void)state;
    boot(&riscv);
    void *block = _malloc_r(&thread, 10);
    assert_null(_malloc_r(&thread, 100000));
    assert_error(ENOMEM);
    assert_null(_calloc_r(&thread, SIZE_MAX / 2, 3));
    assert_error(ENOMEM);
    assert_null(_realloc_r(&thread, block, SIZE_MAX));
    assert_error(ENOMEM);
    assert_null(_memalign_r(&thread, 24, 10));
    assert_error(EINVAL);
    assert_null(_memalign_r(&thread, 64, 100000));
    assert_error(ENOMEM);
    _free_r(&thread, block);
    assert_int_equal(live_bytes(), 0);
}

static void posix_memalign_reports_and_leaves_all_alone(void **state) {
    (void)state;
    boot(&riscv);
    int mark;
    void *block = &mark;
    assert_int_equal(posix_memalign(&block, 24, 10), EINVAL);
    assert_int_equal(posix_memalign(&block, 2, 10), EINVAL);
    assert_int_equal(posix_memalign(&block, 0, 10), EINVAL);
    assert_int_equal(posix_memalign(&block, 64, 100000), ENOMEM);
    assert_ptr_equal(block, &mark);
    assert_no_error();
    for (size_t alignment = sizeof(void *); alignment <= 512; alignment *= 2) {
        assert_int_equal(posix_memalign(&block, alignment, 10), 0);
        assert_int_equal((uintptr_t)block % alignment, 0);
        free(block);
    }
    assert_no_error();
}

static void a_size_of_0_is_a_block_of_its_own(void **state) {
    (void)state;
    boot(&riscv);
    void *blocks[] = {malloc(0), calloc(0, 5), calloc(5, 0), realloc(NULL, 0), memalign(32, 0)};
    for (size_t i = 0; i < 5; i++) {
        assert_non_null(blocks[i]);
        for (size_t j = 0; j < i; j++) {
            assert_ptr_not_equal(blocks[i], blocks[j]);
        }
    }
    for (size_t i = 0; i < 5; i++) {
        free(blocks[i]);
    }
    assert_no_error();
    assert_int_equal(live_bytes(), 0);
}

/* Trap 8: buffers shared between processes are aligned to their size. */
static void blocks_are_aligned_as_asked(void **state) {
    (void)state;
    boot(&v7m_old_kernel);
    for (size_t alignment = 1; alignment <= 2048; alignment *= 2) {
        unsigned char *blocks[] = {aligned_alloc(alignment, alignment), memalign(alignment, 5),
                                   _memalign_r(&thread, alignment, 5)};
        for (size_t i = 0; i < 3; i++) {
            assert_non_null(blocks[i]);
            assert_int_equal((uintptr_t)blocks[i] % alignment, 0);
            free(blocks[i]);
        }
    }
    assert_no_error();
    assert_int_equal(live_bytes(), 0);
}

static void cleared_memory_is_clear(void **state) {
    (void)state;
    boot(&v7m_old_kernel);
    unsigned char *blocks[] = {calloc(70, 9), _calloc_r(&thread, 70, 9)};
    for (size_t i = 0; i < 2; i++) {
        assert_in_range(malloc_usable_size(blocks[i]), 630, 650);
        for (size_t j = 0; j < 630; j++) {
            assert_int_equal(blocks[i][j], 0);
        }
    }
}

static void realloc_keeps_the_content(void **state) {
    (void)state;
    boot(&v8m);
    char *block = realloc(NULL, 6);
    memcpy(block, "hello", 6);
    assert_non_null(malloc(50));
    block = realloc(block, 500);
    assert_string_equal(block, "hello");
    block = _realloc_r(&thread, block, 1000);
    assert_string_equal(block, "hello");
    block = reallocarray(block, 20, 10);
    assert_string_equal(block, "hello");
    assert_true(malloc_usable_size(block) >= 200);
    assert_int_equal(_malloc_usable_size_r(&thread, block), malloc_usable_size(block));
    assert_no_error();
}

static void realloc_to_nothing_frees(void **state) {
    (void)state;
    boot(&riscv);
    void *block = malloc(100);
    assert_null(realloc(block, 0));
    assert_int_equal(live_bytes(), 0);
    block = malloc(100);
    assert_null(reallocarray(block, 0, 5));
    assert_int_equal(live_bytes(), 0);
    block = malloc(100);
    assert_null(_realloc_r(&thread, block, 0));
    assert_int_equal(live_bytes(), 0);
    assert_no_error();
    assert_non_null(realloc(NULL, 0));
}

/* Two heaps on one break is what must not be. */
static void all_functions_share_one_heap(void **state) {
    (void)state;
    boot(&riscv);
    _free_r(&thread, malloc(100));
    free(_malloc_r(&thread, 100));
    free(_calloc_r(&thread, 10, 10));
    free(_realloc_r(&thread, NULL, 100));
    free(_memalign_r(&thread, 32, 100));
    _free_r(&thread, aligned_alloc(32, 100));
    ebb_free(ebb_tock_heap(), malloc(100));
    free(ebb_alloc(ebb_tock_heap(), 100));
    assert_int_equal(live_bytes(), 0);
    assert_int_equal(ebb_check(ebb_tock_heap()).damage, EBB_SOUND);
}

static void trim_gives_back_to_the_kernel(void **state) {
    (void)state;
    boot(&v7m);
    void *block = malloc(6000);
    assert_non_null(malloc(1));
    free(block);
    malloc_trim(0);
    assert_int_equal(malloc_trim(0), 0);
    uintptr_t high = boot_with_idle(6000);
    assert_int_equal(malloc_trim(0), 1);
    assert_true(high - fake_break() >= 6000);
    assert_int_equal(_malloc_trim_r(&thread, 0), 0);
    high = boot_with_idle(6000);
    assert_int_equal(_malloc_trim_r(&thread, 0), 1);
    assert_true(high - fake_break() >= 6000);
    free(malloc(6000));
    high = fake_break();
    size_t given = ebb_tock_trim();
    assert_int_equal(given, high - fake_break());
    assert_true(given >= 6000);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(functions_set_errno_and_nothing_else),
    cmocka_unit_test(newlibs_own_functions_set_errno_and_nothing_else),
    cmocka_unit_test(posix_memalign_reports_and_leaves_all_alone),
    cmocka_unit_test(a_size_of_0_is_a_block_of_its_own),
    cmocka_unit_test(blocks_are_aligned_as_asked),
    cmocka_unit_test(cleared_memory_is_clear),
    cmocka_unit_test(realloc_keeps_the_content),
    cmocka_unit_test(realloc_to_nothing_frees),
    cmocka_unit_test(all_functions_share_one_heap),
    cmocka_unit_test(trim_gives_back_to_the_kernel),
};

int main(void) {
    return cmocka_run_group_tests_name("tock malloc", tests, NULL, NULL);
}
