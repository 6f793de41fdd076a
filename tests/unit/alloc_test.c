/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* ebb_alloc(), ebb_calloc(), ebb_aligned_alloc(), ebb_usable_size(): what they give, and what they must refuse. */
#include "support/bytes.h"
#include "support/heap_fixture.h"
#include "support/test.h"

#include <string.h>

static struct scripted_store store;
static struct fault_log faults;
static struct snapshot snapshot;

/* More than any heap can give. */
static size_t impossible(size_t i) {
    size_t largest = ebb_get_geometry().largest_request;
    size_t sizes[] = {SIZE_MAX, SIZE_MAX / 2 + 1, SIZE_MAX / 2 + 8, SIZE_MAX - 4096, largest + 1, largest + 8};
    return i < 70 ? SIZE_MAX - i : sizes[i % COUNT_OF(sizes)];
}

enum { IMPOSSIBLE_SIZES = 76 };

static void test_size_zero_is_a_block_of_its_own(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    void *blocks[] = {ebb_alloc(heap, 0), ebb_calloc(heap, 0, 5), ebb_calloc(heap, 5, 0),
                      ebb_aligned_alloc(heap, 64, 0), ebb_realloc(heap, NULL, 0)};
    for (size_t i = 0; i < COUNT_OF(blocks); i++) {
        assert_non_null(blocks[i]);
        size_t usable = ebb_usable_size(heap, blocks[i]);
        assert_true(usable >= 1);
        for (size_t j = 0; j < i; j++) {
            assert_true(blocks[i] != blocks[j]);
        }
    }
    for (size_t i = 0; i < COUNT_OF(blocks); i++) {
        ebb_free_sized(heap, blocks[i], 0);
    }
    assert_int_equal(fixture_statistics(heap).live_bytes, 0);
    assert_int_equal(fixture_statistics(heap).failed_requests, 0);
    fixture_end(heap, &store, &faults);
}

static void test_each_small_size_takes_no_more_than_it_needs(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    size_t live = 0;
    for (size_t size = 1; size <= 300; size++) {
        unsigned char *block = fixture_alloc(heap, size);
        assert_int_equal((uintptr_t)block % ebb_get_geometry().granule, 0);
        size_t usable = ebb_usable_size(heap, block);
        assert_true(usable >= size);
        assert_int_equal(usable, survey_block_for(size) - ebb_get_geometry().header);
        live += survey_block_for(size);
        assert_int_equal(fixture_statistics(heap).live_bytes, live);
        memset(block, 0xff, usable);
    }
    fixture_end(heap, &store, &faults);
}

static void test_all_usable_bytes_are_the_users(void **state) {
    (void)state;
    static const unsigned char fills[] = {0x00, 0xff, 0x55, 0x01};
    struct ebb_heap *heap = fixture_fixed_heap(&store, 8192, &faults);
    unsigned char *blocks[60];
    for (size_t i = 0; i < COUNT_OF(blocks); i++) {
        blocks[i] = fixture_alloc(heap, 1 + i);
    }
    for (size_t fill = 0; fill < COUNT_OF(fills); fill++) {
        for (size_t i = 0; i < COUNT_OF(blocks); i++) {
            memset(blocks[i], fills[fill], ebb_usable_size(heap, blocks[i]));
        }
        for (size_t i = 0; i < COUNT_OF(blocks); i++) {
            assert_true(bytes_are(blocks[i], fills[fill], ebb_usable_size(heap, blocks[i])));
        }
        fixture_assert_sound(heap, &store);
    }
    for (size_t i = 0; i < COUNT_OF(blocks); i++) {
        ebb_free(heap, blocks[i]);
    }
    fixture_end(heap, &store, &faults);
}

static void test_null_is_a_fine_argument(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    snapshot_take(&snapshot, heap);
    ebb_free(heap, NULL);
    ebb_free_sized(heap, NULL, 0);
    ebb_free_sized(heap, NULL, 100);
    size_t usable = ebb_usable_size(heap, NULL);
    assert_int_equal(usable, 0);
    snapshot_assert_same(&snapshot, heap);
    void *block = ebb_realloc(heap, NULL, 50);
    assert_non_null(block);
    usable = ebb_usable_size(heap, block);
    assert_true(usable >= 50);
    fixture_end(heap, &store, &faults);
}

