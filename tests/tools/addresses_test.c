/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The table of live blocks, against a plain array with a place for each address. */
#include "addresses.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/types.h>

#include <cmocka.h>

enum { PLACES = 50000, ROUNDS = 2000000, SPACING = 16 };

static struct live_block expected[PLACES];

static uint32_t random_number(void) {
    static uint64_t state = 1;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33);
}

static void assert_same(struct live_block found, struct live_block wanted) {
    assert_int_equal(found.address, wanted.address);
    if (wanted.address != 0) {
        assert_int_equal(found.slot, wanted.slot);
        assert_int_equal(found.size, wanted.size);
    }
}

static uintptr_t address_of(size_t place) {
    return 0x7f0000001000 + place * SPACING;
}

static void insert(size_t place) {
    const struct live_block block = {.address = address_of(place), .slot = random_number(), .size = random_number()};
    struct live_block former = {1, 1, 1};
    const struct live_block *inserted = addresses_insert(block, &former);
    assert_non_null(inserted);
    assert_same(*inserted, block);
    assert_same(former, expected[place]);
    expected[place] = block;
}

static void remove_one(size_t place) {
    assert_same(addresses_remove(address_of(place)), expected[place]);
    expected[place] = (struct live_block){0, 0, 0};
}

static size_t visited;

static void count_visit(struct live_block *block) {
    assert_same(*block, expected[(block->address - address_of(0)) / SPACING]);
    visited++;
}

static void assert_complete(void) {
    size_t present = 0;
    for (size_t place = 0; place < PLACES; place++) {
        present += expected[place].address != 0;
    }
    visited = 0;
    addresses_each(count_visit);
    assert_int_equal(visited, present);
}

static void an_empty_table_has_nothing(void **state) {
    (void)state;
    assert_same(addresses_remove(address_of(0)), expected[0]);
    assert_complete();
}

/* Phases of growth and decline, so that runs of neighbours in the table come and go. */
static void any_order_of_changes(void **state) {
    (void)state;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        const size_t place = random_number() % PLACES;
        const uint32_t likelihood = round / (ROUNDS / 8) % 2 == 0 ? 70 : 30;
        if (random_number() % 100 < likelihood) {
            insert(place);
        } else {
            remove_one(place);
        }
    }
    assert_complete();
}

static void everything_can_go(void **state) {
    (void)state;
    for (size_t place = 0; place < PLACES; place++) {
        remove_one(place);
    }
    assert_complete();
}

static size_t mappings;

void *__real_mmap(void *address, size_t size, int protection, int flags, int descriptor, off_t offset);
void *__wrap_mmap(void *address, size_t size, int protection, int flags, int descriptor, off_t offset);

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int descriptor, off_t offset) {
    mappings++;
    return __real_mmap(address, size, protection, flags, descriptor, offset);
}

/* A table that counted a block twice would be enlarged again and again. */
static void replacing_takes_no_memory(void **state) {
    const size_t before = mappings;

    (void)state;
    assert_true(before > 0);
    for (size_t round = 0; round < (size_t)2 * PLACES; round++) {
        insert(1);
        insert(2);
    }
    assert_int_equal(mappings, before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_table_has_nothing),
        cmocka_unit_test(any_order_of_changes),
        cmocka_unit_test(everything_can_go),
        cmocka_unit_test(replacing_takes_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
