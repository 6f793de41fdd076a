/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * ebb_check() says which damage it is, and where. The layout of a block is that of docs/design.md: a header right
 * before the payload, with the size and two flags, and the size of a free block once more right before the next header,
 * in a unit that is learnt here.
 */
#include "support/heap_fixture.h"
#include "support/level.h"
#include "support/numbers.h"
#include "support/test.h"

#include <string.h>

static struct scripted_store store;
static struct fault_log faults;
static struct snapshot snapshot;

enum { IS_USED = 1, LEFT_IS_USED = 2, FLAGS = IS_USED | LEFT_IS_USED };

static const char sealed[] = "that a header was changed is all that is told of it";

/* Five blocks in a fixed heap: `freed` and `other` are free, and each between two that are in use. */
struct damaged {
    struct ebb_heap *heap;
    unsigned char *used, *freed, *middle, *next, *other, *last;
};

/* In units. */
static uint32_t size_of(unsigned char *block) {
    return read_number(number_before(block)) & ~(uint32_t)FLAGS;
}

static void change_flags(unsigned char *block, uint32_t set, uint32_t clear) {
    write_number(number_before(block), (read_number(number_before(block)) | set) & ~clear);
}

static struct damaged make_damaged(void) {
    struct damaged self;
    self.heap = fixture_fixed_heap(&store, 4096, &faults);
    self.used = fixture_alloc(self.heap, 100);
    self.freed = fixture_alloc(self.heap, 60);
    self.middle = fixture_alloc(self.heap, 200);
    self.next = fixture_alloc(self.heap, 100);
    self.other = fixture_alloc(self.heap, 400);
    self.last = fixture_alloc(self.heap, 100);
    ebb_free(self.heap, self.freed);
    ebb_free(self.heap, self.other);
    fixture_assert_sound(self.heap, &store);
    return self;
}

static void expect_damage(const struct damaged *self, enum ebb_damage damage, const void *address) {
    struct ebb_finding finding = ebb_check(self->heap);
    assert_int_equal(finding.damage, damage);
    assert_ptr_equal(finding.address, address);
    (void)ebb_destroy(self->heap);
}

static void test_check_tells_a_damaged_control_block(void **state) {
    (void)state;
    struct damaged self = make_damaged();
    memset(self.heap, 0xff, ebb_get_geometry().control_block);
    struct ebb_finding finding = ebb_check(self.heap);
    assert_int_equal(finding.damage, EBB_DAMAGED_CONTROL);
    assert_ptr_equal(finding.address, self.heap);
}

/* Where the control block has a size: the first place in it with this value. */
static unsigned char *place_of(struct ebb_heap *heap, size_t value) {
    unsigned char *control = (unsigned char *)heap;
    for (size_t offset = 0; offset < ebb_get_geometry().control_block; offset += sizeof value) {
        if (memcmp(control + offset, &value, sizeof value) == 0) {
            return control + offset;
        }
    }
    fail_msg("nowhere in the control block is %zu", value);
    return NULL;
}

static void replace_size(struct ebb_heap *heap, size_t value, size_t other) {
    memcpy(place_of(heap, value), &other, sizeof other);
}

/* Bounds that cannot be true, even if no block and no list contradicts them. */
static void test_check_tells_bounds_of_the_region_that_contradict_each_other(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .maximum = 5001, .quantum = 1024};
    struct damaged self = {.heap = fixture_heap(&store, 0, &policy, &faults)};
    (void)fixture_alloc(self.heap, 100);
    replace_size(self.heap, policy.maximum, fixture_statistics(self.heap).region_bytes - 1);
    expect_damage(&self, EBB_DAMAGED_CONTROL, self.heap);
    self.heap = fixture_heap(&store, 0, &policy, &faults);
    unsigned char *freed = fixture_alloc(self.heap, 300);
    (void)fixture_alloc(self.heap, 100);
    ebb_free(self.heap, freed);
    /* So the extent is no other number: more was in use once, and more was written to. */
    ebb_free(self.heap, fixture_alloc(self.heap, 500));
    struct survey survey;
    survey_take(&survey, self.heap);
    size_t extent = (size_t)(survey.end - survey.top_bytes - freed);
    replace_size(self.heap, extent, extent + 1);
    expect_damage(&self, EBB_DAMAGED_CONTROL, self.heap);
}

/* More was in blocks once than the region has. */
static void test_check_tells_blocks_that_were_beyond_the_region(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .maximum = 5001, .quantum = 1024};
    struct damaged self = {.heap = fixture_heap(&store, 0, &policy, &faults)};
    /* A hole, so that no other number is the same: as much was never in use at once. */
    unsigned char *first = fixture_alloc(self.heap, 60);
    (void)fixture_alloc(self.heap, 100);
    ebb_free(self.heap, first);
    unsigned char *highest = fixture_alloc(self.heap, 500);
    size_t most = (size_t)(highest - first) + survey_block_for(500);
    ebb_free(self.heap, highest);
    struct survey survey;
    survey_take(&survey, self.heap);
    replace_size(self.heap, most, (size_t)(survey.end - first) + 1);
    expect_damage(&self, EBB_DAMAGED_CONTROL, self.heap);
}