/* ---- Requests that cannot be met ---- */

typedef void *(*allocator)(struct ebb_heap *heap, size_t size);

static void *by_calloc_of_bytes(struct ebb_heap *heap, size_t size) {
    return ebb_calloc(heap, size, 1);
}

static void *by_calloc_of_one(struct ebb_heap *heap, size_t size) {
    return ebb_calloc(heap, 1, size);
}

static void *by_aligned_alloc(struct ebb_heap *heap, size_t size) {
    return ebb_aligned_alloc(heap, 256, size);
}

static void *by_realloc_of_null(struct ebb_heap *heap, size_t size) {
    return ebb_realloc(heap, NULL, size);
}

static void *by_alignment(struct ebb_heap *heap, size_t size) {
    return ebb_aligned_alloc(heap, size, 8);
}

static const allocator allocators[] = {ebb_alloc,        by_calloc_of_bytes, by_calloc_of_one,
                                       by_aligned_alloc, by_realloc_of_null, by_alignment};

static void test_impossible_sizes_are_refused(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    (void)fixture_alloc(heap, 700);
    uint32_t failed = 0;
    snapshot_take(&snapshot, heap);
    uint32_t calls = scripted_store_calls(&store);
    for (size_t i = 0; i < COUNT_OF(allocators) * IMPOSSIBLE_SIZES; i++) {
        void *block = allocators[i / IMPOSSIBLE_SIZES](heap, impossible(i % IMPOSSIBLE_SIZES));
        assert_null(block);
        failed++;
        assert_int_equal(fixture_statistics(heap).failed_requests, failed);
    }
    snapshot_assert_same_blocks(&snapshot, heap);
    assert_int_equal(scripted_store_calls(&store), calls);
    assert_true(fixture_statistics(heap).largest_request == 700);
    fixture_end(heap, &store, &faults);
}

static void test_products_that_overflow_are_refused(void **state) {
    (void)state;
    const size_t half = (size_t)1 << (sizeof(size_t) * 4);
    /* The least product that overflows and is more than nothing: Fermat numbers are products. */
    const bool is_wide = sizeof(size_t) > sizeof(uint32_t);
    const size_t fermat[2] = {is_wide ? 274177 : 641, (size_t)(is_wide ? UINT64_C(67280421310721) : 6700417)};
    const size_t factors[][2] = {
        {SIZE_MAX, 2},        {2, SIZE_MAX},         {SIZE_MAX, SIZE_MAX},   {half, half},
        {half + 1, half},     {SIZE_MAX / 2 + 1, 2}, {half * 2, half},       {3, SIZE_MAX / 2},
        {SIZE_MAX / 3, 4},    {SIZE_MAX / 8 + 2, 8}, {fermat[0], fermat[1]}, {fermat[1], fermat[0]},
        {half / 4, half * 4}, {half * 4, half / 4},
    };
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    for (size_t i = 0; i < COUNT_OF(factors); i++) {
        void *block = ebb_calloc(heap, factors[i][0], factors[i][1]);
        assert_null(block);
        assert_int_equal(fixture_statistics(heap).failed_requests, i + 1);
    }
    fixture_end(heap, &store, &faults);
}

/* Whichever factor is the larger one, and if that has more than half of the bits. */
static void test_products_of_a_large_factor_are_met(void **state) {
    (void)state;
    enum { LARGE = 70000 };
    for (int is_first = 0; is_first < 2; is_first++) {
        struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
        unsigned char *block = is_first ? ebb_calloc(heap, LARGE, 1) : ebb_calloc(heap, 1, LARGE);
        assert_non_null(block);
        assert_true(bytes_are(block, 0, LARGE));
        fixture_end(heap, &store, &faults);
    }
}

