/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Figures, walk and check: what they say of a sound heap, and that a damaged one does not lead them astray. */
#include "support/console.h"
#include "support/heap_fixture.h"
#include "support/random.h"
#include "support/test.h"

#include <ebb/version.h>

#include <string.h>

static struct scripted_store store;
static struct fault_log faults;
static struct snapshot snapshot;

/* A heap with blocks in use of many sizes, free ones between them, and a top. */
static struct ebb_heap *make_mixed(void) {
    struct ebb_heap *heap = fixture_fixed_heap(&store, 4096, &faults);
    unsigned char *blocks[24];
    for (size_t i = 0; i < COUNT_OF(blocks); i++) {
        blocks[i] = fixture_alloc(heap, 1 + i * 5);
        memset(blocks[i], 0x3c, 1 + i * 5);
    }
    for (size_t i = 0; i < COUNT_OF(blocks); i += 3) {
        ebb_free(heap, blocks[i]);
    }
    fixture_assert_sound(heap, &store);
    return heap;
}

static void test_library_says_which_version_it_is(void **state) {
    (void)state;
    assert_string_equal(ebb_version(), EBB_VERSION);
}

/* ---- Figures ---- */

static void test_figures_follow_the_calls(void **state) {
    (void)state;
    struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 1024};
    struct ebb_heap *heap = fixture_heap(&store, 20000, &policy, &faults);
    unsigned char *a = fixture_alloc(heap, 1000);
    unsigned char *b = fixture_alloc(heap, 3000);
    size_t peak = survey_block_for(1000) + survey_block_for(3000);
    ebb_free(heap, a);
    struct ebb_statistics found = fixture_statistics(heap);
    assert_int_equal(found.live_bytes, survey_block_for(3000));
    assert_int_equal(found.peak_live_bytes, peak);
    assert_int_equal(found.region_bytes, store.end);
    assert_int_equal(found.peak_region_bytes, store.peak);
    assert_int_equal(found.largest_request, 3000);
    void *none = ebb_alloc(heap, 30000);
    assert_null(none);
    ebb_free(heap, b);
    (void)ebb_trim(heap);
    found = fixture_statistics(heap);
    assert_int_equal(found.live_bytes, 0);
    assert_int_equal(found.peak_live_bytes, peak);
    assert_int_equal(found.peak_region_bytes, store.peak);
    assert_int_equal(found.region_bytes, store.end);
    assert_int_equal(found.largest_request, 30000);
    assert_int_equal(found.failed_requests, 1);
    assert_int_equal(found.grows, store.grown);
    assert_int_equal(found.shrinks, store.shrunk);
    assert_int_equal(found.refusals, store.refused);
    fixture_end(heap, &store, &faults);
}

static void test_largest_free_can_be_had(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_fixed_heap(&store, 4096, &faults);
    size_t largest = ebb_largest_free(heap);
    assert_int_equal(largest, ebb_free_bytes(heap) - ebb_get_geometry().header);
    void *none = ebb_alloc(heap, largest + 1);
    assert_null(none);
    unsigned char *all = fixture_alloc(heap, largest);
    size_t left = ebb_free_bytes(heap);
    assert_int_equal(left, 0);
    left = ebb_largest_free(heap);
    assert_int_equal(left, 0);
    ebb_free(heap, all);
    fixture_end(heap, &store, &faults);
}

/* What is left of a granule at the end of the region serves no request. */
static void test_largest_free_can_be_had_wherever_the_region_ends(void **state) {
    (void)state;
    struct ebb_geometry geometry = ebb_get_geometry();
    for (size_t odd = 0; odd < 2 * geometry.granule; odd++) {
        size_t size = fixture_least_region() + geometry.smallest_block + odd;
        struct ebb_heap *heap = fixture_fixed_heap(&store, size, &faults);
        size_t largest = ebb_largest_free(heap);
        void *none = ebb_alloc(heap, largest + 1);
        assert_null(none);
        unsigned char *all = fixture_alloc(heap, largest);
        size_t left = ebb_largest_free(heap);
        assert_int_equal(left, 0);
        ebb_free(heap, all);
        fixture_end(heap, &store, &faults);
    }
}

/* ---- Walk ---- */

struct stop {
    size_t after;
    size_t seen;
};

static bool stop_walk(void *context, const struct ebb_block *block) {
    struct stop *stop = context;
    (void)block;
    stop->seen++;
    return stop->seen < stop->after;
}

