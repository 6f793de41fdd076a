/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The C library's allocation functions while the system has no addresses or no memory for a heap. Under other names
 * (renamed.h), because CMocka needs the real ones; the library's system calls are wrapped.
 *
 * The tests are steps of one process, in this order: its heap starts in the last one.
 */

#include "process.h"

#include "renamed.h"
#include "wrapped_calls.h"

#include <errno.h>
#include <malloc.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

/* ---- The system ---- */

static size_t most_addresses; /* that one mmap() gives */
static bool no_memory;
static size_t asked_first;
static size_t asked_last;
static size_t reserved;

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int descriptor, off_t offset) {
    if (address != NULL) {
        return __real_mmap(address, size, protection, flags, descriptor, offset);
    }
    asked_first = asked_first == 0 ? size : asked_first;
    asked_last = size;
    if (size > most_addresses) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    reserved += size;
    return __real_mmap(address, size, protection, flags, descriptor, offset);
}

int __wrap_mprotect(void *address, size_t size, int protection) {
    if (no_memory) {
        errno = ENOMEM;
        return -1;
    }
    return __real_mprotect(address, size, protection);
}

int __wrap_munmap(void *address, size_t size) {
    reserved -= size;
    return __real_munmap(address, size);
}

/* ---- Steps ---- */

static void assert_refused(const void *block) {
    assert_null(block);
    assert_int_equal(errno, ENOMEM);
    errno = 0;
}

static void assert_all_refuse(void) {
    int untouched = 0;
    void *block = &untouched;
    errno = 0;
    assert_refused(malloc(1));
    assert_refused(calloc(1, 1));
    assert_refused(realloc(NULL, 1));
    assert_refused(reallocarray(NULL, 1, 1));
    assert_refused(memalign(64, 1));
    assert_refused(aligned_alloc(64, 1));
    assert_refused(valloc(1));
    assert_refused(pvalloc(1));
    assert_int_equal(posix_memalign(&block, 64, 1), ENOMEM);
    assert_ptr_equal(block, &untouched);
    assert_int_equal(malloc_trim(0), 0);
    assert_int_equal(malloc_usable_size(NULL), 0);
    free(NULL);
    assert_int_equal(errno, 0);
}

static void test_without_addresses_all_functions_refuse(void **state) {
    (void)state;
    assert_all_refuse();
    /* Less and less was asked for, down to where a heap would be of no use. */
    assert_true(asked_first > (size_t)1 << 30);
    assert_in_range(asked_last, 64 * 1024, 128 * 1024);
    assert_int_equal(reserved, 0);
}

static void free_foreign(void *block) {
    free(hide(block));
}

void free_sized_block(void *block, size_t size) __asm__("free_sized");

static void free_foreign_with_size(void *block) {
    free_sized_block(hide(block), 10);
}

static void reallocate_foreign(void *block) {
    (void)hide(realloc(hide(block), 10));
}

static void ask_size_of_foreign(void *block) {
    (void)malloc_usable_size(hide(block));
}

static void test_without_a_heap_every_pointer_is_foreign(void **state) {
    (void)state;
    void (*const mistakes[])(void *block) = {free_foreign, free_foreign_with_size, reallocate_foreign,
                                             ask_size_of_foreign};
    static max_align_t here[4];
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        char text[500];
        assert_int_equal(run_in_child_and_read(mistakes[i], &here[1], text, sizeof text), -SIGABRT);
        assert_non_null(strstr(text, "ebb: not a pointer to a block of this heap: 0x"));
    }
}

static void test_without_memory_no_addresses_are_kept(void **state) {
    (void)state;
    most_addresses = SIZE_MAX;
    no_memory = true;
    assert_all_refuse();
    assert_int_equal(reserved, 0);
}

static void test_a_heap_starts_as_soon_as_it_can_and_on_what_there_is(void **state) {
    (void)state;
    no_memory = false;
    most_addresses = 1024 * 1024;
    void *block = malloc(100);
    assert_non_null(block);
    assert_in_range(reserved, 512 * 1024, 1024 * 1024);
    assert_refused(malloc(1024 * 1024));
    void *large = malloc(400 * 1024);
    assert_non_null(large);
    free(large);
    free(block);
    assert_int_equal(errno, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_addresses_all_functions_refuse),
        cmocka_unit_test(test_without_a_heap_every_pointer_is_foreign),
        cmocka_unit_test(test_without_memory_no_addresses_are_kept),
        cmocka_unit_test(test_a_heap_starts_as_soon_as_it_can_and_on_what_there_is),
    };
    return cmocka_run_group_tests_name("malloc without memory", tests, NULL, NULL);
}
