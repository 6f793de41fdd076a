/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Mistakes of the user: each is told once, by kind and address, and changes no byte of the heap. */
#include "support/heap_fixture.h"
#include "support/level.h"
#include "support/test.h"

#include <string.h>

static const char unchecked[] = "pointers are not checked";

static struct scripted_store store;
static struct fault_log faults;
static struct snapshot snapshot;

static void by_free(struct ebb_heap *heap, void *block) {
    ebb_free(heap, block);
}

static void by_free_sized(struct ebb_heap *heap, void *block) {
    ebb_free_sized(heap, block, 100);
}

static void by_usable_size(struct ebb_heap *heap, void *block) {
    size_t usable = ebb_usable_size(heap, block);
    assert_int_equal(usable, 0);
}

static void by_realloc_smaller(struct ebb_heap *heap, void *block) {
    void *none = ebb_realloc(heap, block, 1);
    assert_null(none);
}

static void by_realloc_larger(struct ebb_heap *heap, void *block) {
    void *none = ebb_realloc(heap, block, 5000);
    assert_null(none);
}

static void (*const uses[])(struct ebb_heap *heap, void *block) = {
    by_free, by_free_sized, by_usable_size, by_realloc_smaller, by_realloc_larger,
};

enum { USES_THAT_COUNT_NOTHING = 3 };

/* No kind of its own: a block was freed, and may be inside a larger free block by now. */
static const enum ebb_fault gone = (enum ebb_fault)0;

/* Uses `block` wrongly in every way. */
static void assert_each_use_is_told(struct ebb_heap *heap, void *block, enum ebb_fault kind) {
    for (size_t i = 0; i < COUNT_OF(uses); i++) {
        snapshot_take(&snapshot, heap);
        uint32_t calls = scripted_store_calls(&store);
        uses[i](heap, block);
        if (kind == gone) {
            fault_log_expect_gone(&faults, block);
        } else {
            fault_log_expect(&faults, kind, block);
        }
        assert_int_equal(scripted_store_calls(&store), calls);
        if (i < USES_THAT_COUNT_NOTHING) {
            snapshot_assert_same(&snapshot, heap);
        } else {
            snapshot_assert_same_blocks(&snapshot, heap);
        }
    }
}

/* A heap that moves its end only when it has to, so that no call of the store comes in between. */
static struct ebb_heap *make_heap(void) {
    static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 4096};
    return fixture_heap(&store, 0, &policy, &faults);
}

static void test_pointers_from_elsewhere_are_foreign(void **state) {
    (void)state;
    needs_level(1, unchecked);
    static _Alignas(16) unsigned char elsewhere[64];
    struct ebb_heap *heap = make_heap();
    (void)fixture_alloc(heap, 100);
    unsigned char *start = (unsigned char *)heap;
    size_t granule = ebb_get_geometry().granule;
    size_t control = ebb_get_geometry().control_block;
    unsigned char *region_end = start + fixture_statistics(heap).region_bytes;
    unsigned char *const pointers[] = {
        elsewhere,
        elsewhere + granule,
        start,
        start + granule,
        start + (control / 2 / granule) * granule,
        region_end + granule,
        region_end + 4096,
        start + ((size_t)1 << 20),
    };
    for (size_t i = 0; i < COUNT_OF(pointers); i++) {
        assert_each_use_is_told(heap, pointers[i], EBB_FAULT_FOREIGN);
    }
    fixture_end(heap, &store, &faults);
}

static void test_addresses_at_the_ends_of_memory_are_foreign(void **state) {
    (void)state;
    needs_level(1, unchecked);
    struct ebb_heap *heap = make_heap();
    (void)fixture_alloc(heap, 100);
    size_t granule = ebb_get_geometry().granule;
    const uintptr_t addresses[] = {granule, 4096, UINTPTR_MAX - granule + 1, UINTPTR_MAX, UINTPTR_MAX / 2 + 1, 1};
    for (size_t i = 0; i < COUNT_OF(addresses); i++) {
        void *pointer;
        memcpy(&pointer, &addresses[i], sizeof pointer);
        assert_each_use_is_told(heap, pointer, EBB_FAULT_FOREIGN);
    }
    fixture_end(heap, &store, &faults);
}

