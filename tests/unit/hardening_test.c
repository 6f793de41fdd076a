/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What hardening level 2 finds beyond the pointers of level 1; and that levels are what they say. */
#include "support/heap_fixture.h"
#include "support/level.h"
#include "support/numbers.h"
#include "support/test.h"

#include <string.h>

static struct scripted_store store;
static struct fault_log faults;
static struct snapshot snapshot;

static struct ebb_heap *make_heap(void) {
    needs_level(2, "free memory and headers are believed");
    struct ebb_heap *heap = fixture_fixed_heap(&store, 4096, &faults);
    set_known_secret(heap);
    return heap;
}

/* A heap in which `block` lies between two free ones. */
static struct ebb_heap *make_block_between(unsigned char *neighbours[2], unsigned char **block) {
    struct ebb_heap *heap = make_heap();
    neighbours[0] = fixture_alloc(heap, 60);
    *block = fixture_alloc(heap, 60);
    neighbours[1] = fixture_alloc(heap, 90);
    fixture_alloc(heap, 60);
    ebb_free(heap, neighbours[0]);
    ebb_free(heap, neighbours[1]);
    return heap;
}

/* Writes to both, or takes that back. */
static void flip_bits_of(unsigned char *neighbours[2]) {
    neighbours[0][30] ^= 1;
    neighbours[1][30] ^= 1;
}

/* What is found tells `address`, and leaves every block as it was. */
static void expect_found(struct ebb_heap *heap, const void *address) {
    fault_log_expect(&faults, EBB_FAULT_CORRUPT, address);
    snapshot_assert_same_blocks(&snapshot, heap);
}

static void flip_bit(unsigned char *bytes, size_t bit) {
    bytes[bit / 8] = (unsigned char)(bytes[bit / 8] ^ 1u << bit % 8);
}

/* What sizes count, in bytes: by the first block, and what its header says of it, flags apart. */
static bool note_unit(void *context, const struct ebb_block *block) {
    const unsigned char *header = (const unsigned char *)block->address - number_size();
    *(size_t *)context = block->size / (read_number(header) / 4 * 4);
    return false;
}

/* The link to a block, as the heap counts it: as sizes. */
static uint32_t link_to(const struct ebb_heap *heap, const unsigned char *block) {
    size_t unit = 0;
    (void)ebb_walk(heap, note_unit, &unit);
    return (uint32_t)((size_t)(block - number_size() - (const unsigned char *)heap) / unit);
}

/* ---- Headers ---- */

static void test_level_is_what_the_header_allows(void **state) {
    (void)state;
    struct ebb_geometry geometry = ebb_get_geometry();
    assert_true(geometry.hardening <= 2);
    size_t link = geometry.largest_region > 1024 * 1024 ? 4 : 2;
    assert_int_equal(geometry.header, geometry.hardening == 2 ? 2 * link : link);
}

static void test_any_change_of_a_header_is_found(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    unsigned char *block = fixture_alloc(heap, 40);
    unsigned char *next = fixture_alloc(heap, 40);
    unsigned char *header = next - ebb_get_geometry().header;
    for (size_t bit = 0; bit < 8 * ebb_get_geometry().header; bit++) {
        flip_bit(header, bit);
        snapshot_take(&snapshot, heap);
        ebb_free(heap, block);
        expect_found(heap, block);
        flip_bit(header, bit);
    }
    ebb_free(heap, block);
    ebb_free(heap, next);
    fault_log_expect_none(&faults);
    fixture_assert_sound(heap, &store);
}

static void test_header_is_good_at_its_place_only(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    size_t header = ebb_get_geometry().header;
    unsigned char *block = fixture_alloc(heap, 40);
    unsigned char *other = fixture_alloc(heap, 40);
    fixture_alloc(heap, 40);
    memcpy(other - header, block - header, header);
    snapshot_take(&snapshot, heap);
    ebb_free(heap, other);
    expect_found(heap, other);
}

/* Nor a bit further up with a size that is smaller by as much: a block within a block. */
static void test_header_of_a_block_within_is_found(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    size_t header = ebb_get_geometry().header;
    unsigned char *block = fixture_alloc(heap, 100);
    fixture_alloc(heap, 40);
    unsigned char *within = block + ebb_get_geometry().granule;
    uint32_t number = link_to(heap, within) - link_to(heap, block);
    memcpy(within - header, block - header, header);
    write_number(number_before(within), read_number(number_before(block)) - number);
    snapshot_take(&snapshot, heap);
    ebb_free(heap, within);
    expect_found(heap, within);
}

