/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Figures, walk and check: what they say of a sound heap, and what of a damaged one. */
#include "support/console.h"
#include "support/heap_fixture.h"
#include "support/level.h"
#include "support/random.h"
#include "support/test.h"

#include <ebb/version.h>

#include <string.h>

static struct scripted_store store;
static struct fault_log faults;
static struct snapshot snapshot;

static void end(struct ebb_heap *heap) {
    fixture_assert_sound(heap, &store);
    fault_log_expect_none(&faults);
    (void)ebb_destroy(heap);
}

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

static void restore(struct ebb_heap *heap) {
    memcpy(heap, snapshot.bytes, snapshot.size);
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
    end(heap);
}

static void test_largest_free_can_be_had(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_fixed_heap(&store, 4096, &faults);
    size_t largest = ebb_largest_free(heap);
    assert_int_equal(largest, ebb_free_bytes(heap) - ebb_geometry().header);
    void *none = ebb_alloc(heap, largest + 1);
    assert_null(none);
    unsigned char *all = fixture_alloc(heap, largest);
    size_t left = ebb_free_bytes(heap);
    assert_int_equal(left, 0);
    left = ebb_largest_free(heap);
    assert_int_equal(left, 0);
    ebb_free(heap, all);
    end(heap);
}

/* What is left of a granule at the end of the region serves no request. */
static void test_largest_free_can_be_had_wherever_the_region_ends(void **state) {
    (void)state;
    struct ebb_geometry geometry = ebb_geometry();
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
        end(heap);
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
    end(heap);
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
    end(heap);
}

/* The whole state of a heap is the bytes of its region. */
static void test_heap_can_be_restored_from_its_bytes(void **state) {
    (void)state;
    struct ebb_heap *heap = make_mixed();
    snapshot_take(&snapshot, heap);
    unsigned char *first = fixture_alloc(heap, 77);
    size_t count = fixture_fill(heap, 10, NULL, 0);
    restore(heap);
    fixture_assert_sound(heap, &store);
    unsigned char *again = fixture_alloc(heap, 77);
    assert_ptr_equal(first, again);
    size_t same = fixture_fill(heap, 10, NULL, 0);
    assert_int_equal(same, count);
    end(heap);
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
    size_t header = ebb_geometry().header;
    ranges[block->kind == EBB_BLOCK_USED].heap = ranges->heap;
    flip_each_bit(&ranges[block->kind == EBB_BLOCK_USED], (unsigned char *)block->address - header, header);
    return true;
}

static bool damage_links_and_footers(void *context, const struct ebb_block *block) {
    struct ranges *ranges = context;
    size_t header = ebb_geometry().header;
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
    end(heap);
}

/* What a write to a freed block hits are its links and its second size. */
static void test_check_finds_use_after_free(void **state) {
    (void)state;
    struct ebb_heap *heap = make_mixed();
    struct ranges ranges = {.heap = heap};
    (void)ebb_walk(heap, damage_links_and_footers, &ranges);
    assert_true(ranges.tried >= 8 * 48);
    assert_int_equal(ranges.missed, 0);
    end(heap);
}

static void test_check_names_the_address(void **state) {
    (void)state;
    struct ebb_heap *heap = make_mixed();
    unsigned char *block = fixture_alloc(heap, 500);
    unsigned char *next = fixture_alloc(heap, 500);
    size_t header = ebb_geometry().header;
    memset(next - header, 0xff, header);
    struct ebb_finding finding = ebb_check(heap);
    assert_true(finding.damage != EBB_SOUND);
    assert_true(finding.address == block || finding.address == next);
    (void)ebb_destroy(heap);
}

/* ---- Check: which damage it is ----
 *
 * The layout of a block is that of docs/design.md: a header right before the payload, with the size and two flags, and
 * the size of a free block once more right before the next header, in a unit that is learnt here.
 */

enum { IS_USED = 1, LEFT_IS_USED = 2, FLAGS = IS_USED | LEFT_IS_USED };

static const char sealed[] = "that a header was changed is all that is told of it";