/* Which list a block belongs to: each size below 8 granules has its own, above that, each doubling has two. */
static size_t list_of(size_t bytes) {
    size_t granules = bytes / ebb_get_geometry().granule;
    size_t list = granules < 8 ? granules : 8;
    size_t first = 8;
    for (; granules >= 2 * first; first *= 2) {
        list += 2;
    }
    return list + (granules >= first + first / 2);
}

/* Whether the control block contradicts itself unless the byte at `place` is at least `least` and below `end`. */
static bool has_to_be_within(struct ebb_heap *heap, unsigned char *place, unsigned least, unsigned end) {
    unsigned char before = *place;
    bool is_so = true;
    for (unsigned value = 0; is_so && value <= UINT8_MAX; value++) {
        *place = (unsigned char)value;
        struct ebb_finding finding = ebb_check(heap);
        bool is_told = finding.damage == EBB_DAMAGED_CONTROL && finding.address == heap;
        is_so = is_told != (value >= least && value < end);
    }
    *place = before;
    return is_so;
}

/*
 * How many bytes of the control block that holds for. Not of the maximum, which stands twice in that of a heap that has
 * reached it: of its bytes, too, one may have to be 0 or 1.
 */
static size_t bytes_within(struct ebb_heap *heap, unsigned least, unsigned end) {
    size_t maximum = fixture_statistics(heap).region_bytes;
    const unsigned char *start = place_of(heap, maximum);
    size_t count = 0;
    for (size_t i = 0; i < ebb_get_geometry().control_block; i++) {
        unsigned char *place = (unsigned char *)heap + i;
        bool is_of_maximum = place >= start && place < start + sizeof maximum;
        count += !is_of_maximum && has_to_be_within(heap, place, least, end);
    }
    return count;
}

/* What is neither yes nor no must not be read as if it were. */
static void test_check_tells_flags_that_are_neither_yes_nor_no(void **state) {
    (void)state;
    enum { FLAGS_OF_CONTROL = 4 };
    struct damaged self = make_damaged();
    assert_int_equal(bytes_within(self.heap, 0, 2), FLAGS_OF_CONTROL);
    fixture_assert_sound(self.heap, &store);
    (void)ebb_destroy(self.heap);
}

static void test_check_tells_a_strategy_that_there_is_not(void **state) {
    (void)state;
    struct damaged self = make_damaged();
    assert_int_equal(bytes_within(self.heap, 0, EBB_FIXED + 1), 1);
    fixture_assert_sound(self.heap, &store);
    (void)ebb_destroy(self.heap);
}

/* The control block says that the highest list which has a block is a lower one, or one that there is not. */
static void test_check_tells_a_wrong_highest_list(void **state) {
    (void)state;
    struct damaged self = make_damaged();
    unsigned lists = number_size() == sizeof(uint16_t) ? 30 : SIZE_MAX > UINT32_MAX ? 62 : 58;
    assert_int_equal(bytes_within(self.heap, (unsigned)list_of(survey_block_for(400)), lists), 1);
    fixture_assert_sound(self.heap, &store);
    (void)ebb_destroy(self.heap);
}

static void test_check_tells_a_damaged_header(void **state) {
    (void)state;
    struct damaged self = make_damaged();
    write_number(number_before(self.middle), IS_USED);
    expect_damage(&self, EBB_DAMAGED_HEADER, self.middle);
    self = make_damaged();
    change_flags(self.middle, LEFT_IS_USED, 0);
    expect_damage(&self, EBB_DAMAGED_HEADER, self.middle);
    /* There is nothing to the left of the first block, and that is never free. */
    self = make_damaged();
    change_flags(self.used, 0, LEFT_IS_USED);
    expect_damage(&self, EBB_DAMAGED_HEADER, self.used);
    /* The last block reaches far into what is idle. */
    self = make_damaged();
    write_number(number_before(self.last),
                 read_number(number_before(self.last)) + read_number(number_before(self.middle)) / 4 * 4);
    expect_damage(&self, EBB_DAMAGED_HEADER, self.last);
}

/* It would end within a granule. A header can say that only where a granule has more units than the flags take up. */
static void test_check_tells_a_size_that_is_no_multiple_of_the_granule(void **state) {
    (void)state;
    struct damaged self = make_damaged();
    size_t unit = (size_t)(self.next - self.middle) / size_of(self.middle);
    if (ebb_get_geometry().granule < 2 * (FLAGS + 1) * unit) {
        (void)ebb_destroy(self.heap);
        print_message("a granule of %zu bytes: each size that a header can say is a multiple\n",
                      ebb_get_geometry().granule);
        skip();
    }
    write_number(number_before(self.middle), read_number(number_before(self.middle)) + FLAGS + 1);
    expect_damage(&self, EBB_DAMAGED_HEADER, self.middle);
}

