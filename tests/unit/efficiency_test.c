/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Waste, which no check of invariants sees: how many blocks fit, whether what was freed can be had again, and how far a
 * region grows.
 */
#include "support/console.h"
#include "support/heap_fixture.h"
#include "support/random.h"
#include "support/test.h"

#include <string.h>

static struct scripted_store store;
static struct fault_log faults;

enum { REGION = 8192, MOST_BLOCKS = 1100 };

static unsigned char *blocks[MOST_BLOCKS];

static size_t expected_count(size_t size) {
    return (REGION - fixture_least_region()) / survey_block_for(size);
}

static void free_every(struct ebb_heap *heap, size_t count, size_t first, size_t step) {
    for (size_t i = first; i < count; i += step) {
        ebb_free(heap, blocks[i]);
    }
}

/* ---- How many fit ---- */

static void test_equal_blocks_fill_the_region(void **state) {
    (void)state;
    for (size_t size = 1; size < 7000; size += 1 + size / 16) {
        struct ebb_heap *heap = fixture_fixed_heap(&store, REGION, &faults);
        size_t count = fixture_fill(heap, size, NULL, 0);
        assert_int_equal(count, expected_count(size));
        fixture_end(heap, &store, &faults);
    }
}

static void test_one_block_can_be_all(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_fixed_heap(&store, REGION, &faults);
    size_t all = ebb_largest_free(heap);
    assert_int_equal(fixture_least_region() + all + ebb_get_geometry().header, REGION);
    (void)fixture_alloc(heap, all);
    fixture_end(heap, &store, &faults);
}

/* ---- What was freed can be had again ---- */

static void test_what_was_freed_is_one_piece_again(void **state) {
    (void)state;
    for (size_t size = 1; size < 4000; size += 1 + size / 8) {
        struct ebb_heap *heap = fixture_fixed_heap(&store, REGION, &faults);
        for (int round = 0; round < 3; round++) {
            size_t count = fixture_fill(heap, size, blocks, MOST_BLOCKS);
            assert_int_equal(count, expected_count(size));
            free_every(heap, count, 0, 3);
            free_every(heap, count, 2, 3);
            free_every(heap, count, 1, 3);
            struct survey survey;
            survey_take(&survey, heap);
            assert_int_equal(survey.free_blocks, 0);
        }
        fixture_end(heap, &store, &faults);
    }
}

/* Holes of exactly the size that is asked for, whatever their class holds besides. */
static void test_holes_are_filled_again(void **state) {
    (void)state;
    for (size_t size = 1; size < 4000; size += 1 + size / 8) {
        struct ebb_heap *heap = fixture_fixed_heap(&store, REGION, &faults);
        size_t count = fixture_fill(heap, size, blocks, MOST_BLOCKS);
        for (int round = 0; round < 3; round++) {
            size_t holes = (count + 1) / 2;
            free_every(heap, count, 0, 2);
            for (size_t i = 0; i < holes; i++) {
                blocks[2 * i] = ebb_alloc(heap, size);
                assert_non_null(blocks[2 * i]);
            }
        }
        fixture_end(heap, &store, &faults);
    }
}

static void test_freed_neighbours_are_one_block(void **state) {
    (void)state;
    for (size_t size = 1; size < 2000; size += 1 + size / 8) {
        struct ebb_heap *heap = fixture_fixed_heap(&store, REGION, &faults);
        size_t count = fixture_fill(heap, size, blocks, MOST_BLOCKS);
        size_t both = 2 * survey_block_for(size) - ebb_get_geometry().header;
        for (size_t i = 0; i + 1 < count; i += 2) {
            /* In both orders: merging with the right and with the left. */
            ebb_free(heap, blocks[i + i / 2 % 2]);
            ebb_free(heap, blocks[i + 1 - i / 2 % 2]);
            unsigned char *whole = ebb_alloc(heap, both);
            assert_ptr_equal(whole, blocks[i]);
        }
        fixture_end(heap, &store, &faults);
    }
}

static void test_a_hole_between_two_is_closed(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_fixed_heap(&store, REGION, &faults);
    size_t count = fixture_fill(heap, 100, blocks, MOST_BLOCKS);
    size_t three = 3 * survey_block_for(100) - ebb_get_geometry().header;
    for (size_t i = 0; i + 2 < count; i += 3) {
        ebb_free(heap, blocks[i]);
        ebb_free(heap, blocks[i + 2]);
        ebb_free(heap, blocks[i + 1]);
        unsigned char *whole = ebb_alloc(heap, three);
        assert_ptr_equal(whole, blocks[i]);
    }
    fixture_end(heap, &store, &faults);
}