/* Five blocks in a fixed heap: `freed` and `other` are free, and each between two that are in use. */
struct damaged {
    struct ebb_heap *heap;
    unsigned char *used, *freed, *middle, *next, *other, *last;
};

/* Bytes of size and flags, of a link, and of a footer. At level 2, a seal of as many comes before the size. */
static size_t number_size(void) {
    return ebb_geometry().hardening == 2 ? ebb_geometry().header / 2 : ebb_geometry().header;
}

static uint32_t read_number(const unsigned char *place) {
    uint16_t narrow;
    uint32_t wide;
    if (number_size() == sizeof narrow) {
        memcpy(&narrow, place, sizeof narrow);
        return narrow;
    }
    memcpy(&wide, place, sizeof wide);
    return wide;
}

static void write_number(unsigned char *place, uint32_t number) {
    uint16_t narrow = (uint16_t)number;
    if (number_size() == sizeof narrow) {
        memcpy(place, &narrow, sizeof narrow);
    } else {
        memcpy(place, &number, sizeof number);
    }
}

static unsigned char *header_of(unsigned char *block) {
    return block - number_size();
}

static unsigned char *footer_before(unsigned char *block) {
    return block - ebb_geometry().header - number_size();
}

/* In units. */
static uint32_t size_of(unsigned char *block) {
    return read_number(header_of(block)) & ~(uint32_t)FLAGS;
}

static void change_flags(unsigned char *block, uint32_t set, uint32_t clear) {
    write_number(header_of(block), (read_number(header_of(block)) | set) & ~clear);
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
    memset(self.heap, 0xff, ebb_geometry().control_block);
    struct ebb_finding finding = ebb_check(self.heap);
    assert_int_equal(finding.damage, EBB_DAMAGED_CONTROL);
    assert_ptr_equal(finding.address, self.heap);
}