static void expect_any_change_of_a_free_header_found(size_t size) {
    struct ebb_heap *heap = make_heap();
    unsigned char *left = fixture_alloc(heap, 40);
    unsigned char *freed = fixture_alloc(heap, size);
    fixture_alloc(heap, 40);
    ebb_free(heap, freed);
    unsigned char *header = freed - ebb_get_geometry().header;
    for (size_t bit = 0; bit < 8 * ebb_get_geometry().header; bit++) {
        flip_bit(header, bit);
        snapshot_take(&snapshot, heap);
        assert_null(ebb_alloc(heap, size));
        expect_found(heap, freed);
        assert_null(ebb_realloc(heap, left, 90));
        expect_found(heap, left);
        flip_bit(header, bit);
    }
    assert_ptr_equal(ebb_alloc(heap, size), freed);
    fault_log_expect_none(&faults);
}

/* Too much written to the left neighbour of a free block hits its header: also one that seems too small to be taken. */
static void test_any_change_of_a_free_header_is_found(void **state) {
    (void)state;
    expect_any_change_of_a_free_header_found(40);
    expect_any_change_of_a_free_header_found(400);
}

/* Nor is the block that was cut last passed over because its header says that it is too small. */
static void test_any_change_of_the_header_of_what_was_cut_last_is_found(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    unsigned char *large = fixture_alloc(heap, 1000);
    fixture_alloc(heap, 40);
    ebb_free(heap, large);
    assert_ptr_equal(ebb_alloc(heap, 40), large);
    unsigned char *rest = large + survey_block_for(40);
    unsigned char *header = rest - ebb_get_geometry().header;
    for (size_t bit = 0; bit < 8 * ebb_get_geometry().header; bit++) {
        flip_bit(header, bit);
        snapshot_take(&snapshot, heap);
        assert_null(ebb_alloc(heap, 900));
        expect_found(heap, rest);
        flip_bit(header, bit);
    }
    assert_ptr_equal(ebb_alloc(heap, 900), rest);
    fault_log_expect_none(&faults);
}

/* When it makes way for another, it is in no list then: its header names a size, but it is not that of any block. */
static void test_damaged_header_of_what_was_cut_last_spoils_no_other_block(void **state) {
    (void)state;
    static const unsigned char written[] = {0, 0x7F, UINT8_MAX};
    for (size_t i = 0; i < COUNT_OF(written); i++) {
        struct ebb_heap *heap = make_heap();
        unsigned char *large = fixture_alloc(heap, 400);
        fixture_alloc(heap, 40);
        unsigned char *pairs[4];
        unsigned char *between = NULL;
        for (size_t j = 0; j < COUNT_OF(pairs); j++) {
            pairs[j] = fixture_alloc(heap, 100);
            between = j == 1 ? fixture_alloc(heap, 40) : between;
        }
        unsigned char *end = fixture_alloc(heap, 40);
        ebb_free(heap, large);
        assert_ptr_equal(ebb_alloc(heap, 40), large);
        unsigned char *rest = large + survey_block_for(40);
        memset(rest - ebb_get_geometry().header, written[i], ebb_get_geometry().header);
        for (size_t j = 0; j < COUNT_OF(pairs); j++) {
            ebb_free(heap, pairs[j]);
        }
        ebb_free(heap, between);
        fault_log_expect_none(&faults);
        assert_ptr_equal(ebb_alloc(heap, (size_t)(end - pairs[0]) - ebb_get_geometry().header), pairs[0]);
        assert_non_null(ebb_alloc(heap, 1000));
        fault_log_expect_none(&faults);
        assert_true(scripted_store_intact(&store));
    }
}

/* Too much written to the last block hits the header of the idle end. */
static void test_any_change_of_the_last_header_is_found(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    unsigned char *last = fixture_alloc(heap, 40);
    unsigned char *idle = fixture_alloc(heap, 40);
    ebb_free(heap, idle);
    unsigned char *header = idle - ebb_get_geometry().header;
    for (size_t bit = 0; bit < 8 * ebb_get_geometry().header; bit++) {
        flip_bit(header, bit);
        snapshot_take(&snapshot, heap);
        assert_null(ebb_alloc(heap, 40));
        expect_found(heap, idle);
        ebb_free(heap, last);
        expect_found(heap, last);
        flip_bit(header, bit);
    }
    assert_ptr_equal(ebb_alloc(heap, 40), idle);
    fault_log_expect_none(&faults);
}

/* ---- Writes to free memory ---- */