static void test_pointer_before_the_region_is_foreign(void **state) {
    (void)state;
    needs_level(1, unchecked);
    scripted_store_init(&store, fixture_arena(), UNIT_ARENA_SIZE, 1024);
    struct ebb_heap *heap = fixture_heap_on(&store, NULL, &faults);
    for (size_t offset = 0; offset < 1024; offset += 128) {
        assert_each_use_is_told(heap, fixture_arena() + offset, EBB_FAULT_FOREIGN);
    }
    fixture_end(heap, &store, &faults);
}

static void test_misaligned_pointers_are_foreign(void **state) {
    (void)state;
    needs_level(1, unchecked);
    struct ebb_heap *heap = make_heap();
    unsigned char *block = fixture_alloc(heap, 100);
    memset(block, 0xff, 100);
    for (size_t i = 1; i < ebb_get_geometry().granule; i++) {
        assert_each_use_is_told(heap, block + i, EBB_FAULT_FOREIGN);
    }
    ebb_free(heap, block);
    fixture_end(heap, &store, &faults);
}

/* Also where what lies before it is a header, word for word. */
static void test_misaligned_pointer_behind_what_looks_like_a_header_is_foreign(void **state) {
    (void)state;
    needs_level(1, unchecked);
    struct ebb_heap *heap = make_heap();
    size_t header = ebb_get_geometry().header;
    (void)fixture_alloc(heap, 1);
    unsigned char *small = fixture_alloc(heap, 1);
    unsigned char *block = fixture_alloc(heap, 100);
    for (size_t i = 0; i + header <= 100; i += header) {
        memcpy(block + i, small - header, header);
    }
    for (size_t i = header; i < ebb_get_geometry().granule; i += header) {
        assert_each_use_is_told(heap, block + i, EBB_FAULT_FOREIGN);
    }
    ebb_free(heap, block);
    fixture_end(heap, &store, &faults);
}

/* The last block's header says that it ends in idle memory, of which nobody knows what it holds. */
static void test_header_that_leads_into_idle_memory_is_corrupt(void **state) {
    (void)state;
    needs_level(1, unchecked);
    struct ebb_heap *heap = make_heap();
    size_t header = ebb_get_geometry().header;
    unsigned char saved[8];
    unsigned char *first = fixture_alloc(heap, 1000);
    unsigned char *last = fixture_alloc(heap, 100);
    memcpy(saved, last - header, header);
    memcpy(last - header, first - header, header);
    assert_each_use_is_told(heap, last, EBB_FAULT_CORRUPT);
    memcpy(last - header, saved, header);
    ebb_free(heap, last);
    fixture_end(heap, &store, &faults);
}

static void test_block_of_another_heap_is_foreign(void **state) {
    (void)state;
    needs_level(1, unchecked);
    static struct scripted_store other_store;
    struct ebb_heap *heap = make_heap();
    /* The other heap's memory lies in the same arena, behind that of the first. */
    store.limit = 16384;
    (void)fixture_alloc(heap, 100);
    scripted_store_init(&other_store, fixture_arena() + 32768, 16384, 0);
    struct ebb_heap *other = ebb_create(&other_store.store, NULL);
    assert_non_null(other);
    unsigned char *block = fixture_alloc(other, 100);
    assert_each_use_is_told(heap, block, EBB_FAULT_FOREIGN);
    ebb_free_sized(other, block, 100);
    assert_int_equal(fixture_statistics(other).live_bytes, 0);
    (void)ebb_destroy(other);
    /* The arena of the first holds what the second left there. */
    struct ebb_finding finding = ebb_check(heap);
    assert_int_equal(finding.damage, EBB_SOUND);
    (void)ebb_destroy(heap);
}

/* ---- Second frees ---- */

static void test_second_free_is_told(void **state) {
    (void)state;
    needs_level(1, unchecked);
    struct ebb_heap *heap = make_heap();
    for (size_t size = 1; size < 600; size += 23) {
        unsigned char *left = fixture_alloc(heap, 10);
        unsigned char *block = fixture_alloc(heap, size);
        unsigned char *right = fixture_alloc(heap, 10);
        ebb_free(heap, block);
        assert_each_use_is_told(heap, block, EBB_FAULT_FREED);
        ebb_free(heap, left);
        ebb_free(heap, right);
    }
    fixture_end(heap, &store, &faults);
}