static void test_alignments_that_are_none_are_refused(void **state) {
    (void)state;
    static const size_t alignments[] = {3, 5, 6, 7, 9, 12, 24, 48, 100, 1000, 4095, SIZE_MAX, SIZE_MAX - 1};
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    for (size_t i = 0; i < COUNT_OF(alignments); i++) {
        void *block = ebb_aligned_alloc(heap, alignments[i], 16);
        assert_null(block);
        assert_int_equal(fixture_statistics(heap).failed_requests, i + 1);
    }
    for (size_t alignment = SIZE_MAX / 2 + 1; alignment > ebb_get_geometry().largest_request; alignment /= 2) {
        void *block = ebb_aligned_alloc(heap, alignment, 1);
        assert_null(block);
    }
    fixture_end(heap, &store, &faults);
}

static void test_refusing_store_leaves_every_block(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    unsigned char *block = fixture_alloc(heap, 300);
    memset(block, 0x42, 300);
    store.grow_script = (struct script){.answer = ANSWER_REFUSE, .times = SCRIPT_FOREVER};
    snapshot_take(&snapshot, heap);
    for (size_t i = 0; i + 1 < COUNT_OF(allocators); i++) {
        uint32_t calls = scripted_store_calls(&store);
        void *none = allocators[i](heap, 20000);
        assert_null(none);
        /* No more was asked for than is needed, so there is nothing less to ask for. */
        assert_int_equal(scripted_store_calls(&store) - calls, 1);
        snapshot_assert_same_blocks(&snapshot, heap);
    }
    void *none = ebb_realloc(heap, block, 20000);
    assert_null(none);
    snapshot_assert_same_blocks(&snapshot, heap);
    assert_int_equal(fixture_statistics(heap).refusals, store.refused);
    assert_int_equal(fixture_statistics(heap).failed_requests, COUNT_OF(allocators));
    store.grow_script.times = 0;
    (void)fixture_alloc(heap, 20000);
    fixture_end(heap, &store, &faults);
}

/* ---- Clearing ---- */

static void test_calloc_clears_what_was_used(void **state) {
    (void)state;
    for (int fresh_is_zero = 0; fresh_is_zero < 2; fresh_is_zero++) {
        fixture_store(&store, 0);
        store.store.fresh_is_zero = fresh_is_zero != 0;
        struct ebb_heap *heap = fixture_heap_on(&store, NULL, &faults);
        for (size_t size = 1; size < 4000; size += 61) {
            unsigned char *dirty = fixture_alloc(heap, size + 40);
            memset(dirty, 0xee, size + 40);
            ebb_free(heap, dirty);
            unsigned char *block = ebb_calloc(heap, 1, size);
            assert_non_null(block);
            assert_true(bytes_are(block, 0, size));
            memset(block, 0xdd, ebb_usable_size(heap, block));
            ebb_free(heap, size % 2 == 0 ? block : NULL);
        }
        fixture_end(heap, &store, &faults);
    }
}

/* What was used and lies between blocks is not fresh, although all memory was in blocks only once. */
static void test_calloc_clears_between_blocks(void **state) {
    (void)state;
    fixture_store(&store, 0);
    store.store.fresh_is_zero = true;
    struct ebb_heap *heap = ebb_create(&store.store, NULL);
    assert_non_null(heap);
    fault_log_attach(&faults, heap);
    for (size_t size = 1; size < 4000; size += 211) {
        unsigned char *dirty = fixture_alloc(heap, size);
        (void)fixture_alloc(heap, 1);
        memset(dirty, 0xee, size);
        ebb_free(heap, dirty);
        unsigned char *block = ebb_calloc(heap, 1, size);
        assert_ptr_equal(block, dirty);
        assert_true(bytes_are(block, 0, size));
    }
    fixture_end(heap, &store, &faults);
}

