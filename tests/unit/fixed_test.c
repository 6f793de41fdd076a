/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Heaps whose end never moves, from the library that has nothing to move it. The shadow model knows heaps on stores:
 * so the calls that this library lacks are here, made of what it has.
 */
#include "support/bytes.h"
#include "support/console.h"
#include "support/heap_fixture.h"
#include "support/level.h"
#include "support/test.h"
#include "support/workload.h"

#include <ebb/fixed.h>

#include <string.h>

/* ---- What the model calls, and the library does not have ---- */

struct ebb_heap *ebb_create(const struct ebb_store *store, const struct ebb_policy *policy) {
    if (store == NULL || policy == NULL || policy->strategy != EBB_FIXED) {
        return NULL;
    }
    struct scripted_store *script = store->context;
    struct ebb_span all = store->grow(store->context, script->limit - script->end);
    /* The heap does not know that it was given that by a store. */
    script->grown = 0;
    return ebb_create_fixed(all.start, all.size);
}

size_t ebb_destroy(struct ebb_heap *heap) {
    return fixture_statistics(heap).region_bytes;
}

size_t ebb_trim(struct ebb_heap *heap) {
    (void)heap;
    return 0;
}

bool ebb_set_policy(struct ebb_heap *heap, const struct ebb_policy *policy) {
    (void)heap;
    (void)policy;
    return false;
}

void ebb_get_policy(const struct ebb_heap *heap, struct ebb_policy *policy) {
    *policy = (struct ebb_policy){.strategy = EBB_FIXED, .maximum = fixture_statistics(heap).region_bytes};
}

/* ---- Creation ---- */

static size_t least_heap(void) {
    return fixture_least_region() + ebb_get_geometry().smallest_block;
}

static void test_needs_room_for_a_block(void **state) {
    (void)state;
    struct ebb_heap *none = ebb_create_fixed(NULL, 1000);
    assert_null(none);
    for (size_t misalignment = 0; misalignment < 2 * ebb_get_geometry().granule; misalignment++) {
        unsigned char *memory = fixture_arena() + misalignment;
        size_t before = (size_t)(-(uintptr_t)memory % ebb_get_geometry().granule);
        for (size_t size = 0; size < before + least_heap(); size++) {
            none = ebb_create_fixed(memory, size);
            assert_null(none);
        }
        struct ebb_heap *heap = ebb_create_fixed(memory, before + least_heap());
        assert_ptr_equal(heap, memory + before);
        assert_int_equal(ebb_check(heap).damage, EBB_SOUND);
        unsigned char *block = fixture_alloc(heap, 1);
        assert_int_equal(ebb_usable_size(heap, block), ebb_get_geometry().smallest_block - ebb_get_geometry().header);
        void *second = ebb_alloc(heap, 1);
        assert_null(second);
        ebb_free(heap, block);
    }
}

static void test_nothing_outside_is_touched(void **state) {
    (void)state;
    enum { SIZE = 2001, AROUND = 64 };
    unsigned char *arena = fixture_arena();
    memset(arena, 0x5A, SIZE + 2 * AROUND);
    struct ebb_heap *heap = ebb_create_fixed(arena + AROUND, SIZE);
    unsigned char *blocks[1];
    size_t filled = fixture_fill(heap, 1, blocks, 1);
    size_t room = SIZE - fixture_least_region();
    assert_int_equal(filled, room / ebb_get_geometry().smallest_block);
    assert_int_equal(fixture_statistics(heap).region_bytes, SIZE);
    assert_int_equal(fixture_statistics(heap).peak_region_bytes, SIZE);
    assert_true(bytes_are(arena, 0x5A, AROUND));
    assert_true(bytes_are(arena + AROUND + SIZE, 0x5A, AROUND));
}

/* Enough for the largest region of one geometry. */
static _Alignas(16) unsigned char memory[136 * 1024];

static size_t largest_region_within_memory(void) {
    size_t largest = ebb_get_geometry().largest_region;
    if (largest >= sizeof memory) {
        print_message("the largest region exceeds the memory of this test\n");
        skip();
    }
    return largest;
}

/* What exceeds that is as if it were not there. */
static void test_region_is_the_largest_at_most(void **state) {
    (void)state;
    size_t largest = largest_region_within_memory();
    memset(memory, 0x5A, sizeof memory);
    struct ebb_heap *heap = ebb_create_fixed(memory, sizeof memory);
    assert_non_null(heap);
    assert_int_equal(fixture_statistics(heap).region_bytes, largest);
    (void)fixture_fill(heap, 1000, NULL, 0);
    (void)fixture_fill(heap, 1, NULL, 0);
    assert_int_equal(ebb_check(heap).damage, EBB_SOUND);
    assert_true(bytes_are(memory + largest, 0x5A, sizeof memory - largest));
}