struct row {
    struct ebb_heap *heap;
    unsigned char *a, *b, *c, *d;
};

static struct row make_row(size_t size) {
    struct row row = {.heap = make_heap()};
    row.a = fixture_alloc(row.heap, size);
    row.b = fixture_alloc(row.heap, size);
    row.c = fixture_alloc(row.heap, size);
    row.d = fixture_alloc(row.heap, size);
    return row;
}

static void test_second_free_is_told_after_the_right_was_merged(void **state) {
    (void)state;
    needs_level(1, unchecked);
    for (size_t size = 1; size < 200; size += 33) {
        struct row row = make_row(size);
        ebb_free(row.heap, row.b);
        ebb_free(row.heap, row.c);
        assert_each_use_is_told(row.heap, row.b, EBB_FAULT_FREED);
        assert_each_use_is_told(row.heap, row.c, gone);
        fixture_end(row.heap, &store, &faults);
    }
}

static void test_second_free_is_told_after_being_merged_by_the_left(void **state) {
    (void)state;
    needs_level(1, unchecked);
    for (size_t size = 1; size < 200; size += 33) {
        struct row row = make_row(size);
        ebb_free(row.heap, row.c);
        ebb_free(row.heap, row.b);
        assert_each_use_is_told(row.heap, row.c, gone);
        assert_each_use_is_told(row.heap, row.b, EBB_FAULT_FREED);
        fixture_end(row.heap, &store, &faults);
    }
}

static void test_second_free_is_told_between_two_free_blocks(void **state) {
    (void)state;
    needs_level(1, unchecked);
    for (size_t size = 1; size < 200; size += 33) {
        struct row row = make_row(size);
        ebb_free(row.heap, row.a);
        ebb_free(row.heap, row.c);
        ebb_free(row.heap, row.b);
        assert_each_use_is_told(row.heap, row.a, EBB_FAULT_FREED);
        assert_each_use_is_told(row.heap, row.b, gone);
        assert_each_use_is_told(row.heap, row.c, gone);
        fixture_end(row.heap, &store, &faults);
    }
}

static void test_second_free_is_told_in_top(void **state) {
    (void)state;
    needs_level(1, unchecked);
    for (size_t size = 1; size < 200; size += 33) {
        struct row row = make_row(size);
        ebb_free(row.heap, row.d);
        assert_each_use_is_told(row.heap, row.d, EBB_FAULT_FREED);
        ebb_free(row.heap, row.c);
        assert_each_use_is_told(row.heap, row.c, EBB_FAULT_FREED);
        assert_each_use_is_told(row.heap, row.d, gone);
        ebb_free(row.heap, row.a);
        ebb_free(row.heap, row.b);
        assert_each_use_is_told(row.heap, row.a, EBB_FAULT_FREED);
        assert_each_use_is_told(row.heap, row.b, gone);
        fixture_end(row.heap, &store, &faults);
    }
}

static void test_second_free_is_foreign_where_the_region_no_longer_is(void **state) {
    (void)state;
    needs_level(1, unchecked);
    struct row row = make_row(2000);
    ebb_free(row.heap, row.d);
    ebb_free(row.heap, row.c);
    (void)ebb_trim(row.heap);
    assert_each_use_is_told(row.heap, row.d, EBB_FAULT_FOREIGN);
    fixture_end(row.heap, &store, &faults);
}

/* Merged, and cut again elsewhere: what is left starts at none of the old blocks. */
static void test_second_free_is_told_after_merging_and_splitting(void **state) {
    (void)state;
    needs_level(1, unchecked);
    struct row row = make_row(300);
    ebb_free(row.heap, row.b);
    ebb_free(row.heap, row.c);
    unsigned char *part = fixture_alloc(row.heap, 100);
    assert_true(part >= row.b && part < row.d);
    assert_each_use_is_told(row.heap, row.c, gone);
    ebb_free(row.heap, part);
    assert_each_use_is_told(row.heap, row.b, EBB_FAULT_FREED);
    assert_each_use_is_told(row.heap, row.c, gone);
    fixture_end(row.heap, &store, &faults);
}