/* A payload that needs a block of so many granules. */
static size_t granules(size_t count) {
    return count * ebb_get_geometry().granule - ebb_get_geometry().header;
}

/*
 * A heap with a free block of `hole` granules, and `others` smaller or larger ones of `size` granules that were freed
 * later, each by itself. Returns where a request for `wanted` granules is served: true if in the hole.
 */
static bool is_served_in_hole(size_t hole, size_t others, size_t size, size_t wanted) {
    struct ebb_heap *heap = fixture_fixed_heap(&store, 16384, &faults);
    unsigned char *first = fixture_alloc(heap, granules(hole));
    (void)fixture_alloc(heap, 1);
    for (size_t i = 0; i < others; i++) {
        blocks[i] = fixture_alloc(heap, granules(size));
        (void)fixture_alloc(heap, 1);
    }
    ebb_free(heap, first);
    free_every(heap, others, 0, 1);
    unsigned char *found = fixture_alloc(heap, granules(wanted));
    bool is_in_hole = found >= first && found < first + granules(hole);
    fixture_end(heap, &store, &faults);
    return is_in_hole;
}

/* Sizes in granules from which on a new size class begins, and the size before: see docs/design.md. */
static const size_t class_starts[] = {8, 12, 16, 24, 32, 48, 64};

/* However many blocks of the request's own class are too small for it: one of the next class is found. */
static void test_the_next_class_serves(void **state) {
    (void)state;
    for (size_t i = 1; i < COUNT_OF(class_starts); i++) {
        size_t start = class_starts[i];
        assert_true(is_served_in_hole(start, 6, class_starts[i - 1], start - 1));
    }
}

/* Blocks of the class below are not looked at, and in no one's way. */
static void test_the_class_below_is_in_nobodys_way(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(class_starts); i++) {
        size_t start = class_starts[i];
        assert_true(is_served_in_hole(start, 6, start - 1, start));
    }
}

/* In its own class, a request looks at a few blocks: so it finds what is there, and the time is bounded. */
static void test_a_few_of_its_own_class_are_looked_at(void **state) {
    (void)state;
    size_t looks = fixture_looks(&store, &faults);
    for (size_t others = 0; others < looks + 4; others++) {
        bool is_found = is_served_in_hole(23, others, 16, 23);
        assert_int_equal(is_found, others < looks);
    }
}

/* The block right above somebody else's memory, and one above it that stays. */
static unsigned char *alloc_above_gap(struct ebb_heap *heap, size_t size) {
    (void)fixture_alloc(heap, 64);
    (void)ebb_trim(heap);
    store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = 64, .times = 1};
    unsigned char *block = fixture_alloc(heap, size);
    (void)fixture_alloc(heap, 1);
    struct surroundings around;
    survey_around(&around, heap, block);
    assert_int_equal(around.left.kind, EBB_BLOCK_GAP);
    return block;
}

/* The flags beside its size are others there. What is merged last goes before it, and puts it into its list. */
static void test_a_hole_above_a_gap_is_filled(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    unsigned char *hole = alloc_above_gap(heap, granules(8));
    unsigned char *left = fixture_alloc(heap, granules(7));
    unsigned char *right = fixture_alloc(heap, granules(7));
    (void)fixture_alloc(heap, 1);
    ebb_free(heap, hole);
    ebb_free(heap, left);
    ebb_free(heap, right);
    assert_ptr_equal(fixture_alloc(heap, granules(8)), hole);
    fixture_assert_sound(heap, &store);
    (void)ebb_destroy(heap);
}

static void test_a_hole_above_a_gap_is_no_smaller_than_it_is(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    unsigned char *larger = alloc_above_gap(heap, granules(17));
    unsigned char *hole = fixture_alloc(heap, granules(16));
    (void)fixture_alloc(heap, 1);
    unsigned char *left = fixture_alloc(heap, granules(7));
    unsigned char *right = fixture_alloc(heap, granules(7));
    (void)fixture_alloc(heap, 1);
    ebb_free(heap, hole);
    /* It finds none, so that the smallest is chosen from now on, and what was merged last is not asked first. */
    (void)fixture_alloc(heap, granules(40));
    ebb_free(heap, left);
    ebb_free(heap, right);
    ebb_free(heap, larger);
    assert_ptr_equal(fixture_alloc(heap, granules(16)), hole);
    fixture_assert_sound(heap, &store);
    (void)ebb_destroy(heap);
}