static void test_visitor_ends_the_walk(void **state) {
    (void)state;
    struct ebb_heap *heap = make_mixed();
    struct survey survey;
    survey_take(&survey, heap);
    size_t blocks = survey.used_blocks + survey.free_blocks + 1;
    for (size_t after = 1; after <= blocks + 1; after++) {
        struct stop stop = {.after = after};
        bool complete = ebb_walk(heap, stop_walk, &stop);
        assert_int_equal(complete, after > blocks);
        assert_int_equal(stop.seen, after < blocks ? after : blocks);
    }
    fixture_end(heap, &store, &faults);
}

static void test_inspection_changes_nothing(void **state) {
    (void)state;
    struct ebb_heap *heap = make_mixed();
    snapshot_take(&snapshot, heap);
    struct survey survey;
    struct ebb_policy policy;
    survey_take(&survey, heap);
    (void)ebb_check(heap);
    (void)ebb_free_bytes(heap);
    (void)ebb_largest_free(heap);
    ebb_get_policy(heap, &policy);
    snapshot_assert_same(&snapshot, heap);
    fixture_end(heap, &store, &faults);
}

/* The whole state of a heap is the bytes of its region. */
static void test_heap_can_be_restored_from_its_bytes(void **state) {
    (void)state;
    struct ebb_heap *heap = make_mixed();
    snapshot_take(&snapshot, heap);
    unsigned char *first = fixture_alloc(heap, 77);
    size_t count = fixture_fill(heap, 10, NULL, 0);
    snapshot_restore(&snapshot, heap);
    fixture_assert_sound(heap, &store);
    unsigned char *again = fixture_alloc(heap, 77);
    assert_ptr_equal(first, again);
    size_t same = fixture_fill(heap, 10, NULL, 0);
    assert_int_equal(same, count);
    fixture_end(heap, &store, &faults);
}

/* ---- Check ---- */

struct ranges {
    struct ebb_heap *heap;
    uint32_t missed;
    uint32_t tried;
};

/* Flips every bit of the bytes from `from` on; ebb_check() has to find each. */
static void flip_each_bit(struct ranges *ranges, unsigned char *from, size_t size) {
    for (size_t bit = 0; bit < size * 8; bit++) {
        unsigned char mask = (unsigned char)(1u << bit % 8);
        from[bit / 8] ^= mask;
        struct ebb_finding finding = ebb_check(ranges->heap);
        ranges->missed += finding.damage == EBB_SOUND;
        ranges->tried++;
        from[bit / 8] ^= mask;
    }
}

static bool damage_headers(void *context, const struct ebb_block *block) {
    struct ranges *ranges = context;
    size_t header = ebb_get_geometry().header;
    ranges[block->kind == EBB_BLOCK_USED].heap = ranges->heap;
    flip_each_bit(&ranges[block->kind == EBB_BLOCK_USED], (unsigned char *)block->address - header, header);
    return true;
}

static bool damage_links_and_footers(void *context, const struct ebb_block *block) {
    struct ranges *ranges = context;
    size_t header = ebb_get_geometry().header;
    if (block->kind == EBB_BLOCK_FREE) {
        unsigned char *address = block->address;
        flip_each_bit(ranges, address, 2 * header);
        flip_each_bit(ranges, address + block->size - 2 * header, header);
    }
    return true;
}

/*
 * What a write beyond a block hits is the header of the next. Nothing but its size says where a block in use ends: if
 * that is changed so that it swallows just the blocks in use behind it, all is consistent, and nobody can tell.
 */
static void test_check_finds_damaged_headers(void **state) {
    (void)state;
    struct ebb_heap *heap = make_mixed();
    struct ranges ranges[2] = {{.heap = heap}};
    /* The visitor restores what it changed before it returns, so the walk goes on. */
    (void)ebb_walk(heap, damage_headers, ranges);
    assert_true(ranges[0].tried >= 9 * 16);
    assert_int_equal(ranges[0].missed, 0);
    assert_true(ranges[1].tried >= 16 * 16);
    assert_true(ranges[1].missed * 50 <= ranges[1].tried);
    fixture_end(heap, &store, &faults);
}

/* What a write to a freed block hits are its links and its second size. */
static void test_check_finds_use_after_free(void **state) {
    (void)state;
    struct ebb_heap *heap = make_mixed();
    struct ranges ranges = {.heap = heap};
    (void)ebb_walk(heap, damage_links_and_footers, &ranges);
    assert_true(ranges.tried >= 8 * 48);
    assert_int_equal(ranges.missed, 0);
    fixture_end(heap, &store, &faults);
}