static void test_second_free_of_what_realloc_moved_is_told(void **state) {
    (void)state;
    needs_level(1, unchecked);
    struct row row = make_row(300);
    unsigned char *moved = ebb_realloc(row.heap, row.b, 1000);
    assert_non_null(moved);
    assert_true(moved != row.b);
    assert_each_use_is_told(row.heap, row.b, EBB_FAULT_FREED);
    ebb_free(row.heap, moved);
    fixture_end(row.heap, &store, &faults);
}

/* Also where the old header is still there, inside the block that has moved to the left over it. */
static void test_old_address_of_what_realloc_moved_far_is_told(void **state) {
    (void)state;
    needs_level(1, unchecked);
    struct ebb_heap *heap = fixture_fixed_heap(&store, 4096, &faults);
    unsigned char *left = fixture_alloc(heap, 400);
    unsigned char *block = fixture_alloc(heap, 40);
    (void)fixture_fill(heap, 1, NULL, 0);
    ebb_free(heap, left);
    unsigned char *moved = ebb_realloc(heap, block, 430);
    assert_ptr_equal(moved, left);
    assert_each_use_is_told(heap, block, EBB_FAULT_FREED);
    fixture_end(heap, &store, &faults);
}

static void test_second_free_of_what_realloc_swallowed_is_told(void **state) {
    (void)state;
    needs_level(1, unchecked);
    struct row row = make_row(300);
    ebb_free(row.heap, row.c);
    unsigned char *wide = ebb_realloc(row.heap, row.b, 500);
    assert_ptr_equal(wide, row.b);
    ebb_free(row.heap, wide);
    assert_each_use_is_told(row.heap, wide, EBB_FAULT_FREED);
    fixture_end(row.heap, &store, &faults);
}

/* Of top, too: as a vector does that grows over where a block was. */
static void test_second_free_of_what_realloc_grew_over_is_told(void **state) {
    (void)state;
    needs_level(1, unchecked);
    struct ebb_heap *heap = make_heap();
    unsigned char *block = fixture_alloc(heap, 40);
    unsigned char *last = fixture_alloc(heap, 40);
    ebb_free(heap, last);
    unsigned char *wide = ebb_realloc(heap, block, 200);
    assert_ptr_equal(wide, block);
    assert_each_use_is_told(heap, last, EBB_FAULT_FREED);
    fixture_end(heap, &store, &faults);
}

/*
 * What is left of the free block that realloc takes from may have its links, of any value, beside where the header of a
 * swallowed block was: they are to look like no header in use.
 */
static void test_second_free_beside_links_is_told(void **state) {
    (void)state;
    needs_level(1, unchecked);
    enum { BLOCKS = 64 };
    struct ebb_geometry geometry = ebb_get_geometry();
    size_t granule = geometry.granule;
    size_t size = geometry.smallest_block + granule - geometry.header;
    for (size_t other = 4; other < BLOCKS; other++) {
        unsigned char *blocks[BLOCKS];
        struct ebb_heap *heap = make_heap();
        unsigned char *block = fixture_alloc(heap, size);
        unsigned char *left = fixture_alloc(heap, size);
        unsigned char *old = fixture_alloc(heap, size - granule);
        for (size_t i = 0; i < BLOCKS; i++) {
            blocks[i] = fixture_alloc(heap, size);
        }
        /* Of the size of what is going to be left: so one of them links to the other. */
        ebb_free(heap, blocks[other]);
        ebb_free(heap, blocks[2]);
        ebb_free(heap, left);
        ebb_free(heap, old);
        unsigned char *wide = ebb_realloc(heap, block, (size_t)(old - block) - granule - geometry.header);
        assert_ptr_equal(wide, block);
        assert_each_use_is_told(heap, old, gone);
        fixture_end(heap, &store, &faults);
    }
}

static void test_top_is_not_in_use(void **state) {
    (void)state;
    needs_level(1, unchecked);
    struct ebb_heap *heap = make_heap();
    unsigned char *block = fixture_alloc(heap, 100);
    struct surroundings around;
    survey_around(&around, heap, block);
    assert_int_equal(around.right.kind, EBB_BLOCK_TOP);
    assert_each_use_is_told(heap, around.right.address, EBB_FAULT_FREED);
    fixture_end(heap, &store, &faults);
}