/* So that the end can be given back. */
static void test_holes_are_used_before_the_end(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    for (size_t i = 0; i < 100; i++) {
        blocks[i] = fixture_alloc(heap, 60);
    }
    free_every(heap, 100, 0, 2);
    size_t last = (size_t)(blocks[99] - fixture_arena());
    for (size_t i = 0; i < 50; i++) {
        unsigned char *block = fixture_alloc(heap, 60);
        assert_true((size_t)(block - fixture_arena()) < last);
    }
    fixture_end(heap, &store, &faults);
}

/* ---- How far the region grows ---- */

enum { VECTOR = 64 * 1024, QUANTUM = 256 };

static size_t region_of_vector(void) {
    return fixture_least_region() + survey_block_for(VECTOR);
}

/* A growing vector is copied by nobody, and its peak is its final size: what it needs last is more than any step. */
static void test_doubled_vector_peaks_at_its_size(void **state) {
    (void)state;
    static const struct ebb_policy policies[] = {{.quantum = QUANTUM}, {.quantum = 0}};
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        struct ebb_heap *heap = fixture_heap(&store, 0, &policies[i], &faults);
        unsigned char *vector = fixture_alloc(heap, 16);
        for (size_t size = 32; size <= VECTOR; size *= 2) {
            unsigned char *same = ebb_realloc(heap, vector, size);
            assert_ptr_equal(same, vector);
        }
        assert_int_equal(fixture_statistics(heap).peak_region_bytes, region_of_vector());
        fixture_end(heap, &store, &faults);
    }
}

/* What it needs last is less than a step. */
static void test_creeping_vector_peaks_a_quantum_above_its_size(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.quantum = QUANTUM};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    unsigned char *vector = fixture_alloc(heap, 1);
    for (size_t size = 100; size <= VECTOR; size += 100) {
        vector = ebb_realloc(heap, vector, size);
        assert_non_null(vector);
    }
    assert_true(fixture_statistics(heap).peak_region_bytes <= region_of_vector() + QUANTUM);
    fixture_end(heap, &store, &faults);
}

struct churn {
    struct random random;
    size_t live[200];
    unsigned char *blocks[200];
    size_t payload;
    uint64_t held;
    uint64_t needed;
};

static void churn_step(struct churn *churn, struct ebb_heap *heap, size_t most) {
    size_t slot = random_below(&churn->random, COUNT_OF(churn->blocks));
    size_t size =
        random_below(&churn->random, 3) == 0 ? random_below(&churn->random, 700) : random_below(&churn->random, 60);
    if (churn->blocks[slot] != NULL) {
        ebb_free(heap, churn->blocks[slot]);
        churn->payload -= churn->live[slot];
        churn->blocks[slot] = NULL;
    } else if (churn->payload + size <= most) {
        churn->blocks[slot] = fixture_alloc(heap, size);
        churn->live[slot] = size;
        churn->payload += size;
    }
    struct ebb_statistics statistics = fixture_statistics(heap);
    churn->held += statistics.region_bytes;
    churn->needed += statistics.live_bytes;
}

/* However long it runs, a program whose blocks take up to 16 KB does not need much more. */
static void test_mixed_workload_stays_bounded(void **state) {
    (void)state;
    static struct churn churn;
    memset(&churn, 0, sizeof churn);
    random_seed(&churn.random, 2024);
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    for (uint32_t i = 0; i < 30000 * console_effort(); i++) {
        churn_step(&churn, heap, 16000);
    }
    struct ebb_statistics statistics = fixture_statistics(heap);
    console_say("peak region / peak live, percent",
                (uint32_t)(statistics.peak_region_bytes * 100 / statistics.peak_live_bytes));
    console_say("mean region / mean live, percent", (uint32_t)(churn.held * 100 / churn.needed));
    /* What is said above is 132 to 152 in any geometry, however long it runs. */
    assert_true(statistics.peak_region_bytes * 100 < statistics.peak_live_bytes * 155);
    assert_true(churn.held * 100 < churn.needed * 155);
    fixture_end(heap, &store, &faults);
}

/* ---- Large among small ---- */