/* Returned and taken again, memory is as fresh as at first; the heap's own traces in it are not. */
static void test_calloc_clears_in_memory_that_was_given_back(void **state) {
    (void)state;
    fixture_store(&store, 0);
    store.store.fresh_is_zero = true;
    struct ebb_heap *heap = fixture_heap_on(&store, NULL, &faults);
    for (size_t size = 5000; size < 5200; size += 13) {
        unsigned char *dirty = fixture_alloc(heap, size);
        memset(dirty, 0xee, size);
        ebb_free(heap, dirty);
        (void)ebb_trim(heap);
        unsigned char *block = ebb_calloc(heap, 1, size);
        assert_non_null(block);
        assert_true(bytes_are(block, 0, size));
        ebb_free(heap, block);
    }
    fixture_end(heap, &store, &faults);
}

/* A store that breaks its promise shows that fresh memory is not cleared again. */
static void test_calloc_does_not_clear_fresh_memory(void **state) {
    (void)state;
    fixture_store(&store, 0);
    store.store.fresh_is_zero = true;
    store.breaks_promise = true;
    struct ebb_heap *heap = fixture_heap_on(&store, NULL, &faults);
    unsigned char *block = ebb_calloc(heap, 3000, 1);
    assert_non_null(block);
    size_t cleared = 0;
    for (size_t i = 0; i < 3000; i++) {
        cleared += block[i] == 0;
    }
    assert_int_equal(cleared, 0);
    fixture_end(heap, &store, &faults);
}

/* Memory above what was given back is new when it comes again; what lies below was never used and still is. */
static void test_calloc_knows_fresh_memory_after_a_shrink(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 8192};
    fixture_store(&store, 0);
    store.store.fresh_is_zero = true;
    store.breaks_promise = true;
    struct ebb_heap *heap = fixture_heap_on(&store, &policy, &faults);
    (void)fixture_alloc(heap, 100);
    store.shrink_script = (struct script){.answer = ANSWER_LESS, .detail = 1000, .times = 1};
    assert_int_equal(ebb_trim(heap), 1000);
    unsigned char *block = ebb_calloc(heap, 3000, 1);
    assert_non_null(block);
    assert_int_equal(block[0], 0xb7);
    assert_int_equal(block[2999], 0xb7);
    fixture_end(heap, &store, &faults);
}

static void test_calloc_clears_without_a_promise(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_heap(&store, 0, NULL, &faults);
    unsigned char *block = ebb_calloc(heap, 3000, 1);
    assert_non_null(block);
    assert_true(bytes_are(block, 0, 3000));
    fixture_end(heap, &store, &faults);
}

/* Of the granule that the new end cuts, a part stays with the heap as it is: it does not come back cleared. */
static void test_calloc_clears_after_an_odd_shrink(void **state) {
    (void)state;
    struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 64};
    for (size_t taken = 1; taken < 40; taken++) {
        struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
        store.store.fresh_is_zero = true;
        void *dirty = ebb_alloc(heap, 3000);
        assert_non_null(dirty);
        memset(dirty, 0xee, 3000);
        ebb_free(heap, dirty);
        store.shrink_script = (struct script){.answer = ANSWER_LESS, .detail = taken, .times = 1};
        (void)ebb_trim(heap);
        assert_non_null(ebb_alloc(heap, ebb_largest_free(heap)));
        unsigned char *block = ebb_calloc(heap, 1, 500);
        assert_non_null(block);
        assert_true(bytes_are(block, 0, 500));
        (void)ebb_destroy(heap);
    }
}

/* ---- Alignment ---- */

static void test_each_power_of_two_is_an_alignment(void **state) {
    (void)state;
    for (size_t start = 0; start < 64; start += 9) {
        scripted_store_init(&store, fixture_arena(), UNIT_ARENA_SIZE, start);
        struct ebb_heap *heap = fixture_heap_on(&store, NULL, &faults);
        for (size_t alignment = 1; alignment <= 4096; alignment *= 2) {
            for (size_t size = 1; size < 200; size += 49) {
                unsigned char *block = ebb_aligned_alloc(heap, alignment, size);
                assert_non_null(block);
                assert_int_equal((uintptr_t)block % alignment, 0);
                assert_int_equal((uintptr_t)block % ebb_get_geometry().granule, 0);
                size_t usable = ebb_usable_size(heap, block);
                /* What is over is too little for a block. */
                size_t over = usable + ebb_get_geometry().header - survey_block_for(size);
                assert_true(over < ebb_get_geometry().smallest_block);
                memset(block, 0xcc, usable);
                fixture_assert_sound(heap, &store);
                ebb_free(heap, size % 2 == 0 ? block : NULL);
            }
        }
        fixture_end(heap, &store, &faults);
    }
}