/* ---- Sizes ---- */

static void test_free_sized_takes_the_right_size(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    for (size_t size = 0; size < 500; size++) {
        unsigned char *block = fixture_alloc(heap, size);
        (void)fixture_alloc(heap, 1);
        ebb_free_sized(heap, block, size);
        fault_log_expect_none(&faults);
        struct surroundings around;
        survey_around(&around, heap, block);
        assert_true(around.own.kind != EBB_BLOCK_USED);
    }
    fixture_end(heap, &store, &faults);
}

static void test_free_sized_takes_the_size_of_the_last_request(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    for (size_t size = 1; size < 300; size += 7) {
        for (size_t other = 1; other < 300; other += 11) {
            unsigned char *block = ebb_realloc(heap, fixture_alloc(heap, size), other);
            ebb_free_sized(heap, block, other);
            fault_log_expect_none(&faults);
        }
    }
    for (size_t alignment = 1; alignment <= 1024; alignment *= 2) {
        void *block = ebb_aligned_alloc(heap, alignment, 77);
        ebb_free_sized(heap, block, 77);
        fault_log_expect_none(&faults);
    }
    assert_int_equal(fixture_statistics(heap).live_bytes, 0);
    fixture_end(heap, &store, &faults);
}

static void test_free_sized_tells_a_wrong_size(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    for (size_t size = 0; size < 300; size += 7) {
        size_t most = 2 * ebb_get_geometry().smallest_block + size / 15;
        unsigned char *block = fixture_alloc(heap, size);
        (void)fixture_alloc(heap, 1);
        snapshot_take(&snapshot, heap);
        const size_t wrong[] = {size + most,
                                size + 1000,
                                SIZE_MAX,
                                SIZE_MAX - 1,
                                SIZE_MAX - 8,
                                SIZE_MAX - 16,
                                SIZE_MAX / 2,
                                ebb_get_geometry().largest_request,
                                ebb_get_geometry().largest_request + 1,
                                size >= most ? size - most : SIZE_MAX};
        for (size_t i = 0; i < COUNT_OF(wrong); i++) {
            ebb_free_sized(heap, block, wrong[i]);
            fault_log_expect(&faults, EBB_FAULT_SIZE, block);
            snapshot_assert_same(&snapshot, heap);
        }
        ebb_free_sized(heap, block, size);
        fault_log_expect_none(&faults);
    }
    fixture_end(heap, &store, &faults);
}

/* Each size that needs another block is found out, down to the next one. */
static void test_free_sized_tells_the_nearest_sizes(void **state) {
    (void)state;
    struct ebb_heap *heap = make_heap();
    for (size_t size = 1; size < 100; size++) {
        unsigned char *block = fixture_alloc(heap, size);
        size_t room = survey_block_for(size);
        for (size_t told = 1; told < 100; told++) {
            size_t needed = survey_block_for(told);
            if (needed <= room && room - needed < ebb_get_geometry().smallest_block) {
                continue;
            }
            ebb_free_sized(heap, block, told);
            fault_log_expect(&faults, EBB_FAULT_SIZE, block);
        }
        ebb_free_sized(heap, block, size);
        fault_log_expect_none(&faults);
    }
    fixture_end(heap, &store, &faults);
}

/* ---- Overwritten headers ---- */

/* A block that says it is in use, with a size that leads nowhere, or none at all. */
static void test_overwritten_header_is_corrupt(void **state) {
    (void)state;
    needs_level(1, unchecked);
    static const unsigned char fills[] = {0xff, 0x01, 0x81};
    struct ebb_heap *heap = make_heap();
    size_t header = ebb_get_geometry().header;
    unsigned char *block = fixture_alloc(heap, 200);
    (void)fixture_alloc(heap, 100);
    unsigned char sound[16];
    memcpy(sound, block - header, header);
    for (size_t i = 0; i < COUNT_OF(fills); i++) {
        memset(block - header, fills[i], header);
        ebb_free(heap, block);
        fault_log_expect(&faults, EBB_FAULT_CORRUPT, block);
        assert_int_equal(ebb_usable_size(heap, block), 0);
        fault_log_expect(&faults, EBB_FAULT_CORRUPT, block);
        memcpy(block - header, sound, header);
    }
    ebb_free(heap, block);
    fault_log_expect_none(&faults);
    fixture_end(heap, &store, &faults);
}

