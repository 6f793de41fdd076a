/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * At hardening level 2: does the heap of a process get its secret from the system? getrandom() is wrapped, so it is
 * known what the secret is, and a heap that is given the same one by hand has the same seals.
 */
#include <ebb/buffer_store.h>
#include <ebb/host_secret.h>

#include "process.h"
#include "process_heap.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <sys/types.h>

#include <cmocka.h>

static const uint64_t secret = 0x0123456789abcdef;

static unsigned draws;
static size_t random_bytes = sizeof secret; /* that the system has */

ssize_t __wrap_getrandom(void *buffer, size_t size, unsigned flags);
ssize_t __wrap_getrandom(void *buffer, size_t size, unsigned flags) {
    assert_true((flags & GRND_NONBLOCK) != 0);
    draws++;
    if (random_bytes == 0) {
        errno = EAGAIN;
        return -1;
    }
    assert_int_equal(size, sizeof secret);
    memcpy(buffer, &secret, random_bytes);
    return (ssize_t)random_bytes;
}

static _Alignas(16) unsigned char memory[8192];
static struct ebb_buffer_store store;

static struct ebb_heap *create(void) {
    ebb_buffer_store_init(&store, memory, sizeof memory);
    struct ebb_heap *heap = ebb_create(&store.store, NULL);
    assert_non_null(heap);
    return heap;
}

/* What lies before the first block: its header, with its seal. Both depend on nothing but the secret. */
static uint64_t first_header(struct ebb_heap *heap) {
    uint64_t header = 0;
    const unsigned char *block = ebb_alloc(heap, 40);
    assert_non_null(block);
    assert_true(ebb_get_geometry().header <= sizeof header);
    memcpy(&header, block - ebb_get_geometry().header, ebb_get_geometry().header);
    return header;
}

static uint64_t first_header_with(uint64_t given) {
    struct ebb_heap *heap = create();
    assert_true(ebb_set_secret(heap, given));
    return first_header(heap);
}

static void test_heap_gets_what_the_system_draws(void **state) {
    (void)state;
    struct ebb_heap *heap = create();
    draws = 0;
    assert_true(ebb_host_set_secret(heap));
    assert_int_equal(draws, 1);
    uint64_t header = first_header(heap);
    assert_int_equal(header, first_header_with(secret));
    assert_int_not_equal(first_header_with(secret), first_header_with(secret + 1));
}

static void assert_too_few_random_bytes(size_t bytes) {
    uint64_t before = first_header(create());
    struct ebb_heap *heap = create();
    random_bytes = bytes;
    errno = 0;
    assert_false(ebb_host_set_secret(heap));
    assert_int_equal(errno, 0);
    random_bytes = sizeof secret;
    assert_int_equal(first_header(heap), before);
}

static void test_without_enough_random_bytes_nothing_changes(void **state) {
    (void)state;
    assert_too_few_random_bytes(0);
    assert_too_few_random_bytes(sizeof secret - 1);
}

static void test_damaged_heap_gets_no_secret(void **state) {
    (void)state;
    struct ebb_heap *heap = create();
    unsigned char *block = ebb_alloc(heap, 40);
    assert_non_null(block);
    block[-(ptrdiff_t)ebb_get_geometry().header] ^= 1;
    assert_false(ebb_host_set_secret(heap));
}

/* Comes first: the heap of the process starts here. */
static void test_heap_of_the_process_is_seeded_at_its_start(void **state) {
    (void)state;
    draws = 0;
    struct ebb_heap *heap = process_heap_lock();
    assert_non_null(heap);
    uint64_t header = first_header(heap);
    process_heap_unlock();
    assert_int_equal(draws, 1);
    assert_int_equal(header, first_header_with(secret));
}

static void free_and_allocate(void *block) {
    struct ebb_heap *heap = process_heap_lock();
    ebb_free(heap, block);
    void *another = ebb_alloc(heap, 100);
    enum ebb_damage damage = ebb_check(heap).damage;
    process_heap_unlock();
    assert_non_null(another);
    assert_int_equal(damage, EBB_SOUND);
}

static void test_a_fork_goes_on_with_the_same_secret(void **state) {
    (void)state;
    struct ebb_heap *heap = process_heap_lock();
    void *block = ebb_alloc(heap, 60);
    process_heap_unlock();
    assert_int_equal(run_in_child(free_and_allocate, block), 0);
    free_and_allocate(block);
}

static void test_other_levels_need_none(void **state) {
    (void)state;
    draws = 0;
    random_bytes = 0;
    assert_true(ebb_host_set_secret(create()));
    assert_int_equal(draws, 0);
}

int main(void) {
    if (ebb_get_geometry().hardening < 2) {
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_other_levels_need_none)};
        return cmocka_run_group_tests(tests, NULL, NULL);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heap_of_the_process_is_seeded_at_its_start),
        cmocka_unit_test(test_a_fork_goes_on_with_the_same_secret),
        cmocka_unit_test(test_heap_gets_what_the_system_draws),
        cmocka_unit_test(test_without_enough_random_bytes_nothing_changes),
        cmocka_unit_test(test_damaged_heap_gets_no_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