static void test_small_alignments_are_as_alloc(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_fixed_heap(&store, 4096, &faults);
    size_t block = survey_block_for(20);
    for (size_t alignment = 0; alignment <= ebb_get_geometry().granule;
         alignment = alignment == 0 ? 1 : alignment * 2) {
        size_t live = fixture_statistics(heap).live_bytes;
        void *aligned = ebb_aligned_alloc(heap, alignment, 20);
        assert_non_null(aligned);
        assert_int_equal(fixture_statistics(heap).live_bytes - live, block);
    }
    struct survey survey;
    survey_take(&survey, heap);
    assert_int_equal(survey.free_blocks, 0);
    fixture_end(heap, &store, &faults);
}

/* What lies before an aligned block is not lost. */
static void test_room_before_an_aligned_block_serves(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_fixed_heap(&store, 8192, &faults);
    unsigned char *aligned = ebb_aligned_alloc(heap, 4096, 100);
    assert_non_null(aligned);
    struct survey survey;
    survey_take(&survey, heap);
    assert_int_equal(survey.free_blocks, 1);
    unsigned char *before = fixture_alloc(heap, survey.largest_free - ebb_get_geometry().header);
    assert_true(before < aligned);
    ebb_free(heap, before);
    ebb_free(heap, aligned);
    survey_take(&survey, heap);
    assert_int_equal(survey.free_blocks, 0);
    fixture_end(heap, &store, &faults);
}

/* A free block as large as the next size class above all that alignment can need is found. */
static void test_aligned_block_finds_the_smallest_hole_for_it(void **state) {
    (void)state;
    struct ebb_geometry geometry = ebb_get_geometry();
    size_t alignment = 2 * geometry.granule;
    size_t wanted = survey_block_for(geometry.granule);
    size_t too_few = geometry.smallest_block - geometry.granule;
    size_t before = too_few != 0 ? alignment + too_few : alignment - geometry.granule;
    struct ebb_heap *heap = fixture_fixed_heap(&store, 16384, &faults);
    unsigned char *hole = fixture_alloc(heap, wanted + before + geometry.granule - geometry.header);
    (void)fixture_fill(heap, 1, NULL, 0);
    ebb_free(heap, hole);
    unsigned char *aligned = ebb_aligned_alloc(heap, alignment, geometry.granule);
    assert_true(aligned >= hole && aligned < hole + wanted + before);
    fixture_end(heap, &store, &faults);
}

/* What two blocks have left when they merged is found already if it is just as large as alignment can need. */
static void test_aligned_block_finds_a_merged_hole_of_just_its_size(void **state) {
    (void)state;
    struct ebb_geometry geometry = ebb_get_geometry();
    for (size_t alignment = 4 * geometry.granule; alignment <= 512; alignment *= 2) {
        size_t too_few = geometry.smallest_block - geometry.granule;
        size_t before = too_few != 0 ? alignment + too_few : alignment - geometry.granule;
        size_t half = survey_block_for(60);
        struct ebb_heap *heap = fixture_fixed_heap(&store, 16384, &faults);
        unsigned char *first = fixture_alloc(heap, half - geometry.header);
        unsigned char *second = fixture_alloc(heap, half + before - geometry.header);
        (void)fixture_fill(heap, 1, NULL, 0);
        ebb_free(heap, second);
        ebb_free(heap, first);
        unsigned char *aligned = ebb_aligned_alloc(heap, alignment, 2 * half - geometry.header);
        assert_true(aligned >= first && aligned <= first + before);
        fixture_end(heap, &store, &faults);
    }
}