/* What is idle at the end was freed at best; what lies beyond it never was of the heap. */
static void test_pointers_into_the_idle_end_are_freed_and_beyond_it_foreign(void **state) {
    (void)state;
    needs_level(1, unchecked);
    struct ebb_heap *heap = make_heap();
    unsigned char *last = fixture_alloc(heap, 100);
    ebb_free(heap, last);
    size_t region = fixture_statistics(heap).region_bytes;
    size_t granule = ebb_get_geometry().granule;
    unsigned char *end_of_region = (unsigned char *)heap + region / granule * granule;
    ebb_free(heap, last);
    fault_log_expect(&faults, EBB_FAULT_FREED, last);
    ebb_free(heap, end_of_region - granule);
    fault_log_expect(&faults, EBB_FAULT_FREED, end_of_region - granule);
    ebb_free(heap, end_of_region + granule);
    fault_log_expect(&faults, EBB_FAULT_FOREIGN, end_of_region + granule);
    fixture_end(heap, &store, &faults);
}

/* ---- Gaps ---- */

static void test_gap_cannot_be_freed(void **state) {
    (void)state;
    needs_level(1, unchecked);
    struct ebb_policy policy = {.strategy = EBB_GROW_ONLY, .quantum = 256};
    struct ebb_heap *heap = fixture_heap(&store, 0, &policy, &faults);
    (void)fixture_alloc(heap, 100);
    store.grow_script = (struct script){.answer = ANSWER_HIGHER, .detail = 512, .times = 1};
    (void)fixture_alloc(heap, 1000);
    struct survey survey;
    survey_take(&survey, heap);
    assert_int_equal(survey.gaps, 1);
    for (size_t i = 0; i < COUNT_OF(uses); i++) {
        struct ebb_statistics before = fixture_statistics(heap);
        uses[i](heap, survey.last_gap);
        assert_int_equal(faults.count, 1);
        assert_ptr_equal(faults.address, survey.last_gap);
        fault_log_attach(&faults, heap);
        assert_int_equal(fixture_statistics(heap).live_bytes, before.live_bytes);
        fixture_assert_sound(heap, &store);
    }
    (void)ebb_destroy(heap);
}

/* ---- The handler ---- */

static void test_without_a_handler_faults_pass(void **state) {
    (void)state;
    needs_level(1, unchecked);
    struct ebb_heap *heap = make_heap();
    ebb_set_fault_handler(heap, NULL, NULL);
    unsigned char *block = fixture_alloc(heap, 100);
    (void)fixture_alloc(heap, 100);
    ebb_free(heap, block);
    snapshot_take(&snapshot, heap);
    for (size_t i = 0; i < COUNT_OF(uses); i++) {
        uses[i](heap, block);
        uses[i](heap, block + 1);
        uses[i](heap, &store);
    }
    snapshot_assert_same_blocks(&snapshot, heap);
    fault_log_expect_none(&faults);
    fixture_end(heap, &store, &faults);
}

static void test_handler_can_be_replaced(void **state) {
    (void)state;
    needs_level(1, unchecked);
    static struct fault_log second;
    struct ebb_heap *heap = make_heap();
    fault_log_attach(&second, heap);
    ebb_free(heap, &store);
    fault_log_expect_none(&faults);
    fault_log_expect(&second, EBB_FAULT_FOREIGN, &store);
    ebb_set_fault_handler(heap, NULL, NULL);
    ebb_free(heap, &store);
    fault_log_expect_none(&second);
    fixture_end(heap, &store, &faults);
}

/* As where the program's own failure is left by a jump, or a task is ended. */
static void test_handler_need_not_return(void **state) {
    (void)state;
    needs_level(1, unchecked);
    struct row row = make_row(300);
    ebb_free(row.heap, row.b);
    ebb_set_fault_handler(row.heap, fault_log_leave, NULL);
    for (volatile size_t i = 0; i < COUNT_OF(uses); i++) {
        snapshot_take(&snapshot, row.heap);
        if (setjmp(fault_log_way_out) == 0) {
            uses[i](row.heap, row.b);
            fail();
        }
        snapshot_assert_same_blocks(&snapshot, row.heap);
    }
    fault_log_attach(&faults, row.heap);
    fixture_end(row.heap, &store, &faults);
}