/* Where the control block has a size: the first place in it with this value. */
static unsigned char *place_of(struct ebb_heap *heap, size_t value) {
    unsigned char *control = (unsigned char *)heap;
    for (size_t offset = 0; offset < ebb_geometry().control_block; offset += sizeof value) {
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

/* Which list a block belongs to: each size below 8 granules has its own, above that, each doubling has two. */
static size_t list_of(size_t bytes) {
    size_t granules = bytes / ebb_geometry().granule;
    size_t list = granules < 8 ? granules : 8;
    size_t first = 8;
    for (; granules >= 2 * first; first *= 2) {
        list += 2;
    }
    return list + (granules >= first + first / 2);
}

/* The control block says that the highest list which has a block is a lower one. */
static void test_check_tells_that_a_list_too_high_has_a_block(void **state) {
    (void)state;
    struct damaged self = make_damaged();
    size_t highest = list_of(survey_block_for(400));
    unsigned char *control = (unsigned char *)self.heap;
    size_t told = 0;
    for (size_t i = 0; i < ebb_geometry().control_block; i++) {
        if (control[i] == highest) {
            control[i]--;
            struct ebb_finding finding = ebb_check(self.heap);
            told += finding.damage == EBB_DAMAGED_CONTROL && finding.address == self.heap;
            control[i]++;
        }
    }
    assert_int_equal(told, 1);
    end(self.heap);
}

static void test_check_tells_a_damaged_header(void **state) {
    (void)state;
    struct damaged self = make_damaged();
    write_number(header_of(self.middle), IS_USED);
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
    write_number(header_of(self.last), read_number(header_of(self.last)) + read_number(header_of(self.middle)) / 4 * 4);
    expect_damage(&self, EBB_DAMAGED_HEADER, self.last);
}

/* It would end amid a granule. So can a header say only where a granule has more units than the flags take up. */
static void test_check_tells_a_size_that_is_no_multiple_of_the_granule(void **state) {
    (void)state;
    struct damaged self = make_damaged();
    size_t unit = (size_t)(self.next - self.middle) / size_of(self.middle);
    if (ebb_geometry().granule < 2 * (FLAGS + 1) * unit) {
        (void)ebb_destroy(self.heap);
        print_message("a granule of %zu bytes: each size that a header can say is a multiple\n",
                      ebb_geometry().granule);
        skip();
    }
    write_number(header_of(self.middle), read_number(header_of(self.middle)) + FLAGS + 1);
    expect_damage(&self, EBB_DAMAGED_HEADER, self.middle);
}

static void test_check_tells_a_damaged_footer(void **state) {
    (void)state;
    struct damaged self = make_damaged();
    write_number(footer_before(self.middle), read_number(footer_before(self.middle)) + 1);
    expect_damage(&self, EBB_DAMAGED_FOOTER, self.middle);
}

static bool note_above_gap(void *context, const struct ebb_block *block) {
    unsigned char **above = context;
    if (block->kind == EBB_BLOCK_GAP) {
        *above = (unsigned char *)block->address + block->size;
    }
    return true;
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
        unsigned char *above = NULL;
        (void)ebb_walk(self.heap, note_above_gap, &above);
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
    write_number(header_of(self.freed), size | LEFT_IS_USED);
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
    restore(heap);
    unsigned char *inside = zeros + 4 * ebb_geometry().granule - number_size();
    uint32_t link = (uint32_t)((size_t)(inside - (unsigned char *)heap) / number_size());
    static const uint32_t headers[] = {0, 0x4000};
    for (size_t i = 0; i + number_size() <= ebb_geometry().control_block; i += number_size()) {
        for (size_t j = 0; j < COUNT_OF(headers); j++) {
            write_number(inside, headers[j]);
            write_number((unsigned char *)heap + i, link);
            if (ebb_check(heap).damage == EBB_SOUND) {
                unsigned char *found = ebb_alloc(heap, 100);
                assert_ptr_equal(found, part);
            }
            restore(heap);
        }
    }
    end(heap);
}

/* Counts blocks, for a walk that must not go on for ever. */
static bool count_blocks(void *context, const struct ebb_block *block) {
    size_t *count = context;
    (void)block;
    (*count)++;
    return true;
}

/*
 * Whatever the blocks hold, inspection ends and stays inside. Under the address sanitizer a step outside is seen; an
 * endless loop by the time limit of the test. The control block alone says where the region ends, so there is more to
 * trust in it: that a byte of it is wrong, or all of it overwritten with the same.
 */
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
        self->is_no_block || (block->kind != EBB_BLOCK_TOP && block->size % ebb_geometry().granule != 0);
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
        assert_true(policy.maximum <= ebb_geometry().largest_region);
        struct ebb_statistics statistics = fixture_statistics(heap);
        assert_true(statistics.region_bytes <= policy.maximum);
        assert_true(statistics.region_bytes <= statistics.peak_region_bytes);
        assert_true(statistics.live_bytes <= statistics.peak_live_bytes);
    }
}

/* A size that leads beyond the last block leads nowhere, however many blocks there were before it. */
static void test_walk_ends_before_a_block_that_leaves_the_region(void **state) {
    (void)state;
    struct damaged self = make_damaged();
    unsigned char *rest = fixture_alloc(self.heap, ebb_largest_free(self.heap));
    write_number(header_of(self.last), read_number(header_of(self.last)) + size_of(rest) + size_of(self.middle));
    struct last_seen last = {.heap = self.heap, .block = {.kind = EBB_BLOCK_GAP}};
    bool is_complete = ebb_walk(self.heap, note_last, &last);
    assert_false(is_complete);
    assert_false(last.is_out_of_reach);
    assert_ptr_equal(last.block.address, self.other);
    (void)ebb_destroy(self.heap);
}

static void inspect_damaged(struct ebb_heap *heap) {
    size_t count = 0;
    (void)ebb_check(heap);
    (void)ebb_walk(heap, count_blocks, &count);
    (void)ebb_free_bytes(heap);
    (void)ebb_largest_free(heap);
    assert_true(count <= 4096 / ebb_geometry().smallest_block + 1);
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
    end(heap);
}