enum { BUFFERS = 3, STEP = 256, LARGEST_BUFFER = 4096, RESIDENTS = 200 };

struct owned {
    unsigned char *block;
    size_t size;
};

/* One step more, or none any more where that would be too large. */
static void grow_or_free(struct ebb_heap *heap, struct owned *buffer) {
    if (buffer->size + STEP > LARGEST_BUFFER) {
        ebb_free(heap, buffer->block);
        *buffer = (struct owned){NULL, 0};
        return;
    }
    buffer->size += STEP;
    buffer->block = ebb_realloc(heap, buffer->block, buffer->size);
    assert_non_null(buffer->block);
}

static void replace(struct ebb_heap *heap, unsigned char **resident, size_t size) {
    ebb_free(heap, *resident);
    *resident = fixture_alloc(heap, size);
}

/* Buffers grow and go while small blocks are replaced now and then. Returns the bytes of the largest region. */
static size_t use_buffers_among_residents(struct ebb_heap *heap, uint32_t seed) {
    struct owned buffers[BUFFERS] = {{NULL, 0}};
    unsigned char *residents[RESIDENTS] = {NULL};
    size_t largest = 0;
    struct random random;
    random_seed(&random, seed);
    for (int i = 0; i < 30000; i++) {
        grow_or_free(heap, &buffers[random_below(&random, BUFFERS)]);
        if (random_below(&random, 4) == 0) {
            replace(heap, &residents[random_below(&random, RESIDENTS)], 8 + random_below(&random, 40));
        }
        size_t region = fixture_statistics(heap).region_bytes;
        largest = region > largest ? region : largest;
    }
    return largest;
}

/* Small blocks must not come to lie, one by one, where the buffers have been. */
static void test_small_blocks_leave_room_for_large_ones(void **state) {
    (void)state;
    for (uint32_t seed = 1; seed <= 3; seed++) {
        struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
        (void)use_buffers_among_residents(heap, seed);
        struct ebb_statistics statistics = fixture_statistics(heap);
        /* It is 1.4 to 2.2 times as much, in any geometry. */
        assert_true(4 * statistics.peak_region_bytes < 9 * statistics.peak_live_bytes);
        fixture_end(heap, &store, &faults);
    }
}

/* Nor where much more was in use once, for a short time: that says nothing about what is in use now. */
static void test_small_blocks_leave_room_after_a_peak(void **state) {
    (void)state;
    for (uint32_t seed = 1; seed <= 3; seed++) {
        struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
        size_t largest = use_buffers_among_residents(heap, seed);
        fixture_end(heap, &store, &faults);
        heap = fixture_heap(&store, 0, NULL, &faults);
        ebb_free(heap, fixture_alloc(heap, 60000));
        assert_true(8 * use_buffers_among_residents(heap, seed) < 9 * largest);
        fixture_end(heap, &store, &faults);
    }
}

/*
 * Aligned buffers of `least` to `most` granules are replaced; now and then a node is added, up to some hundred, or
 * removed.
 */
static void use_buffers_among_nodes(struct ebb_heap *heap, size_t alignment, size_t least, size_t most, uint32_t seed) {
    enum { SLOTS = 4, NODES = 256, CALLS = 20000, CALLS_A_NODE = 17 };
    unsigned char *buffers[SLOTS] = {NULL};
    size_t nodes = 0;
    bool adds = true;
    struct random random;
    random_seed(&random, seed);
    for (size_t i = 0; i < CALLS; i++) {
        size_t size = least + random_below(&random, (uint32_t)(most - least + 1));
        unsigned char **buffer = &buffers[random_below(&random, SLOTS)];
        ebb_free(heap, *buffer);
        *buffer = ebb_aligned_alloc(heap, alignment, granules(size));
        assert_non_null(*buffer);
        if (i % CALLS_A_NODE == 0) {
            adds = nodes == 0 || (adds && nodes < NODES);
            if (adds) {
                blocks[nodes++] = fixture_alloc(heap, granules(2));
            } else {
                ebb_free(heap, blocks[--nodes]);
            }
        }
    }
}