/* Every byte of a freed block but those that the heap writes there: two links, and a footer. */
static void test_write_after_free_is_found_when_handed_out(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    unsigned char *block = fixture_alloc(heap, 60);
    size_t usable = ebb_usable_size(heap, block);
    fixture_alloc(heap, 40);
    ebb_free(heap, block);
    for (size_t byte = 0; byte < usable; byte++) {
        block[byte] ^= 0x10;
        bool is_link = byte < ebb_get_geometry().header;
        bool is_footer = byte >= usable - number_size();
        struct ebb_finding finding = ebb_check(heap);
        assert_true(finding.damage == EBB_WRITTEN_AFTER_FREE || is_link || is_footer);
        assert_true(finding.damage == EBB_DAMAGED_FOOTER || !is_footer);
        snapshot_take(&snapshot, heap);
        void *none = ebb_alloc(heap, 60);
        assert_null(none);
        expect_found(heap, block);
        block[byte] ^= 0x10;
    }
    assert_int_equal(fixture_statistics(heap).failed_requests, usable);
    unsigned char *again = ebb_alloc(heap, 60);
    assert_ptr_equal(again, block);
    fault_log_expect_none(&faults);
}

/* A block that is found when others of its list, of its size class or the loose block, have been passed over. */
static void test_write_after_free_is_found_wherever_a_block_comes_from(void **state) {
    (void)state;
    static const size_t sizes[] = {400, 420, 440};
    unsigned char *blocks[COUNT_OF(sizes)];
    struct ebb_heap *heap = make_heap();
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        blocks[i] = fixture_alloc(heap, sizes[i]);
        fixture_alloc(heap, 20);
    }
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        ebb_free(heap, blocks[COUNT_OF(sizes) - 1 - i]);
    }
    /* The list begins with the smallest. Its link on leads astray: the largest cannot be reached. */
    blocks[0][number_size()] ^= 1;
    snapshot_take(&snapshot, heap);
    assert_null(ebb_alloc(heap, 440));
    expect_found(heap, blocks[0]);
    /* None of them has room for it: the link would be followed. */
    void *page = ebb_aligned_alloc(heap, 4096, 400);
    fault_log_expect(&faults, EBB_FAULT_CORRUPT, blocks[0]);
    ebb_free(heap, page);
    blocks[0][number_size()] ^= 1;
    /* Of another class than the request's, and more than it needs: cut, it is the loose block then. */
    assert_ptr_equal(ebb_alloc(heap, 200), blocks[0]);
    unsigned char *rest = blocks[0] + survey_block_for(200);
    rest[20] ^= 1;
    snapshot_take(&snapshot, heap);
    assert_null(ebb_alloc(heap, 190));
    expect_found(heap, rest);
    /* Aligned allocation looks elsewhere. */
    void *aligned = ebb_aligned_alloc(heap, 32, 100);
    fault_log_expect(&faults, EBB_FAULT_CORRUPT, rest);
    assert_non_null(aligned);
    rest[20] ^= 1;
    fault_log_expect_none(&faults);
    fixture_assert_sound(heap, &store);
}

/* What is too small to be left is handed out as well. */
static void test_write_after_free_is_found_in_what_is_too_small_to_be_left(void **state) {
    (void)state;
    if (ebb_get_geometry().smallest_block == ebb_get_geometry().granule) {
        print_message("nothing is too small to be left\n");
        skip();
    }
    struct ebb_heap *heap = make_heap();
    unsigned char *block = fixture_alloc(heap, 60);
    size_t usable = ebb_usable_size(heap, block);
    size_t footer = usable - number_size();
    fixture_alloc(heap, 20);
    ebb_free(heap, block);
    for (size_t byte = ebb_get_geometry().header; byte < footer; byte++) {
        block[byte] ^= 1;
        snapshot_take(&snapshot, heap);
        assert_null(ebb_alloc(heap, usable - ebb_get_geometry().granule));
        expect_found(heap, block);
        block[byte] ^= 1;
    }
    assert_ptr_equal(ebb_alloc(heap, usable - ebb_get_geometry().granule), block);
    fault_log_expect_none(&faults);
}

/* A large block is cut at its lower end: all of what is handed out is looked at, and where the rest is to begin. */
static void test_write_after_free_is_found_in_the_part_that_is_handed_out(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    unsigned char *block = fixture_alloc(heap, 800);
    size_t links = ebb_get_geometry().header;
    size_t rest = survey_block_for(100);
    fixture_alloc(heap, 20);
    ebb_free(heap, block);
    for (size_t byte = links; byte < rest + links; byte++) {
        block[byte] ^= 1;
        snapshot_take(&snapshot, heap);
        assert_null(ebb_alloc(heap, 100));
        expect_found(heap, block);
        block[byte] ^= 1;
    }
    /* And nothing else, which need not be in order yet. */
    block[rest + links] ^= 1;
    assert_ptr_equal(ebb_alloc(heap, 100), block);
    fault_log_expect_none(&faults);
}