/* What an aligned block leaves has room for the next of its kind, although elsewhere that would need more. */
static void test_aligned_block_takes_the_place_of_one_like_it(void **state) {
    (void)state;
    size_t granule = ebb_get_geometry().granule;
    for (size_t alignment = 2 * granule; alignment <= 1024; alignment *= 2) {
        for (size_t size = 1; size < 2000; size += 1 + size / 2) {
            struct ebb_heap *heap = fixture_fixed_heap(&store, 16384, &faults);
            unsigned char *first = ebb_aligned_alloc(heap, alignment, size);
            assert_non_null(first);
            (void)fixture_fill(heap, 1, NULL, 0);
            ebb_free(heap, first);
            unsigned char *second = ebb_aligned_alloc(heap, alignment, size);
            assert_ptr_equal(second, first);
            fixture_end(heap, &store, &faults);
        }
    }
}

enum { LINE = 64 };

/* A block of a line, header included, that starts where a line does. */
static unsigned char *line_alloc(struct ebb_heap *heap) {
    unsigned char *line = ebb_aligned_alloc(heap, LINE, LINE - ebb_get_geometry().header);
    assert_non_null(line);
    return line;
}

/* A block as large that starts elsewhere. */
static unsigned char *crooked_alloc(struct ebb_heap *heap) {
    unsigned char *block = NULL;
    do {
        (void)fixture_alloc(heap, 1);
        block = fixture_alloc(heap, LINE - ebb_get_geometry().header);
    } while ((uintptr_t)block % LINE == 0);
    (void)fixture_alloc(heap, 1);
    return block;
}

/* Blocks that are large enough, but lie wrongly, hide one of their class that does not only where they are many. */
static void test_aligned_block_is_found_behind_a_few_crooked_ones(void **state) {
    (void)state;
    enum { MOST_CROOKED = 8 };
    size_t looks = fixture_looks(&store, &faults);
    assert_true(looks <= MOST_CROOKED);
    for (size_t crooked = 0; crooked <= looks; crooked++) {
        struct ebb_heap *heap = fixture_fixed_heap(&store, 16384, &faults);
        unsigned char *line = line_alloc(heap);
        unsigned char *others[MOST_CROOKED];
        for (size_t i = 0; i < crooked; i++) {
            others[i] = crooked_alloc(heap);
        }
        (void)fixture_fill(heap, 1, NULL, 0);
        ebb_free(heap, line);
        for (size_t i = 0; i < crooked; i++) {
            ebb_free(heap, others[i]);
        }
        unsigned char *found = ebb_aligned_alloc(heap, LINE, LINE - ebb_get_geometry().header);
        assert_ptr_equal(found, crooked < looks ? line : NULL);
        fixture_end(heap, &store, &faults);
    }
}

/* What comes from the idle end next starts a line; in a heap without free blocks. */
static void go_to_next_line(struct ebb_heap *heap) {
    unsigned char *next = fixture_alloc(heap, 1);
    ebb_free(heap, next);
    size_t before = -(uintptr_t)next % LINE;
    if (before != 0) {
        before += before < ebb_get_geometry().smallest_block ? LINE : 0;
        (void)fixture_alloc(heap, before - ebb_get_geometry().header);
    }
}

/* Of a hole that two blocks have left, and another of three lines, the smaller is taken, and then the one with room. */
static void test_aligned_block_takes_the_smaller_of_two_holes(void **state) {
    (void)state;
    size_t header = ebb_get_geometry().header;
    for (size_t lines = 1; lines <= 5; lines += 4) {
        struct ebb_heap *heap = fixture_fixed_heap(&store, 16384, &faults);
        go_to_next_line(heap);
        unsigned char *hole = fixture_alloc(heap, 3 * LINE - header);
        (void)fixture_alloc(heap, 1);
        go_to_next_line(heap);
        unsigned char *merged = fixture_alloc(heap, LINE / 2 - header);
        unsigned char *rest = fixture_alloc(heap, lines * LINE - LINE / 2 - header);
        (void)fixture_fill(heap, 1, NULL, 0);
        ebb_free(heap, hole);
        ebb_free(heap, rest);
        ebb_free(heap, merged);
        unsigned char *one = ebb_aligned_alloc(heap, LINE, LINE - header);
        assert_ptr_equal(one, lines < 3 ? merged : hole);
        unsigned char *three = ebb_aligned_alloc(heap, LINE, 3 * LINE - header);
        assert_ptr_equal(three, lines < 3 ? hole : merged);
        fixture_end(heap, &store, &faults);
    }
}

