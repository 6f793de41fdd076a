/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The secret of a heap, which makes the seals of hardening level 2. */
#include "support/heap_fixture.h"
#include "support/level.h"
#include "support/test.h"

#include <string.h>

static struct scripted_store store;
static struct fault_log faults;
static struct snapshot snapshot;

static struct ebb_heap *make_heap(void) {
    needs_level(2, "headers are believed");
    struct ebb_heap *heap = fixture_fixed_heap(&store, 4096, &faults);
    set_known_secret(heap);
    return heap;
}

static void test_secret_makes_other_seals(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    size_t header = ebb_get_geometry().header;
    unsigned char old[8];
    unsigned char *block = fixture_alloc(heap, 40);
    fixture_alloc(heap, 40);
    memcpy(old, block - header, header);
    assert_true(ebb_set_secret(heap, UINT64_C(0x0123456789abcdef)));
    fixture_assert_sound(heap, &store);
    assert_memory_not_equal(old, block - header, header);
    memcpy(block - header, old, header);
    ebb_free(heap, block);
    fault_log_expect(&faults, EBB_FAULT_CORRUPT, block);
}

/* Any secret is one, also the number 0: a header is good at its own place only. */
static void test_every_secret_seals(void **state) {
    (void)state;
    static const uint64_t secrets[] = {0, 1, UINT64_MAX};
    for (size_t i = 0; i < COUNT_OF(secrets); i++) {
        struct ebb_heap *heap = make_heap();
        size_t header = ebb_get_geometry().header;
        assert_true(ebb_set_secret(heap, secrets[i]));
        unsigned char *block = fixture_alloc(heap, 40);
        unsigned char *other = fixture_alloc(heap, 40);
        fixture_alloc(heap, 40);
        fixture_assert_sound(heap, &store);
        memcpy(other - header, block - header, header);
        ebb_free(heap, other);
        fault_log_expect(&faults, EBB_FAULT_CORRUPT, other);
        (void)ebb_destroy(heap);
    }
}

/* Addresses alone make seals, too; that one of them is true elsewhere may be, but not of all. */
static void test_headers_are_sealed_before_there_is_a_secret(void **state) {
    (void)state;
    needs_level(2, "headers are believed");
    struct ebb_heap *heap = fixture_fixed_heap(&store, 4096, &faults);
    size_t header = ebb_get_geometry().header;
    unsigned char *first = fixture_alloc(heap, 40);
    unsigned char *others[4];
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        others[i] = fixture_alloc(heap, 40);
    }
    fixture_alloc(heap, 40);
    uint32_t missed = 0;
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        memcpy(others[i] - header, first - header, header);
        missed += ebb_usable_size(heap, others[i]) != 0;
    }
    assert_true(missed <= 1);
}

static void test_secret_does_not_seal_what_is_damaged(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    size_t header = ebb_get_geometry().header;
    unsigned char *block = fixture_alloc(heap, 40);
    block[-(ptrdiff_t)header] ^= 1;
    snapshot_take(&snapshot, heap);
    assert_false(ebb_set_secret(heap, 1));
    fault_log_expect(&faults, EBB_FAULT_CORRUPT, block);
    snapshot_assert_same(&snapshot, heap);
}

/* Where a walk does not lead on, there is a header that it cannot show; it is told all the same. */
static void test_secret_tells_which_header_leads_nowhere(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    size_t header = ebb_get_geometry().header;
    fixture_alloc(heap, 40);
    unsigned char *block = fixture_alloc(heap, 40);
    memset(block - header, 0, header);
    snapshot_take(&snapshot, heap);
    assert_false(ebb_set_secret(heap, 1));
    fault_log_expect(&faults, EBB_FAULT_CORRUPT, block);
    snapshot_assert_same(&snapshot, heap);
}

static void test_secret_is_nothing_without_seals(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_fixed_heap(&store, 4096, &faults);
    needs_level_below(2, "headers are sealed");
    fixture_alloc(heap, 40);
    snapshot_take(&snapshot, heap);
    assert_true(ebb_set_secret(heap, 1));
    snapshot_assert_same(&snapshot, heap);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secret_makes_other_seals),
        cmocka_unit_test(test_every_secret_seals),
        cmocka_unit_test(test_headers_are_sealed_before_there_is_a_secret),
        cmocka_unit_test(test_secret_does_not_seal_what_is_damaged),
        cmocka_unit_test(test_secret_tells_which_header_leads_nowhere),
        cmocka_unit_test(test_secret_is_nothing_without_seals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