static void test_write_after_free_is_found_by_the_neighbour_that_would_merge(void **state) {
    (void)state;
    unsigned char *damaged[2];
    unsigned char *block;
    struct ebb_heap *heap = make_block_between(damaged, &block);
    for (size_t i = 0; i < COUNT_OF(damaged); i++) {
        damaged[i][0] ^= 0x04;
        snapshot_take(&snapshot, heap);
        assert_ptr_equal(ebb_realloc(heap, block, 60), block);
        ebb_free(heap, block);
        expect_found(heap, damaged[i]);
        /* Nor is that counted, by the policy's clock or otherwise. */
        snapshot_assert_same(&snapshot, heap);
        void *none = ebb_realloc(heap, block, 100);
        assert_null(none);
        expect_found(heap, damaged[i]);
        damaged[i][0] ^= 0x04;
    }
    ebb_free(heap, block);
    fault_log_expect_none(&faults);
    fixture_assert_sound(heap, &store);
}

/* Zeroes are what is written most often: they do not pass for what a gap has in the place of a footer. */
static void test_zeroes_written_after_free_are_found_by_the_neighbour_that_would_merge(void **state) {
    (void)state;
    unsigned char *neighbours[2];
    unsigned char *block;
    struct ebb_heap *heap = make_block_between(neighbours, &block);
    uint32_t size_of_left = read_number(footer_before(block));
    write_number(footer_before(block), 0);
    snapshot_take(&snapshot, heap);
    ebb_free(heap, block);
    assert_int_equal(faults.count, 1);
    expect_found(heap, faults.address);
    write_number(footer_before(block), size_of_left);
    ebb_free(heap, block);
    fault_log_expect_none(&faults);
    fixture_assert_sound(heap, &store);
}

/* A block that becomes smaller gives its tail to its right neighbour. */
static void test_write_after_free_is_found_by_the_tail_that_would_merge(void **state) {
    (void)state;
    unsigned char *neighbours[2];
    unsigned char *block;
    struct ebb_heap *heap = make_block_between(neighbours, &block);
    neighbours[1][0] ^= 0x04;
    snapshot_take(&snapshot, heap);
    assert_null(ebb_realloc(heap, block, 10));
    expect_found(heap, neighbours[1]);
    neighbours[1][0] ^= 0x04;
    assert_ptr_equal(ebb_realloc(heap, block, 10), block);
    fault_log_expect_none(&faults);
    fixture_assert_sound(heap, &store);
}

static void test_resizing_looks_at_what_it_takes_in(void **state) {
    (void)state;
    unsigned char *damaged[2];
    unsigned char *block;
    struct ebb_heap *heap = make_block_between(damaged, &block);
    for (size_t i = 0; i < COUNT_OF(damaged); i++) {
        damaged[i][30] ^= 0x04;
        snapshot_take(&snapshot, heap);
        assert_ptr_equal(ebb_realloc(heap, block, 60), block);
        assert_null(ebb_realloc(heap, block, 120));
        expect_found(heap, damaged[i]);
        damaged[i][30] ^= 0x04;
    }
    assert_int_equal(fixture_statistics(heap).failed_requests, COUNT_OF(damaged));
    assert_non_null(ebb_realloc(heap, block, 120));
    fault_log_expect_none(&faults);
    fixture_assert_sound(heap, &store);
}

static void test_write_to_the_idle_end_is_found(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    unsigned char *left = fixture_alloc(heap, 40);
    unsigned char *block = fixture_alloc(heap, 200);
    ebb_free(heap, block);
    for (size_t byte = 0; byte < 200; byte++) {
        block[byte] ^= 1;
        assert_int_equal(ebb_check(heap).damage, EBB_WRITTEN_AFTER_FREE);
        block[byte] ^= 1;
    }
    block[100] ^= 1;
    snapshot_take(&snapshot, heap);
    void *none = ebb_alloc(heap, 200);
    assert_null(none);
    expect_found(heap, block);
    none = ebb_aligned_alloc(heap, 64, 200);
    assert_null(none);
    expect_found(heap, block);
    none = ebb_realloc(heap, left, 200);
    assert_null(none);
    expect_found(heap, block);
    /* However large the alignment is, all of the block is looked at. */
    block[100] ^= 1;
    block[195] ^= 1;
    snapshot_take(&snapshot, heap);
    none = ebb_aligned_alloc(heap, 2 * ebb_get_geometry().granule, 200);
    assert_null(none);
    expect_found(heap, block);
    block[195] ^= 1;
    block[100] ^= 1;
    /* Each of them was a request. */
    assert_int_equal(fixture_statistics(heap).failed_requests, 4);
    /* Below the damage, there is enough for a small one, and to become larger. */
    void *small = ebb_alloc(heap, 40);
    assert_ptr_equal(small, block);
    ebb_free(heap, small);
    assert_ptr_equal(ebb_realloc(heap, left, 120), left);
    fault_log_expect_none(&faults);
}