static void test_aligned_block_finds_a_hole(void **state) {
    (void)state;
    struct ebb_heap *heap = fixture_fixed_heap(&store, 16384, &faults);
    unsigned char *hole = fixture_alloc(heap, 3000);
    (void)fixture_fill(heap, 40, NULL, 0);
    ebb_free(heap, hole);
    unsigned char *aligned = ebb_aligned_alloc(heap, 1024, 900);
    assert_non_null(aligned);
    assert_int_equal((uintptr_t)aligned % 1024, 0);
    memset(aligned, 0x77, ebb_usable_size(heap, aligned));
    fixture_assert_sound(heap, &store);
    ebb_free(heap, aligned);
    unsigned char *whole = fixture_alloc(heap, 3000);
    assert_ptr_equal(whole, hole);
    fixture_end(heap, &store, &faults);
}

/*
 * Somebody else has moved the end, and the store has all that a request needs, but no whole lot: it may fail once, and
 * is met then, however little is missing.
 */
static void test_end_that_was_moved_fails_one_request_at_most(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 4096};
    for (size_t gap = 1; gap < 64; gap += 3) {
        struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
        fixture_alloc(heap, 1);
        fixture_alloc(heap, ebb_largest_free(heap) - 200);
        store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = gap, .times = 1};
        store.limit = store.end + gap + 1000;
        store.all_or_nothing = true;
        size_t size = ebb_largest_free(heap) + ebb_get_geometry().granule;
        if (ebb_alloc(heap, size) == NULL) {
            fixture_alloc(heap, size);
        }
        fixture_assert_sound(heap, &store);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_size_zero_is_a_block_of_its_own),
        cmocka_unit_test(test_each_small_size_takes_no_more_than_it_needs),
        cmocka_unit_test(test_all_usable_bytes_are_the_users),
        cmocka_unit_test(test_null_is_a_fine_argument),
        cmocka_unit_test(test_impossible_sizes_are_refused),
        cmocka_unit_test(test_products_that_overflow_are_refused),
        cmocka_unit_test(test_products_of_a_large_factor_are_met),
        cmocka_unit_test(test_alignments_that_are_none_are_refused),
        cmocka_unit_test(test_refusing_store_leaves_every_block),
        cmocka_unit_test(test_calloc_clears_what_was_used),
        cmocka_unit_test(test_calloc_clears_between_blocks),
        cmocka_unit_test(test_calloc_clears_in_memory_that_was_given_back),
        cmocka_unit_test(test_calloc_does_not_clear_fresh_memory),
        cmocka_unit_test(test_calloc_knows_fresh_memory_after_a_shrink),
        cmocka_unit_test(test_calloc_clears_without_a_promise),
        cmocka_unit_test(test_calloc_clears_after_an_odd_shrink),
        cmocka_unit_test(test_each_power_of_two_is_an_alignment),
        cmocka_unit_test(test_small_alignments_are_as_alloc),
        cmocka_unit_test(test_room_before_an_aligned_block_serves),
        cmocka_unit_test(test_aligned_block_takes_the_place_of_one_like_it),
        cmocka_unit_test(test_aligned_block_is_found_behind_a_few_crooked_ones),
        cmocka_unit_test(test_aligned_block_takes_the_smaller_of_two_holes),
        cmocka_unit_test(test_aligned_block_finds_the_smallest_hole_for_it),
        cmocka_unit_test(test_aligned_block_finds_a_merged_hole_of_just_its_size),
        cmocka_unit_test(test_aligned_block_finds_a_hole),
        cmocka_unit_test(test_end_that_was_moved_fails_one_request_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