static void test_check_finds_an_overwritten_control_block(void **state) {
    (void)state;
    static const unsigned char fills[] = {0x00, 0xff, 0x55, 0xaa, 0x01, 0x7f, 0x80};
    struct ebb_heap *heap = make_mixed();
    snapshot_take(&snapshot, heap);
    for (size_t i = 0; i < COUNT_OF(fills); i++) {
        memset(heap, fills[i], ebb_geometry().control_block);
        struct ebb_finding finding = ebb_check(heap);
        assert_true(finding.damage != EBB_SOUND);
        inspect_damaged(heap);
        restore(heap);
    }
    end(heap);
}

/* Numbers so large that a sum with them begins again from 0. */
static void test_inspection_survives_huge_numbers(void **state) {
    (void)state;
    static const size_t below[] = {0, 7, 15, 600, 1000, 2000, 3000, 4000, 5000};
    struct ebb_heap *heap = make_mixed();
    snapshot_take(&snapshot, heap);
    for (size_t i = 0; i + sizeof(size_t) <= ebb_geometry().control_block; i += sizeof(size_t) / 2) {
        for (size_t j = 0; j < COUNT_OF(below); j++) {
            size_t huge = SIZE_MAX - below[j];
            memcpy((unsigned char *)heap + i, &huge, sizeof huge);
            inspect_damaged(heap);
            restore(heap);
        }
    }
    end(heap);
}

static void test_inspection_survives_much_damage(void **state) {
    (void)state;
    struct random random;
    random_seed(&random, 4711);
    struct ebb_heap *heap = make_mixed();
    snapshot_take(&snapshot, heap);
    for (uint32_t round = 0; round < 3000 * console_effort(); round++) {
        uint32_t hits = 1 + random_below(&random, 40);
        size_t first = ebb_geometry().control_block;
        for (uint32_t hit = 0; hit < hits; hit++) {
            size_t offset = first + random_below(&random, (uint32_t)(snapshot.size - first));
            ((unsigned char *)heap)[offset] = (unsigned char)random_next(&random);
        }
        inspect_damaged(heap);
        restore(heap);
    }
    end(heap);
}

/* A single flipped byte in the control block is either harmless or found out; a call afterwards does not run away. */
static void test_lists_that_lead_astray_are_found(void **state) {
    (void)state;
    struct ebb_heap *heap = make_mixed();
    size_t control = ebb_geometry().control_block;
    uint32_t found = 0;
    for (size_t i = 0; i < control; i++) {
        ((unsigned char *)heap)[i] ^= 0xff;
        struct ebb_finding finding = ebb_check(heap);
        found += finding.damage != EBB_SOUND;
        ((unsigned char *)heap)[i] ^= 0xff;
    }
    /* Policy, handler and counters can hold anything; the lists, which are most of it, cannot. */
    assert_true(found > control / 3);
    end(heap);
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
        cmocka_unit_test(test_check_tells_a_damaged_control_block),
        cmocka_unit_test(test_check_tells_bounds_of_the_region_that_contradict_each_other),
        cmocka_unit_test(test_check_tells_that_a_list_too_high_has_a_block),
        cmocka_unit_test(test_check_tells_a_damaged_header),
        cmocka_unit_test(test_check_tells_a_size_that_is_no_multiple_of_the_granule),
        cmocka_unit_test(test_check_tells_a_damaged_footer),
        cmocka_unit_test(test_check_tells_a_damaged_footer_above_a_gap),
        cmocka_unit_test(test_check_tells_free_neighbours),
        cmocka_unit_test(test_check_tells_a_damaged_list),
        cmocka_unit_test(test_check_tells_a_wrong_class),
        cmocka_unit_test(test_check_tells_a_lost_block),
        cmocka_unit_test(test_check_tells_wrong_figures),
        cmocka_unit_test(test_walk_ends_before_a_block_that_leaves_the_region),
        cmocka_unit_test(test_check_finds_a_list_that_leads_into_a_block),
        cmocka_unit_test(test_inspection_survives_a_damaged_byte),
        cmocka_unit_test(test_check_finds_an_overwritten_control_block),
        cmocka_unit_test(test_inspection_survives_huge_numbers),
        cmocka_unit_test(test_inspection_survives_much_damage),
        cmocka_unit_test(test_lists_that_lead_astray_are_found),
        cmocka_unit_test(test_no_public_structure_depends_on_how_wide_an_enum_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