static void test_check_tells_a_damaged_footer(void **state) {
    (void)state;
    struct damaged self = make_damaged();
    write_number(footer_before(self.middle), read_number(footer_before(self.middle)) + 1);
    expect_damage(&self, EBB_DAMAGED_FOOTER, self.middle);
}

/* Where the block to the left has its footer, there is 0 above a gap. */
static void test_check_tells_a_damaged_footer_above_a_gap(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 1024};
    for (int is_top = 0; is_top < 2; is_top++) {
        struct damaged self = {.heap = fixture_heap(&store, 0, &policy, &faults)};
        (void)fixture_alloc(self.heap, 100);
        store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = 64, .times = 1};
        unsigned char *high = fixture_alloc(self.heap, 3000);
        ebb_free(self.heap, is_top ? high : NULL);
        struct survey survey;
        survey_take(&survey, self.heap);
        unsigned char *above = survey.last_gap + survey.gap_bytes;
        assert_ptr_equal(above, high);
        write_number(footer_before(above), 1);
        expect_damage(&self, EBB_DAMAGED_FOOTER, above);
    }
}

/* The block in the middle is free as well, as far as it and the next one say. */
static void test_check_tells_free_neighbours(void **state) {
    (void)state;
    needs_level_below(2, sealed);
    struct damaged self = make_damaged();
    change_flags(self.middle, 0, IS_USED);
    write_number(footer_before(self.next), size_of(self.middle));
    change_flags(self.next, 0, LEFT_IS_USED);
    expect_damage(&self, EBB_UNMERGED, self.middle);
    /* The last block is free as well, and has not become part of the idle end. */
    self = make_damaged();
    unsigned char *end_block = fixture_alloc(self.heap, 500);
    struct survey survey;
    survey_take(&survey, self.heap);
    unsigned char *top = survey.end - survey.top_bytes;
    change_flags(end_block, 0, IS_USED);
    write_number(footer_before(top), size_of(end_block));
    change_flags(top, 0, LEFT_IS_USED);
    expect_damage(&self, EBB_UNMERGED, top);
}

static void test_check_tells_a_damaged_list(void **state) {
    (void)state;
    struct damaged self = make_damaged();
    write_number(self.freed, read_number(self.freed) + 1);
    struct ebb_finding finding = ebb_check(self.heap);
    assert_int_equal(finding.damage, EBB_DAMAGED_LIST);
    (void)ebb_destroy(self.heap);
}

/* A free block has swallowed the one behind it, and nobody but its list can tell. */
static void test_check_tells_a_wrong_class(void **state) {
    (void)state;
    needs_level_below(2, sealed);
    struct damaged self = make_damaged();
    uint32_t size = size_of(self.freed) + size_of(self.middle);
    write_number(footer_before(self.next), size);
    write_number(number_before(self.freed), size | LEFT_IS_USED);
    change_flags(self.next, 0, LEFT_IS_USED);
    expect_damage(&self, EBB_WRONG_CLASS, self.freed);
}

/* Free, between two in use, and in no list. */
static void test_check_tells_a_lost_block(void **state) {
    (void)state;
    needs_level_below(2, sealed);
    struct damaged self = make_damaged();
    unsigned char *lost = fixture_alloc(self.heap, 900);
    unsigned char *after = fixture_alloc(self.heap, 900);
    change_flags(lost, 0, IS_USED);
    write_number(footer_before(after), size_of(lost));
    change_flags(after, 0, LEFT_IS_USED);
    expect_damage(&self, EBB_LOST_BLOCK, self.heap);
}

/* A block in use that the next one takes for somebody else's memory is a gap, and not live. */
static void test_check_tells_wrong_figures(void **state) {
    (void)state;
    needs_level_below(2, sealed);
    struct damaged self = make_damaged();
    change_flags(self.next, 0, LEFT_IS_USED);
    write_number(footer_before(self.next), 0);
    expect_damage(&self, EBB_DAMAGED_FIGURES, self.heap);
}