/* What is left out for the heap's alignment is not made up for beyond the end. */
static void test_region_ends_within_the_memory(void **state) {
    (void)state;
    size_t largest = largest_region_within_memory();
    for (size_t size = largest - 32; size < largest + 32; size++) {
        unsigned char *start = memory + 1;
        struct ebb_heap *heap = ebb_create_fixed(start, size);
        size_t left = size - (size_t)((unsigned char *)heap - start);
        assert_int_equal(fixture_statistics(heap).region_bytes, left < largest ? left : largest);
    }
}

static void test_memory_is_not_believed_to_be_zero(void **state) {
    (void)state;
    unsigned char *arena = fixture_arena();
    memset(arena, 0xFF, 2000);
    struct ebb_heap *heap = ebb_create_fixed(arena, 2000);
    const unsigned char *block = ebb_calloc(heap, 10, 100);
    assert_non_null(block);
    assert_true(bytes_are(block, 0, 1000));
}

/* ---- Use ---- */

static void test_all_of_it_can_be_had_again(void **state) {
    (void)state;
    struct fault_log faults;
    struct ebb_heap *heap = ebb_create_fixed(fixture_arena(), 8000);
    fault_log_attach(&faults, heap);
    size_t largest = ebb_largest_free(heap);
    unsigned char *block = fixture_alloc(heap, largest);
    void *more = ebb_alloc(heap, 1);
    assert_null(more);
    more = ebb_realloc(heap, block, largest + ebb_get_geometry().granule);
    assert_null(more);
    ebb_free(heap, block);
    assert_int_equal(ebb_largest_free(heap), largest);
    assert_int_equal(fixture_statistics(heap).failed_requests, 2);
    fault_log_expect_none(&faults);
}

static void test_a_second_free_is_told(void **state) {
    (void)state;
    needs_level(1, "believes every pointer");
    struct fault_log faults;
    struct ebb_heap *heap = ebb_create_fixed(fixture_arena(), 2000);
    fault_log_attach(&faults, heap);
    unsigned char *block = fixture_alloc(heap, 100);
    unsigned char *next = fixture_alloc(heap, 100);
    ebb_free(heap, block);
    ebb_free(heap, block);
    fault_log_expect(&faults, EBB_FAULT_FREED, block);
    ebb_free(heap, next);
    fault_log_expect_none(&faults);
}

static void test_a_secret_can_be_set(void **state) {
    (void)state;
    struct ebb_heap *heap = ebb_create_fixed(fixture_arena(), 2000);
    unsigned char *block = fixture_alloc(heap, 100);
    bool is_set = ebb_set_secret(heap, UINT64_C(0x0123456789ABCDEF));
    assert_true(is_set);
    ebb_free(heap, block);
    assert_int_equal(ebb_check(heap).damage, EBB_SOUND);
}

static void test_random_programs(void **state) {
    (void)state;
    static struct scripted_store store;
    static struct model model;
    static struct workload workload;
    static const size_t sizes[] = {24 * 1024, 3001, 12008};
    static const struct ebb_policy policy = {.strategy = EBB_FIXED};
    for (uint32_t seed = 0; seed < console_seeds(); seed++) {
        scripted_store_init(&store, fixture_arena(), sizes[seed % COUNT_OF(sizes)], seed % 23);
        store.store.shrink = NULL;
        model.seed = seed;
        model_start(&model, &store, &policy);
        workload_init(&workload, seed, (enum sizes)(seed % SIZES_COUNT));
        workload_run(&workload, &model, 250);
        model_free_all(&model);
        assert_int_equal(fixture_statistics(model.heap).live_bytes, 0);
        model_finish(&model);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_needs_room_for_a_block),
        cmocka_unit_test(test_nothing_outside_is_touched),
        cmocka_unit_test(test_region_is_the_largest_at_most),
        cmocka_unit_test(test_region_ends_within_the_memory),
        cmocka_unit_test(test_memory_is_not_believed_to_be_zero),
        cmocka_unit_test(test_all_of_it_can_be_had_again),
        cmocka_unit_test(test_a_second_free_is_told),
        cmocka_unit_test(test_a_secret_can_be_set),
        cmocka_unit_test(test_random_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