/* A store that took part of a granule gives it again as it likes: that nobody has written there is still true. */
static void test_memory_that_comes_again_is_not_damaged(void **state) {
    (void)state;
    needs_level(2, "nobody looks at free memory");
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 1024};
    size_t granule = ebb_get_geometry().granule;
    for (size_t i = 0; i < 4 * granule; i++) {
        size_t taken = 1 + i / 2;
        size_t given = i % 2 == 0 ? 1 : 100;
        struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
        ebb_free(heap, fixture_alloc(heap, 3000));
        store.shrink_script = (struct script){.answer = ANSWER_LESS, .detail = taken, .times = 1};
        assert_int_equal(ebb_trim(heap), taken);
        /* Growth that is not enough: what has come is idle then. */
        store.grow_script = (struct script){.answer = ANSWER_LESS, .detail = given, .times = 2};
        assert_null(ebb_alloc(heap, 20000));
        fixture_assert_sound(heap, &store);
        assert_non_null(ebb_alloc(heap, ebb_largest_free(heap)));
        fault_log_expect_none(&faults);
        (void)ebb_destroy(heap);
    }
}

/* ---- What free blocks say of each other ---- */

/* A freed block's link is overwritten, and leads to what is in no list, but leads back: both are an attacker's. */
static void test_forged_link_to_what_is_in_no_list_is_found(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    unsigned char *freed = fixture_alloc(heap, 60);
    unsigned char *in_use = fixture_alloc(heap, 60);
    unsigned char *idle = fixture_alloc(heap, 60);
    ebb_free(heap, idle);
    ebb_free(heap, freed);
    unsigned char *const targets[] = {in_use, idle};
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        write_number(freed + number_size(), link_to(heap, targets[i]));
        write_number(targets[i], link_to(heap, freed));
        snapshot_take(&snapshot, heap);
        assert_null(ebb_alloc(heap, 60));
        expect_found(heap, freed);
    }
}

/* Or to a block of another list, forwards or backwards: that one would be in two lists, or would lose its own. */
static void test_forged_link_into_another_list_is_found(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    size_t number = number_size();
    unsigned char *freed = fixture_alloc(heap, 60);
    fixture_alloc(heap, 60);
    unsigned char *other = fixture_alloc(heap, 300);
    fixture_alloc(heap, 60);
    ebb_free(heap, other);
    ebb_free(heap, freed);
    for (size_t i = 0; i < 2; i++) {
        uint32_t link = read_number(freed + i * number);
        write_number(freed + i * number, link_to(heap, other));
        snapshot_take(&snapshot, heap);
        assert_null(ebb_alloc(heap, 60));
        expect_found(heap, freed);
        write_number(freed + i * number, link);
    }
    assert_ptr_equal(ebb_alloc(heap, 60), freed);
}

/* By two forgeries in a row, a block gets into the list of larger ones, and agrees with all that links to it. */
static void test_smaller_block_in_a_list_of_larger_ones_is_found(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    size_t number = number_size();
    size_t granule = ebb_get_geometry().granule;
    size_t header = ebb_get_geometry().header;
    unsigned char *blocks[3];
    for (size_t i = 0; i < COUNT_OF(blocks); i++) {
        blocks[i] = fixture_alloc(heap, (3 + i) * granule - header);
        fixture_alloc(heap, 1);
    }
    unsigned char *smaller = blocks[0];
    unsigned char *fitting = blocks[1];
    unsigned char *other = blocks[2];
    ebb_free(heap, smaller);
    ebb_free(heap, fitting);
    ebb_free(heap, other);
    write_number(fitting + number, link_to(heap, smaller));
    write_number(smaller, link_to(heap, fitting));
    assert_ptr_equal(ebb_alloc(heap, 4 * granule - header), fitting);
    write_number(smaller, link_to(heap, other));
    write_number(other + number, link_to(heap, smaller));
    snapshot_take(&snapshot, heap);
    assert_null(ebb_alloc(heap, 4 * granule - header));
    expect_found(heap, smaller);
}

/* A block that leads to itself would be handed out again and again. */
static void test_forged_link_to_itself_is_found(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    unsigned char *freed = fixture_alloc(heap, 60);
    (void)fixture_alloc(heap, 60);
    ebb_free(heap, freed);
    write_number(freed, link_to(heap, freed));
    write_number(freed + number_size(), link_to(heap, freed));
    snapshot_take(&snapshot, heap);
    assert_null(ebb_alloc(heap, 60));
    expect_found(heap, freed);
}

/* A footer that leads beyond its block to another free one: what lies between would become free. */
static void test_forged_footer_that_leads_to_another_free_block_is_found(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    unsigned char *other = fixture_alloc(heap, 60);
    (void)fixture_alloc(heap, 60);
    unsigned char *left = fixture_alloc(heap, 60);
    unsigned char *block = fixture_alloc(heap, 60);
    (void)fixture_alloc(heap, 60);
    ebb_free(heap, other);
    ebb_free(heap, left);
    write_number(footer_before(block), link_to(heap, block) - link_to(heap, other));
    snapshot_take(&snapshot, heap);
    ebb_free(heap, block);
    expect_found(heap, other);
}