/* As printf() does, which may allocate its buffer, and free it. */
static void use_heap(void *context, enum ebb_fault fault, const void *address) {
    struct ebb_heap *heap = context;
    (void)fault;
    (void)address;
    void *block = ebb_alloc(heap, 24);
    void *larger = ebb_realloc(heap, block, 350);
    void *aligned = ebb_aligned_alloc(heap, 64, 10);
    assert_true(block != NULL && larger != NULL && aligned != NULL);
    ebb_free(heap, larger);
    ebb_free(heap, aligned);
}

static void test_handler_may_use_the_heap(void **state) {
    (void)state;
    needs_level(1, unchecked);
    struct row row = make_row(300);
    ebb_free(row.heap, row.b);
    ebb_set_fault_handler(row.heap, use_heap, row.heap);
    size_t live = fixture_statistics(row.heap).live_bytes;
    for (size_t i = 0; i < COUNT_OF(uses); i++) {
        uses[i](row.heap, row.b);
        uses[i](row.heap, &store);
        assert_int_equal(fixture_statistics(row.heap).live_bytes, live);
    }
    fault_log_attach(&faults, row.heap);
    fixture_end(row.heap, &store, &faults);
}

/* A new heap has no handler: a fault passes in silence. */
static void test_new_heap_has_no_handler(void **state) {
    (void)state;
    needs_level(1, unchecked);
    fixture_store(&store, 0);
    struct ebb_heap *heap = ebb_create(&store.store, NULL);
    assert_non_null(heap);
    ebb_free(heap, &store);
    fixture_assert_sound(heap, &store);
    (void)ebb_destroy(heap);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pointers_from_elsewhere_are_foreign),
        cmocka_unit_test(test_addresses_at_the_ends_of_memory_are_foreign),
        cmocka_unit_test(test_pointer_before_the_region_is_foreign),
        cmocka_unit_test(test_misaligned_pointers_are_foreign),
        cmocka_unit_test(test_misaligned_pointer_behind_what_looks_like_a_header_is_foreign),
        cmocka_unit_test(test_header_that_leads_into_idle_memory_is_corrupt),
        cmocka_unit_test(test_block_of_another_heap_is_foreign),
        cmocka_unit_test(test_second_free_is_told),
        cmocka_unit_test(test_second_free_is_told_after_the_right_was_merged),
        cmocka_unit_test(test_second_free_is_told_after_being_merged_by_the_left),
        cmocka_unit_test(test_second_free_is_told_between_two_free_blocks),
        cmocka_unit_test(test_second_free_is_told_in_top),
        cmocka_unit_test(test_second_free_is_foreign_where_the_region_no_longer_is),
        cmocka_unit_test(test_second_free_is_told_after_merging_and_splitting),
        cmocka_unit_test(test_second_free_of_what_realloc_moved_is_told),
        cmocka_unit_test(test_old_address_of_what_realloc_moved_far_is_told),
        cmocka_unit_test(test_second_free_of_what_realloc_swallowed_is_told),
        cmocka_unit_test(test_second_free_of_what_realloc_grew_over_is_told),
        cmocka_unit_test(test_second_free_beside_links_is_told),
        cmocka_unit_test(test_top_is_not_in_use),
        cmocka_unit_test(test_free_sized_takes_the_right_size),
        cmocka_unit_test(test_free_sized_takes_the_size_of_the_last_request),
        cmocka_unit_test(test_free_sized_tells_a_wrong_size),
        cmocka_unit_test(test_free_sized_tells_the_nearest_sizes),
        cmocka_unit_test(test_overwritten_header_is_corrupt),
        cmocka_unit_test(test_pointers_into_the_idle_end_are_freed_and_beyond_it_foreign),
        cmocka_unit_test(test_gap_cannot_be_freed),
        cmocka_unit_test(test_without_a_handler_faults_pass),
        cmocka_unit_test(test_handler_can_be_replaced),
        cmocka_unit_test(test_handler_need_not_return),
        cmocka_unit_test(test_handler_may_use_the_heap),
        cmocka_unit_test(test_new_heap_has_no_handler),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
