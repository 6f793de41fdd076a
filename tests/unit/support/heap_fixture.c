/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "heap_fixture.h"

#include "test.h"

#include <string.h>

static _Alignas(4096) unsigned char arena[UNIT_ARENA_SIZE];

unsigned char *fixture_arena(void) {
    return arena;
}

void fixture_store(struct scripted_store *store, size_t size) {
    scripted_store_init(store, arena, sizeof arena, 0);
    if (size != 0) {
        store->limit = size;
    }
}

struct ebb_heap *fixture_heap_on(struct scripted_store *store, const struct ebb_policy *policy,
                                 struct fault_log *faults) {
    struct ebb_heap *heap = ebb_create(&store->store, policy);
    assert_non_null(heap);
    fault_log_attach(faults, heap);
    return heap;
}

struct ebb_heap *fixture_heap(struct scripted_store *store, size_t size, const struct ebb_policy *policy,
                              struct fault_log *faults) {
    fixture_store(store, size);
    return fixture_heap_on(store, policy, faults);
}

struct ebb_heap *fixture_fixed_heap(struct scripted_store *store, size_t size, struct fault_log *faults) {
    struct ebb_policy policy = {.strategy = EBB_FIXED, .maximum = size};
    struct ebb_heap *heap = fixture_heap(store, size, &policy, faults);
    assert_int_equal(fixture_statistics(heap).region_bytes, size);
    return heap;
}

void fixture_end(struct ebb_heap *heap, const struct scripted_store *store, const struct fault_log *faults) {
    fixture_assert_sound(heap, store);
    fault_log_expect_none(faults);
    size_t left = ebb_destroy(heap);
    assert_int_equal(left, 0);
    assert_ptr_equal(store->arena + store->end, heap);
}

size_t fixture_least_region(void) {
    return ebb_get_geometry().control_block + ebb_get_geometry().header;
}

size_t fixture_lost_above_gap(void) {
    return 2 * ebb_get_geometry().header + ebb_get_geometry().granule;
}

size_t fixture_idle(const struct ebb_heap *heap) {
    struct survey survey;
    survey_take(&survey, heap);
    return survey.top_bytes;
}

unsigned char *fixture_alloc(struct ebb_heap *heap, size_t size) {
    unsigned char *block = ebb_alloc(heap, size);
    assert_non_null(block);
    return block;
}

size_t fixture_fill(struct ebb_heap *heap, size_t size, unsigned char **blocks, size_t count) {
    size_t filled = 0;
    for (;;) {
        unsigned char *block = ebb_alloc(heap, size);
        if (block == NULL) {
            return filled;
        }
        if (filled < count) {
            blocks[filled] = block;
        }
        filled++;
    }
}

/* Whether the smaller of two holes of a class is used, though it does not come first in its list. */
static bool has_best_fit(struct scripted_store *store, struct fault_log *faults) {
    struct ebb_heap *heap = fixture_heap(store, 0, NULL, faults);
    size_t granule = ebb_get_geometry().granule;
    unsigned char *smaller = fixture_alloc(heap, 17 * granule);
    (void)fixture_alloc(heap, 1);
    unsigned char *larger = fixture_alloc(heap, 21 * granule);
    (void)fixture_alloc(heap, 1);
    ebb_free(heap, smaller);
    ebb_free(heap, larger);
    bool is_smaller = fixture_alloc(heap, 16 * granule) == smaller;
    fixture_end(heap, store, faults);
    return is_smaller;
}

size_t fixture_looks(struct scripted_store *store, struct fault_log *faults) {
    return has_best_fit(store, faults) ? 8 : 3;
}

void fixture_assert_sound(const struct ebb_heap *heap, const struct scripted_store *store) {
    struct ebb_finding finding = ebb_check(heap);
    assert_int_equal(finding.damage, EBB_SOUND);
    assert_null(finding.address);
    assert_true(scripted_store_intact(store) != 0);
}

void snapshot_take(struct snapshot *self, const struct ebb_heap *heap) {
    self->size = fixture_statistics(heap).region_bytes;
    assert_true(self->size <= sizeof self->bytes);
    memcpy(self->bytes, heap, self->size);
}

void snapshot_restore(const struct snapshot *self, struct ebb_heap *heap) {
    memcpy(heap, self->bytes, self->size);
}

void snapshot_assert_same(const struct snapshot *self, const struct ebb_heap *heap) {
    assert_int_equal(fixture_statistics(heap).region_bytes, self->size);
    assert_memory_equal(self->bytes, heap, self->size);
}

void snapshot_assert_same_blocks(const struct snapshot *self, const struct ebb_heap *heap) {
    size_t control = ebb_get_geometry().control_block;
    assert_int_equal(fixture_statistics(heap).region_bytes, self->size);
    assert_memory_equal(self->bytes + control, (const unsigned char *)heap + control, self->size - control);
}

struct ebb_statistics fixture_statistics(const struct ebb_heap *heap) {
    struct ebb_statistics statistics;
    ebb_get_statistics(heap, &statistics);
    return statistics;
}