/* What lies behind memory that is about to be used has a header, which is written again then, and sealed. */
static void test_forged_header_is_not_sealed_when_its_left_neighbour_changes(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    unsigned char *block = fixture_alloc(heap, 40);
    unsigned char *freed = fixture_alloc(heap, 40);
    unsigned char *behind = fixture_alloc(heap, 40);
    unsigned char *header = number_before(behind);
    ebb_free(heap, freed);
    header[0] ^= 0x40;
    snapshot_take(&snapshot, heap);
    assert_null(ebb_alloc(heap, 40));
    expect_found(heap, freed);
    assert_null(ebb_realloc(heap, block, 80));
    expect_found(heap, freed);
    header[0] ^= 0x40;
    assert_ptr_equal(ebb_realloc(heap, block, 80), block);
    fault_log_expect_none(&faults);
}

/* A header that was good at its place once says that a block is smaller than any of its list. */
static void test_former_header_in_a_list_of_larger_blocks_is_found(void **state) {
    (void)state;
    enum { MOST_HEADER = 8 };
    unsigned char former[MOST_HEADER];
    struct ebb_heap *heap = make_heap();
    struct ebb_geometry geometry = ebb_get_geometry();
    unsigned char *block = fixture_alloc(heap, 10 * geometry.granule - geometry.header);
    unsigned char *swallowed = fixture_alloc(heap, 10 * geometry.granule - geometry.header);
    fixture_alloc(heap, 1);
    unsigned char *left = fixture_alloc(heap, 7 * geometry.granule - geometry.header);
    unsigned char *right = fixture_alloc(heap, 7 * geometry.granule - geometry.header);
    fixture_alloc(heap, 1);
    ebb_free(heap, block);
    assert_true(geometry.header <= sizeof former);
    memcpy(former, block - geometry.header, geometry.header);
    ebb_free(heap, swallowed);
    ebb_free(heap, left);
    ebb_free(heap, right);
    /* There is no room for it, so that the smallest of a few is taken from now on. */
    fixture_alloc(heap, 40 * geometry.granule - geometry.header);
    memcpy(block - geometry.header, former, geometry.header);
    snapshot_take(&snapshot, heap);
    assert_null(ebb_alloc(heap, 15 * geometry.granule - geometry.header));
    expect_found(heap, block);
}

/* ---- Somebody else's memory within the region ---- */

enum { GAP = 128 };

static void open_gap(void) {
    store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = GAP, .times = 1};
}

/* A heap in which `block`, of `size` bytes, is the first thing above a gap. */
static struct ebb_heap *make_block_above_gap(unsigned char **block, size_t size) {
    needs_level(2, "free memory and headers are believed");
    static const struct ebb_policy by_little = {.strategy = EBB_GROW_ONLY, .quantum = 16};
    struct ebb_heap *heap = fixture_heap(&store, 0, &by_little, &faults);
    set_known_secret(heap);
    fixture_alloc(heap, 40);
    open_gap();
    *block = fixture_alloc(heap, size);
    assert_true(*block > store.arena + store.foreign[0].to);
    return heap;
}

/* Where it is said how large the free block to the left is: there is none, but a gap. */
static void forge_size_of_left(const struct ebb_heap *heap, unsigned char *block, size_t bytes) {
    write_number(footer_before(block), link_to(heap, block) - link_to(heap, block - bytes));
}

static void test_gap_that_seems_to_be_free_is_not_merged_with_what_lies_before_an_aligned_block(void **state) {
    (void)state;
    unsigned char *block;
    struct ebb_heap *heap = make_block_above_gap(&block, 1000);
    fixture_alloc(heap, 40);
    ebb_free(heap, block);
    const uint32_t gap = read_number(footer_before(block));
    forge_size_of_left(heap, block, GAP / 2);
    size_t alignment = 2 * ebb_get_geometry().granule;
    while ((uintptr_t)block % alignment == 0) {
        alignment *= 2;
    }
    unsigned char *elsewhere = ebb_aligned_alloc(heap, alignment, 40);
    fault_log_expect(&faults, EBB_FAULT_CORRUPT, block);
    assert_true(elsewhere > block + 1000);
    write_number(footer_before(block), gap);
    fixture_assert_sound(heap, &store);
}

static void test_gap_that_seems_to_be_free_is_not_merged_with_what_lies_below_another(void **state) {
    (void)state;
    unsigned char *idle;
    struct ebb_heap *heap = make_block_above_gap(&idle, 1000);
    ebb_free(heap, idle);
    forge_size_of_left(heap, idle, GAP / 2);
    open_gap();
    assert_null(ebb_alloc(heap, 3000));
    fault_log_expect(&faults, EBB_FAULT_CORRUPT, idle);
    assert_true(scripted_store_intact(&store));
}