static void test_check_names_the_address(void **state) {
    (void)state;
    struct ebb_heap *heap = make_mixed();
    unsigned char *block = fixture_alloc(heap, 500);
    unsigned char *next = fixture_alloc(heap, 500);
    size_t header = ebb_get_geometry().header;
    memset(next - header, 0xff, header);
    struct ebb_finding finding = ebb_check(heap);
    assert_true(finding.damage != EBB_SOUND);
    assert_true(finding.address == block || finding.address == next);
    (void)ebb_destroy(heap);
}

/* ---- What is damaged ----
 *
 * Whatever the blocks hold, inspection ends and stays inside. Under the address sanitizer a step outside is seen; an
 * endless loop by the time limit of the test. The control block alone says where the region ends, so there is more to
 * trust in it: that a byte of it is wrong, or all of it overwritten with the same.
 */

/* Counts blocks, for a walk that must not go on for ever. */
static bool count_blocks(void *context, const struct ebb_block *block) {
    size_t *count = context;
    (void)block;
    (*count)++;
    return true;
}

struct last_seen {
    const struct ebb_heap *heap;
    struct ebb_block block;
    bool is_out_of_reach;
    bool is_no_block; /* is of a size that no block can have */
};

static bool note_last(void *context, const struct ebb_block *block) {
    struct last_seen *self = context;
    size_t offset = (uintptr_t)block->address - (uintptr_t)self->heap;
    size_t reach = fixture_statistics(self->heap).region_bytes;
    self->is_out_of_reach = self->is_out_of_reach || offset > reach || block->size > reach - offset;
    self->is_no_block =
        self->is_no_block || (block->kind != EBB_BLOCK_TOP && block->size % ebb_get_geometry().granule != 0);
    self->block = *block;
    return true;
}

/* A walk that says it went to its end did so, and within the region; what is sound has a sound policy. */
static void inspect_walk(const struct ebb_heap *heap) {
    struct last_seen last = {.heap = heap, .block = {.kind = EBB_BLOCK_GAP}};
    bool is_complete = ebb_walk(heap, note_last, &last);
    assert_false(last.is_out_of_reach);
    assert_false(last.is_no_block);
    assert_true(!is_complete || last.block.kind == EBB_BLOCK_TOP);
    if (ebb_check(heap).damage == EBB_SOUND) {
        struct ebb_policy policy;
        ebb_get_policy(heap, &policy);
        assert_true(is_complete);
        assert_true(policy.strategy <= EBB_FIXED);
        assert_true(policy.maximum <= ebb_get_geometry().largest_region);
        struct ebb_statistics statistics = fixture_statistics(heap);
        assert_true(statistics.region_bytes <= policy.maximum);
        assert_true(statistics.region_bytes <= statistics.peak_region_bytes);
        assert_true(statistics.live_bytes <= statistics.peak_live_bytes);
    }
}

static bool add_free(void *context, const struct ebb_block *block) {
    size_t *free_bytes = context;
    *free_bytes += block->kind == EBB_BLOCK_FREE || block->kind == EBB_BLOCK_TOP ? block->size : 0;
    return true;
}

static void inspect_damaged(struct ebb_heap *heap) {
    size_t count = 0;
    size_t free_bytes = 0;
    (void)ebb_check(heap);
    (void)ebb_walk(heap, count_blocks, &count);
    (void)ebb_walk(heap, add_free, &free_bytes);
    assert_int_equal(ebb_free_bytes(heap), free_bytes);
    assert_true(ebb_largest_free(heap) <= free_bytes);
    assert_true(count <= 4096 / ebb_get_geometry().smallest_block + 1);
    inspect_walk(heap);
}

static void test_inspection_survives_a_damaged_byte(void **state) {
    (void)state;
    static const unsigned char masks[] = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff, 0x3c};
    struct ebb_heap *heap = make_mixed();
    snapshot_take(&snapshot, heap);
    for (size_t i = 0; i < snapshot.size; i++) {
        for (size_t j = 0; j < COUNT_OF(masks); j++) {
            ((unsigned char *)heap)[i] ^= masks[j];
            inspect_damaged(heap);
            ((unsigned char *)heap)[i] ^= masks[j];
        }
    }
    fixture_end(heap, &store, &faults);
}