/* A list leads into a block in use, to nothing or to what looks like more than there is: that is not taken as free. */
static void test_check_finds_a_list_that_leads_into_a_block(void **state) {
    (void)state;
    needs_level_below(2, sealed);
    struct ebb_heap *heap = fixture_fixed_heap(&store, 4096, &faults);
    unsigned char *zeros = fixture_alloc(heap, 400);
    memset(zeros, 0, 400);
    unsigned char *merged[2] = {fixture_alloc(heap, 60), fixture_alloc(heap, 60)};
    (void)fixture_alloc(heap, 60);
    ebb_free(heap, merged[1]);
    ebb_free(heap, merged[0]);
    snapshot_take(&snapshot, heap);
    unsigned char *part = fixture_alloc(heap, 100);
    assert_true(part >= merged[0] && part <= merged[1]);
    snapshot_restore(&snapshot, heap);
    unsigned char *inside = zeros + 4 * ebb_get_geometry().granule - number_size();
    uint32_t link = (uint32_t)((size_t)(inside - (unsigned char *)heap) / number_size());
    static const uint32_t headers[] = {0, 0x4000};
    for (size_t i = 0; i + number_size() <= ebb_get_geometry().control_block; i += number_size()) {
        for (size_t j = 0; j < COUNT_OF(headers); j++) {
            write_number(inside, headers[j]);
            write_number((unsigned char *)heap + i, link);
            uint32_t damage = ebb_check(heap).damage;
            /* It is where the list leads that is told, and not only what is in none any more. */
            assert_int_not_equal(damage, EBB_LOST_BLOCK);
            if (damage == EBB_SOUND) {
                unsigned char *found = ebb_alloc(heap, 100);
                assert_ptr_equal(found, part);
            }
            snapshot_restore(&snapshot, heap);
        }
    }
    fixture_end(heap, &store, &faults);
}

static bool note_address(void *context, const struct ebb_block *block) {
    *(void **)context = block->address;
    return true;
}

/* A size that leads beyond the last block leads nowhere, however many blocks there were before it. */
static void test_walk_ends_before_a_block_that_leaves_the_region(void **state) {
    (void)state;
    struct damaged self = make_damaged();
    unsigned char *rest = fixture_alloc(self.heap, ebb_largest_free(self.heap));
    write_number(number_before(self.last),
                 read_number(number_before(self.last)) + size_of(rest) + size_of(self.middle));
    void *last = NULL;
    bool is_complete = ebb_walk(self.heap, note_address, &last);
    assert_false(is_complete);
    assert_ptr_equal(last, self.other);
    (void)ebb_destroy(self.heap);
}

/* A list leads to where a free block was before another one swallowed it, instead of to the one that is there now. */
static void test_check_finds_a_list_that_leads_into_a_free_block(void **state) {
    (void)state;
    static unsigned char earlier[SNAPSHOT_BYTES];
    struct ebb_heap *heap = fixture_fixed_heap(&store, 4096, &faults);
    unsigned char *left = fixture_alloc(heap, 60);
    unsigned char *swallowed = fixture_alloc(heap, 60);
    (void)fixture_alloc(heap, 60);
    unsigned char *other = fixture_alloc(heap, 60);
    (void)fixture_alloc(heap, 60);
    ebb_free(heap, swallowed);
    memcpy(earlier, heap, ebb_get_geometry().control_block);
    ebb_free(heap, left);
    ebb_free(heap, other);
    snapshot_take(&snapshot, heap);
    for (size_t i = 0; i + number_size() <= ebb_get_geometry().control_block; i += number_size()) {
        memcpy((unsigned char *)heap + i, earlier + i, number_size());
        if (ebb_check(heap).damage == EBB_SOUND) {
            unsigned char *found = ebb_alloc(heap, 60);
            assert_ptr_equal(found, other);
        }
        snapshot_restore(&snapshot, heap);
    }
    fixture_end(heap, &store, &faults);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_tells_a_damaged_control_block),
        cmocka_unit_test(test_check_tells_bounds_of_the_region_that_contradict_each_other),
        cmocka_unit_test(test_check_tells_blocks_that_were_beyond_the_region),
        cmocka_unit_test(test_check_tells_flags_that_are_neither_yes_nor_no),
        cmocka_unit_test(test_check_tells_a_strategy_that_there_is_not),
        cmocka_unit_test(test_check_tells_a_wrong_highest_list),
        cmocka_unit_test(test_check_tells_a_damaged_header),
        cmocka_unit_test(test_check_tells_a_size_that_is_no_multiple_of_the_granule),
        cmocka_unit_test(test_check_tells_a_damaged_footer),
        cmocka_unit_test(test_check_tells_a_damaged_footer_above_a_gap),
        cmocka_unit_test(test_check_tells_free_neighbours),
        cmocka_unit_test(test_check_tells_a_damaged_list),
        cmocka_unit_test(test_check_tells_a_wrong_class),
        cmocka_unit_test(test_check_tells_a_lost_block),
        cmocka_unit_test(test_check_tells_wrong_figures),
        cmocka_unit_test(test_check_finds_a_list_that_leads_into_a_block),
        cmocka_unit_test(test_walk_ends_before_a_block_that_leaves_the_region),
        cmocka_unit_test(test_check_finds_a_list_that_leads_into_a_free_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