/* A change of policy can make a gap, too. */
static void test_damaged_header_below_a_gap_is_not_sealed(void **state) {
    (void)state;
    unsigned char *idle;
    struct ebb_heap *heap = make_block_above_gap(&idle, 40);
    ebb_free(heap, idle);
    unsigned char *header = idle - ebb_get_geometry().header;
    header[0] ^= 1;
    open_gap();
    size_t region = fixture_statistics(heap).region_bytes;
    struct ebb_policy fixed = {.strategy = EBB_FIXED, .maximum = region + 1000};
    assert_false(ebb_set_policy(heap, &fixed));
    assert_int_equal(ebb_check(heap).damage, EBB_DAMAGED_HEADER);
    assert_true(faults.count > 0 && faults.fault == EBB_FAULT_CORRUPT && faults.address == idle);
    header[0] ^= 1;
    fixture_assert_sound(heap, &store);
}

/* Nor does idle memory that was written to become a free block below a gap. */
static void test_write_to_what_is_idle_below_a_gap_is_found(void **state) {
    (void)state;
    unsigned char *idle;
    struct ebb_heap *heap = make_block_above_gap(&idle, 100);
    ebb_free(heap, idle);
    idle[60] ^= 1;
    open_gap();
    struct ebb_policy fixed = {.strategy = EBB_FIXED, .maximum = fixture_statistics(heap).region_bytes + 1000};
    assert_false(ebb_set_policy(heap, &fixed));
    assert_true(faults.count > 0 && faults.fault == EBB_FAULT_CORRUPT && faults.address == idle);
    idle[60] ^= 1;
    fixture_assert_sound(heap, &store);
}

/* Or somebody else's memory would go back with it. */
static void test_header_that_hides_a_gap_is_not_believed_when_the_heap_ends(void **state) {
    (void)state;
    unsigned char *block;
    struct ebb_heap *heap = make_block_above_gap(&block, 100);
    unsigned char *idle = fixture_alloc(heap, 40);
    ebb_free(heap, idle);
    struct survey survey;
    survey_take(&survey, heap);
    assert_int_equal(survey.gaps, 1);
    unsigned char *number = number_before(survey.last_gap);
    write_number(number, read_number(number) + link_to(heap, idle) - link_to(heap, block));
    size_t region = fixture_statistics(heap).region_bytes;
    assert_int_equal(ebb_destroy(heap), region);
    assert_true(scripted_store_intact(&store));
}

/* ---- A damaged heap goes on ---- */

static void test_what_is_left_serves_on(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    unsigned char *damaged = fixture_alloc(heap, 20);
    fixture_alloc(heap, 20);
    unsigned char *sound = fixture_alloc(heap, 100);
    fixture_alloc(heap, 20);
    ebb_free(heap, damaged);
    ebb_free(heap, sound);
    damaged[0] ^= 0x04;
    void *block = ebb_alloc(heap, 100);
    assert_ptr_equal(block, sound);
    ebb_free(heap, block);
    fault_log_expect_none(&faults);
}

/* What lies to the left of a block has nothing to do with making it smaller. */
static void test_smaller_block_stays_beside_written_memory(void **state) {
    (void)state;
    unsigned char *neighbours[2];
    unsigned char *block;
    struct ebb_heap *heap = make_block_between(neighbours, &block);
    flip_bits_of(neighbours);
    assert_ptr_equal(ebb_realloc(heap, block, 1), block);
    fault_log_expect_none(&faults);
}

/* What is idle is looked at where a policy may make a block of it: where it takes all that the maximum allows. */
static void test_written_idle_memory_does_not_keep_a_heap_from_another_policy(void **state) {
    (void)state;
    needs_level(2, "free memory is believed");
    static const struct ebb_policy grow_only = {.strategy = EBB_GROW_ONLY};
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    unsigned char *freed = fixture_alloc(heap, 60);
    ebb_free(heap, freed);
    freed[30] ^= 1;
    assert_true(ebb_set_policy(heap, &grow_only));
    freed[30] ^= 1;
    fixture_end(heap, &store, &faults);
}