/* Buffers of nearly the same size share a class: what is left of each hole must not go to waste. */
static void test_nodes_leave_room_for_buffers_of_nearly_the_same_size(void **state) {
    (void)state;
    static const size_t sizes[][2] = {{28, 31}, {58, 63}, {60, 63}, {120, 127}};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        for (uint32_t seed = 1; seed <= 3; seed++) {
            struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
            use_buffers_among_nodes(heap, 0, sizes[i][0], sizes[i][1], seed);
            struct ebb_statistics statistics = fixture_statistics(heap);
            assert_true(statistics.peak_region_bytes < 3 * statistics.peak_live_bytes);
            fixture_end(heap, &store, &faults);
        }
    }
}

/* Nor of aligned ones, for which a hole has to be a little larger than they are. */
static void test_nodes_leave_room_for_aligned_buffers(void **state) {
    (void)state;
    for (size_t alignment = 2; alignment <= 8; alignment *= 2) {
        for (uint32_t seed = 1; seed <= 3; seed++) {
            struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
            use_buffers_among_nodes(heap, alignment * ebb_get_geometry().granule, 180, 186, seed);
            struct ebb_statistics statistics = fixture_statistics(heap);
            assert_true(2 * statistics.peak_region_bytes < 5 * statistics.peak_live_bytes);
            fixture_end(heap, &store, &faults);
        }
    }
}

/* A block of as many granules, behind one that stays and keeps it from what lies below. */
static unsigned char *alloc_above_separator(struct ebb_heap *heap, size_t count) {
    (void)fixture_alloc(heap, granules(4));
    return fixture_alloc(heap, granules(count));
}

enum { HOLES = 6, PAIRS = 2, REACH = 64, REQUESTS = 2 };

/*
 * Which of the REACH granules that blocks reach over are free when others have to be cut from top: these holes and, if
 * so, the first of two pairs of 4 granules each. All in granules; 0 is nothing.
 */
struct pieces {
    size_t holes[HOLES];
    size_t requests[REQUESTS];
    bool are_aligned; /* the requests */
    bool is_pair_free;
};

struct pair {
    unsigned char *lower, *upper;
};

static void make_pairs(struct ebb_heap *heap, struct pair *pairs) {
    for (size_t i = 0; i < PAIRS; i++) {
        pairs[i].lower = alloc_above_separator(heap, 4);
        pairs[i].upper = fixture_alloc(heap, granules(4));
    }
}

/* The last of what blocks reach over stays. */
static void make_holes(struct ebb_heap *heap, const size_t *holes) {
    size_t rest = REACH - PAIRS * 12;
    size_t count = 0;
    for (; count < HOLES && holes[count] != 0; count++) {
        (void)fixture_alloc(heap, granules(2));
        blocks[count] = fixture_alloc(heap, granules(holes[count]));
        rest -= 2 + holes[count];
    }
    (void)fixture_alloc(heap, granules(rest));
    free_every(heap, count, 0, 1);
}

/* They are merged: the one that is freed last with its left neighbour or with its right one. */
static void free_pair(struct ebb_heap *heap, struct pair pair, bool to_the_left) {
    ebb_free(heap, to_the_left ? pair.lower : pair.upper);
    ebb_free(heap, to_the_left ? pair.upper : pair.lower);
}

/* In the end, both pairs are free: is a small request served where the second was? */
static bool is_served_where_merged_last(struct pieces pieces, bool to_the_left) {
    struct ebb_heap *heap = fixture_fixed_heap(&store, REGION, &faults);
    struct pair pairs[PAIRS];
    make_pairs(heap, pairs);
    make_holes(heap, pieces.holes);
    if (pieces.is_pair_free) {
        free_pair(heap, pairs[0], to_the_left);
    }
    for (size_t i = 0; i < REQUESTS && pieces.requests[i] != 0; i++) {
        size_t alignment = pieces.are_aligned ? 2 * ebb_get_geometry().granule : 0;
        assert_non_null(ebb_aligned_alloc(heap, alignment, granules(pieces.requests[i])));
    }
    if (!pieces.is_pair_free) {
        free_pair(heap, pairs[0], to_the_left);
    }
    free_pair(heap, pairs[1], to_the_left);
    bool is_last = fixture_alloc(heap, granules(5)) == pairs[1].lower;
    fixture_end(heap, &store, &faults);
    return is_last;
}

/* A scattered heap keeps the block that was merged first for small requests; others keep the one merged last. */
static void expect_scattered(struct pieces pieces, bool is_scattered) {
    if (ebb_get_geometry().smallest_block > 2 * ebb_get_geometry().granule) {
        print_message("no block is as small as some of these pieces\n");
        skip();
    }
    for (int to_the_left = 0; to_the_left < 2; to_the_left++) {
        bool is_last = is_served_where_merged_last(pieces, to_the_left);
        assert_int_equal(is_last, !is_scattered);
    }
}