static void test_check_finds_an_overwritten_control_block(void **state) {
    (void)state;
    static const unsigned char fills[] = {0x00, 0xff, 0x55, 0xaa, 0x01, 0x7f, 0x80};
    struct ebb_heap *heap = make_mixed();
    snapshot_take(&snapshot, heap);
    for (size_t i = 0; i < COUNT_OF(fills); i++) {
        memset(heap, fills[i], ebb_get_geometry().control_block);
        struct ebb_finding finding = ebb_check(heap);
        assert_true(finding.damage != EBB_SOUND);
        inspect_damaged(heap);
        snapshot_restore(&snapshot, heap);
    }
    fixture_end(heap, &store, &faults);
}

/* Numbers so large that a sum with them begins again from 0. */
static void test_inspection_survives_huge_numbers(void **state) {
    (void)state;
    static const size_t below[] = {0, 7, 15, 600, 1000, 1007, 2000, 2015, 3000, 3007, 4000, 4079, 5000};
    struct ebb_heap *heap = make_mixed();
    snapshot_take(&snapshot, heap);
    for (size_t i = 0; i + sizeof(size_t) <= ebb_get_geometry().control_block; i += sizeof(size_t) / 2) {
        for (size_t j = 0; j < COUNT_OF(below); j++) {
            size_t huge = SIZE_MAX - below[j];
            memcpy((unsigned char *)heap + i, &huge, sizeof huge);
            inspect_damaged(heap);
            snapshot_restore(&snapshot, heap);
        }
    }
    fixture_end(heap, &store, &faults);
}

static void test_inspection_survives_much_damage(void **state) {
    (void)state;
    struct random random;
    random_seed(&random, 4711);
    struct ebb_heap *heap = make_mixed();
    snapshot_take(&snapshot, heap);
    for (uint32_t round = 0; round < 3000 * console_effort(); round++) {
        uint32_t hits = 1 + random_below(&random, 40);
        size_t first = ebb_get_geometry().control_block;
        for (uint32_t hit = 0; hit < hits; hit++) {
            size_t offset = first + random_below(&random, (uint32_t)(snapshot.size - first));
            ((unsigned char *)heap)[offset] = (unsigned char)random_next(&random);
        }
        inspect_damaged(heap);
        snapshot_restore(&snapshot, heap);
    }
    fixture_end(heap, &store, &faults);
}

/* Policy, handler and counters can hold anything; the lists, which are two fifths of it at the least, cannot. */
static void test_check_finds_damaged_lists_of_the_control_block(void **state) {
    (void)state;
    struct ebb_heap *heap = make_mixed();
    size_t control = ebb_get_geometry().control_block;
    uint32_t found = 0;
    for (size_t i = 0; i < control; i++) {
        ((unsigned char *)heap)[i] ^= 0xff;
        struct ebb_finding finding = ebb_check(heap);
        found += finding.damage != EBB_SOUND;
        ((unsigned char *)heap)[i] ^= 0xff;
    }
    assert_true(found * 5 >= control * 2);
    fixture_end(heap, &store, &faults);
}

/* Who compiles a program need not have compiled the library: compilers for Arm differ in how wide an enum is. */
static void test_no_public_structure_depends_on_how_wide_an_enum_is(void **state) {
    (void)state;
    assert_int_equal(sizeof((struct ebb_policy){0}.strategy), sizeof(uint32_t));
    assert_int_equal(sizeof((struct ebb_block){0}.kind), sizeof(uint32_t));
    assert_int_equal(sizeof((struct ebb_finding){0}.damage), sizeof(uint32_t));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_library_says_which_version_it_is),
        cmocka_unit_test(test_figures_follow_the_calls),
        cmocka_unit_test(test_largest_free_can_be_had),
        cmocka_unit_test(test_largest_free_can_be_had_wherever_the_region_ends),
        cmocka_unit_test(test_visitor_ends_the_walk),
        cmocka_unit_test(test_inspection_changes_nothing),
        cmocka_unit_test(test_heap_can_be_restored_from_its_bytes),
        cmocka_unit_test(test_check_finds_damaged_headers),
        cmocka_unit_test(test_check_finds_use_after_free),
        cmocka_unit_test(test_check_names_the_address),
        cmocka_unit_test(test_inspection_survives_a_damaged_byte),
        cmocka_unit_test(test_check_finds_an_overwritten_control_block),
        cmocka_unit_test(test_inspection_survives_huge_numbers),
        cmocka_unit_test(test_inspection_survives_much_damage),
        cmocka_unit_test(test_check_finds_damaged_lists_of_the_control_block),
        cmocka_unit_test(test_no_public_structure_depends_on_how_wide_an_enum_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