/* What is idle was written to, and is to go below a gap: that is found before the store is asked. */
static void test_handler_may_leave_a_change_of_the_policy(void **state) {
    (void)state;
    needs_level(2, "free memory is believed");
    static const struct ebb_policy fixed = {.strategy = EBB_FIXED, .maximum = 8000};
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    unsigned char *freed = fixture_alloc(heap, 60);
    ebb_free(heap, freed);
    memset(freed, 1, 60);
    struct ebb_policy before;
    struct ebb_policy after;
    ebb_get_policy(heap, &before);
    snapshot_take(&snapshot, heap);
    size_t end = store.end;
    store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = 64, .times = 1};
    ebb_set_fault_handler(heap, fault_log_leave, NULL);
    if (setjmp(fault_log_way_out) == 0) {
        (void)ebb_set_policy(heap, &fixed);
        fail();
    }
    ebb_get_policy(heap, &after);
    assert_int_equal(after.strategy, before.strategy);
    assert_int_equal(after.maximum, before.maximum);
    assert_int_equal(store.end, end);
    snapshot_assert_same_blocks(&snapshot, heap);
}

/* Takes, enlarges and frees a block that does not meet what is damaged. */
static void use_heap(void *context, enum ebb_fault fault, const void *address) {
    struct ebb_heap *heap = context;
    (void)address;
    assert_int_equal(fault, EBB_FAULT_CORRUPT);
    void *block = ebb_realloc(heap, ebb_alloc(heap, 400), 800);
    assert_non_null(block);
    ebb_free(heap, block);
}

static void test_handler_may_use_a_damaged_heap(void **state) {
    (void)state;
    unsigned char *neighbours[2];
    unsigned char *block;
    struct ebb_heap *heap = make_block_between(neighbours, &block);
    flip_bits_of(neighbours);
    ebb_set_fault_handler(heap, use_heap, heap);
    size_t live = fixture_statistics(heap).live_bytes;
    assert_null(ebb_alloc(heap, 60));
    assert_null(ebb_realloc(heap, block, 120));
    assert_int_equal(fixture_statistics(heap).live_bytes, live);
    flip_bits_of(neighbours);
    fault_log_attach(&faults, heap);
    fixture_end(heap, &store, &faults);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_level_is_what_the_header_allows),
        cmocka_unit_test(test_any_change_of_a_header_is_found),
        cmocka_unit_test(test_header_is_good_at_its_place_only),
        cmocka_unit_test(test_header_of_a_block_within_is_found),
        cmocka_unit_test(test_any_change_of_a_free_header_is_found),
        cmocka_unit_test(test_any_change_of_the_header_of_what_was_cut_last_is_found),
        cmocka_unit_test(test_damaged_header_of_what_was_cut_last_spoils_no_other_block),
        cmocka_unit_test(test_any_change_of_the_last_header_is_found),
        cmocka_unit_test(test_write_after_free_is_found_when_handed_out),
        cmocka_unit_test(test_write_after_free_is_found_wherever_a_block_comes_from),
        cmocka_unit_test(test_write_after_free_is_found_in_what_is_too_small_to_be_left),
        cmocka_unit_test(test_write_after_free_is_found_in_the_part_that_is_handed_out),
        cmocka_unit_test(test_write_after_free_is_found_by_the_neighbour_that_would_merge),
        cmocka_unit_test(test_zeroes_written_after_free_are_found_by_the_neighbour_that_would_merge),
        cmocka_unit_test(test_write_after_free_is_found_by_the_tail_that_would_merge),
        cmocka_unit_test(test_resizing_looks_at_what_it_takes_in),
        cmocka_unit_test(test_write_to_the_idle_end_is_found),
        cmocka_unit_test(test_memory_that_comes_again_is_not_damaged),
        cmocka_unit_test(test_forged_link_to_what_is_in_no_list_is_found),
        cmocka_unit_test(test_forged_link_into_another_list_is_found),
        cmocka_unit_test(test_smaller_block_in_a_list_of_larger_ones_is_found),
        cmocka_unit_test(test_forged_link_to_itself_is_found),
        cmocka_unit_test(test_forged_footer_that_leads_to_another_free_block_is_found),
        cmocka_unit_test(test_forged_header_is_not_sealed_when_its_left_neighbour_changes),
        cmocka_unit_test(test_former_header_in_a_list_of_larger_blocks_is_found),
        cmocka_unit_test(test_gap_that_seems_to_be_free_is_not_merged_with_what_lies_before_an_aligned_block),
        cmocka_unit_test(test_gap_that_seems_to_be_free_is_not_merged_with_what_lies_below_another),
        cmocka_unit_test(test_damaged_header_below_a_gap_is_not_sealed),
        cmocka_unit_test(test_write_to_what_is_idle_below_a_gap_is_found),
        cmocka_unit_test(test_header_that_hides_a_gap_is_not_believed_when_the_heap_ends),
        cmocka_unit_test(test_what_is_left_serves_on),
        cmocka_unit_test(test_smaller_block_stays_beside_written_memory),
        cmocka_unit_test(test_written_idle_memory_does_not_keep_a_heap_from_another_policy),
        cmocka_unit_test(test_handler_may_leave_a_change_of_the_policy),
        cmocka_unit_test(test_handler_may_use_a_damaged_heap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