/* That is more than a third of what blocks reach over was free when a large request found no room. */
static void test_a_heap_of_which_much_is_free_in_pieces_is_scattered(void **state) {
    (void)state;
    expect_scattered((struct pieces){.holes = {4, 4, 4, 4, 3, 2}, .requests = {8}}, false);
    expect_scattered((struct pieces){.holes = {4, 4, 4, 4, 4, 2}, .requests = {8}}, true);
}

/* Neither the loose block is room for it, nor one of its own class, if they are too small. */
static void test_what_is_too_small_does_not_keep_a_heap_from_being_scattered(void **state) {
    (void)state;
    expect_scattered((struct pieces){.holes = {9, 9, 4}, .requests = {11}}, true);
    expect_scattered((struct pieces){.holes = {4, 4, 4, 2}, .requests = {9}, .is_pair_free = true}, true);
}

/* A request of less than 8 granules that finds none says nothing, whatever was said before. */
static void test_small_requests_do_not_say_whether_a_heap_is_scattered(void **state) {
    (void)state;
    expect_scattered((struct pieces){.holes = {4, 4, 4, 4, 4, 2}, .requests = {7}}, false);
    expect_scattered((struct pieces){.holes = {4, 4, 4, 4, 4, 2}, .requests = {8, 7}}, true);
}

/* An aligned request says it as well as any. */
static void test_aligned_requests_say_whether_a_heap_is_scattered(void **state) {
    (void)state;
    expect_scattered((struct pieces){.holes = {4, 4, 4, 4, 3, 2}, .requests = {8}, .are_aligned = true}, false);
    expect_scattered((struct pieces){.holes = {4, 4, 4, 4, 4, 2}, .requests = {8}, .are_aligned = true}, true);
    expect_scattered((struct pieces){.holes = {4, 4, 4, 4, 4, 2}, .requests = {7}, .are_aligned = true}, false);
}

/* The last large one that finds none decides: blocks reach over more then, of which no more than a third is free. */
static void test_a_heap_is_not_scattered_for_ever(void **state) {
    (void)state;
    expect_scattered((struct pieces){.holes = {4, 4, 4, 4, 4, 2}, .requests = {8, 8}}, false);
}

enum { CHOICE = 4, LEAST_OF_CLASS = 64 };

/* In granules, holes that share a class: they lie in this order, and so they are in their list. */
static const size_t choice[CHOICE] = {84, 72, 90, 65};

/* The place in `choice` of the hole that serves a request of so many granules. */
static size_t chosen_hole(bool is_scattered, size_t alignment, size_t wanted) {
    struct ebb_heap *heap = fixture_fixed_heap(&store, REGION, &faults);
    for (size_t i = 0; i < CHOICE; i++) {
        blocks[i] = alloc_above_separator(heap, choice[i]);
    }
    (void)fixture_alloc(heap, 1);
    for (size_t i = CHOICE; i-- > 0;) {
        ebb_free(heap, blocks[i]);
    }
    if (is_scattered) {
        (void)fixture_alloc(heap, granules(96));
    }
    const unsigned char *found = ebb_aligned_alloc(heap, alignment, granules(wanted));
    size_t place = 0;
    while (place < CHOICE && (found < blocks[place] || found >= blocks[place] + granules(choice[place]))) {
        place++;
    }
    fixture_end(heap, &store, &faults);
    return place;
}

/*
 * The first that will do; in a scattered heap, or by best fit of the request's own class, the smallest of a few: of a
 * class above that of the request, it looks at three.
 */
static void test_the_smallest_of_a_few_is_chosen_in_a_scattered_heap(void **state) {
    (void)state;
    static const struct {
        size_t wanted, smallest;
    } requests[] = {{64, 3}, {65, 3}, {70, 1}, {80, 0}, {85, 2}, {48, 1}, {2, 1}};
    bool has_best_fit = fixture_looks(&store, &faults) > CHOICE;
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        size_t first = requests[i].wanted <= choice[0] ? 0 : requests[i].smallest;
        bool chooses = has_best_fit && requests[i].wanted >= LEAST_OF_CLASS;
        assert_int_equal(chosen_hole(false, 0, requests[i].wanted), chooses ? requests[i].smallest : first);
        assert_int_equal(chosen_hole(true, 0, requests[i].wanted), requests[i].smallest);
    }
}

/* The smallest that has room, of those that it looks at: the last one is no longer among them if they are three. */
static void test_an_aligned_request_chooses_among_more_in_a_scattered_heap(void **state) {
    (void)state;
    size_t alignment = 2 * ebb_get_geometry().granule;
    bool has_best_fit = fixture_looks(&store, &faults) > CHOICE;
    assert_int_equal(chosen_hole(false, alignment, 60), has_best_fit ? 3 : 1);
    assert_int_equal(chosen_hole(true, alignment, 60), 3);
    assert_int_equal(chosen_hole(true, alignment, 69), 1);
}

/* The bytes that a request of `wanted` granules gets of a hole that has `rest` more. */
static size_t taken_of_a_hole(bool is_scattered, size_t wanted, size_t rest) {
    struct ebb_heap *heap = fixture_fixed_heap(&store, REGION, &faults);
    unsigned char *hole = alloc_above_separator(heap, wanted + rest);
    (void)fixture_alloc(heap, 1);
    ebb_free(heap, hole);
    if (is_scattered) {
        (void)fixture_alloc(heap, granules(wanted + 2 * rest));
    }
    unsigned char *block = fixture_alloc(heap, granules(wanted));
    assert_ptr_equal(block, hole);
    size_t taken = ebb_usable_size(heap, block);
    fixture_end(heap, &store, &faults);
    return taken;
}

/* All of a chosen block, if no more than a sixteenth of what is needed would be left; by best fit, a thirty-second. */
static void test_what_little_would_be_left_of_a_chosen_block_stays(void **state) {
    (void)state;
    enum { WANTED = 128 };
    bool has_best_fit = fixture_looks(&store, &faults) > CHOICE;
    size_t little = has_best_fit ? WANTED / 32 : WANTED / 16;
    assert_int_equal(taken_of_a_hole(true, WANTED, little), granules(WANTED + little));
    assert_int_equal(taken_of_a_hole(true, WANTED, little + 1), granules(WANTED));
    assert_int_equal(taken_of_a_hole(false, WANTED, little), granules(has_best_fit ? WANTED + little : WANTED));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_blocks_fill_the_region),
        cmocka_unit_test(test_one_block_can_be_all),
        cmocka_unit_test(test_what_was_freed_is_one_piece_again),
        cmocka_unit_test(test_holes_are_filled_again),
        cmocka_unit_test(test_freed_neighbours_are_one_block),
        cmocka_unit_test(test_a_hole_between_two_is_closed),
        cmocka_unit_test(test_the_next_class_serves),
        cmocka_unit_test(test_the_class_below_is_in_nobodys_way),
        cmocka_unit_test(test_a_few_of_its_own_class_are_looked_at),
        cmocka_unit_test(test_a_hole_above_a_gap_is_filled),
        cmocka_unit_test(test_a_hole_above_a_gap_is_no_smaller_than_it_is),
        cmocka_unit_test(test_holes_are_used_before_the_end),
        cmocka_unit_test(test_doubled_vector_peaks_at_its_size),
        cmocka_unit_test(test_creeping_vector_peaks_a_quantum_above_its_size),
        cmocka_unit_test(test_mixed_workload_stays_bounded),
        cmocka_unit_test(test_small_blocks_leave_room_for_large_ones),
        cmocka_unit_test(test_small_blocks_leave_room_after_a_peak),
        cmocka_unit_test(test_nodes_leave_room_for_buffers_of_nearly_the_same_size),
        cmocka_unit_test(test_nodes_leave_room_for_aligned_buffers),
        cmocka_unit_test(test_a_heap_of_which_much_is_free_in_pieces_is_scattered),
        cmocka_unit_test(test_what_is_too_small_does_not_keep_a_heap_from_being_scattered),
        cmocka_unit_test(test_small_requests_do_not_say_whether_a_heap_is_scattered),
        cmocka_unit_test(test_aligned_requests_say_whether_a_heap_is_scattered),
        cmocka_unit_test(test_a_heap_is_not_scattered_for_ever),
        cmocka_unit_test(test_the_smallest_of_a_few_is_chosen_in_a_scattered_heap),
        cmocka_unit_test(test_an_aligned_request_chooses_among_more_in_a_scattered_heap),
        cmocka_unit_test(test_what_little_would_be_left_of_a_chosen_block_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
