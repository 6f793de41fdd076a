/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The adaptive policy, as docs/design.md has it under "Giving back", beside random programs: when the end moves, and by
 * how much, is foretold at every call. Who changes the policy changes this.
 */
#include "support/heap_fixture.h"
#include "support/random.h"
#include "support/test.h"

#include <string.h>

enum { DEFAULT_PRICE = 26000, FIRST_LOT = 512, LARGEST_PART = 4, CHEAP_PART = 256, DEAR_PART = 16 };
enum { SOON_PART = 32, BURST_PART = 8, KEPT_PART = 4 };

/* Patience has run out for so many times its price: an allocation gives back, too. */
enum { OVERDUE = 4 };

/* For so many idle bytes it waits as long again; no longer for more than the most. */
enum { BYTES_PER_WAIT = 8192, MOST_BYTES = 131072 };

/* A free that merges to the left leaves what is due to a later call; not in small code, nor with few registers. */
#if defined(__OPTIMIZE_SIZE__) || (defined(__thumb__) && !defined(__thumb2__))
enum { PUTS_OFF = false };
#else
enum { PUTS_OFF = true };
#endif

enum { SLOTS = 48 };

static const struct ebb_policy by_default = {.strategy = EBB_GROW_AND_RETURN};

static struct scripted_store store;
static struct fault_log faults;
static struct ebb_heap *heap;
static unsigned char *slots[SLOTS];

/* ---- The policy ---- */

struct foresight {
    bool returns; /* else it grows only */
    size_t price;
    size_t lot;
    int64_t patience; /* below 0: used up */
    size_t spare;     /* idle ever since the last look */
    size_t burst;     /* more than this, after a free, goes back at once */
    size_t shrink;    /* what goes back in this call */
    bool has_burst;   /* a free gave back at once, and neither growth nor patience came since */
};

/* What a look at the heap shows. */
struct sight {
    size_t idle;
    size_t region;
    size_t peak;
    uint32_t grows;
    uint32_t shrinks;
};

static size_t smaller(size_t one, size_t other) {
    return one < other ? one : other;
}

static size_t larger(size_t one, size_t other) {
    return one > other ? one : other;
}

static struct sight look(void) {
    struct survey survey;
    survey_take(&survey, heap);
    struct ebb_statistics statistics = fixture_statistics(heap);
    return (struct sight){.idle = survey.top_bytes,
                          .region = statistics.region_bytes,
                          .peak = statistics.peak_region_bytes,
                          .grows = store.grow_calls,
                          .shrinks = store.shrink_calls};
}

static void look_anew(struct foresight *self, size_t idle) {
    size_t cleared = self->returns ? smaller(idle, MOST_BYTES) : 0;
    self->spare = idle;
    self->patience = (int64_t)(self->price + self->price / BYTES_PER_WAIT * cleared);
}

static void begin(struct foresight *self, const struct ebb_policy *policy, size_t idle) {
    size_t price = policy->move_price != 0 ? policy->move_price : DEFAULT_PRICE;
    bool returns = policy->strategy == EBB_GROW_AND_RETURN;
    price = smaller(price, INTPTR_MAX / 32);
    *self = (struct foresight){.returns = returns, .price = price, .lot = FIRST_LOT, .burst = price / BURST_PART};
    look_anew(self, idle);
}

/* Returns by how much the region grows for `missing` bytes. */
static size_t grow(struct foresight *self, const struct sight *before, size_t missing) {
    bool soon = self->patience > (int64_t)(self->price - self->price / SOON_PART);
    bool overshoots = self->lot > before->region / LARGEST_PART + self->price / CHEAP_PART;
    bool dear = self->lot > self->price / DEAR_PART;
    bool large = missing > FIRST_LOT && missing > self->price / CHEAP_PART;
    if (soon && !large && !overshoots && !dear) {
        self->lot *= 2;
    }
    if (self->has_burst) {
        self->burst *= 2;
    }
    self->has_burst = false;
    look_anew(self, before->idle);
    return larger(self->lot, missing);
}

/* Gives back all that is idle but `keep`. */
static void shrink(struct foresight *self, size_t idle, size_t keep) {
    self->shrink = idle > keep ? idle - keep : 0;
    look_anew(self, idle - self->shrink);
}

static void patience_is_used_up(struct foresight *self, size_t idle) {
    self->has_burst = false;
    if (!self->returns) {
        look_anew(self, idle);
        return;
    }
    size_t spare = smaller(self->spare, idle);
    self->lot = larger(self->lot / 2, 1);
    if (spare > self->lot) {
        shrink(self, idle, idle - spare + self->lot / KEPT_PART);
        self->burst = spare > self->price / BURST_PART ? self->price / BURST_PART : self->burst;
    } else {
        look_anew(self, idle);
    }
}

/* ---- Calls, each foretold ---- */

/* What was idle before the call gave anything back. */
static size_t idle_within(const struct sight *before, const struct sight *after) {
    return after->idle + (after->region < before->region ? before->region - after->region : 0);
}

static void assert_shrunk(const struct foresight *self, const struct sight *before, const struct sight *after) {
    assert_int_equal(after->shrinks - before->shrinks, self->shrink > 0);
    assert_int_equal(self->shrink, self->shrink > 0 ? store.last_shrink : 0);
}

static void check_alloc(struct foresight *self, const struct sight *before, const struct sight *after) {
    self->shrink = 0;
    if (after->grows != before->grows) {
        size_t grown = after->region - before->region;
        size_t taken = before->idle + grown - after->idle;
        size_t expected = grow(self, before, taken - before->idle);
        assert_int_equal(grown, expected);
        self->spare = smaller(self->spare, after->idle);
    } else if (after->idle != before->idle || after->region != before->region) {
        size_t idle = idle_within(before, after);
        self->patience -= (int64_t)before->idle;
        self->spare = smaller(self->spare, idle);
        if (self->patience < -OVERDUE * (int64_t)self->price) {
            patience_is_used_up(self, idle);
        }
    }
    assert_shrunk(self, before, after);
}

static void check_free(struct foresight *self, bool merges_left, const struct sight *before,
                       const struct sight *after) {
    size_t idle = idle_within(before, after);
    self->shrink = 0;
    self->patience -= (int64_t)before->idle;
    if (self->returns && idle != before->idle && idle > self->burst) {
        shrink(self, idle, self->lot / KEPT_PART);
        self->has_burst = self->has_burst || self->shrink > 0;
    }
    if (self->patience < 0 && !(PUTS_OFF && merges_left)) {
        patience_is_used_up(self, idle);
    }
    assert_int_equal(after->grows, before->grows);
    assert_shrunk(self, before, after);
}

/* Between blocks that stay: nothing of what is idle is needed, and nothing is added to it. */
static void check_resize(struct foresight *self, bool grows, const struct sight *before, const struct sight *after) {
    self->shrink = 0;
    self->patience -= (int64_t)before->idle;
    if (self->patience < (grows ? -OVERDUE * (int64_t)self->price : 0)) {
        patience_is_used_up(self, idle_within(before, after));
    }
    assert_int_equal(after->grows, before->grows);
    assert_shrunk(self, before, after);
}

/* ---- A heap, each of whose calls is foretold ---- */

static struct foresight foresight;

/* The policy begins, in the heap as it is. */
static void foretell(const struct ebb_policy *policy) {
    begin(&foresight, policy, look().idle);
}

static void start(const struct ebb_policy *policy) {
    heap = fixture_heap(&store, 0, policy, &faults);
    foretell(policy);
}

static void finish(void) {
    fixture_assert_sound(heap, &store);
    (void)ebb_destroy(heap);
    memset(slots, 0, sizeof slots);
}

static void *alloc(size_t size) {
    struct sight before = look();
    void *block = fixture_alloc(heap, size);
    struct sight after = look();
    check_alloc(&foresight, &before, &after);
    return block;
}

static void release(void *block) {
    struct sight before = look();
    struct surroundings around;
    survey_around(&around, heap, block);
    ebb_free(heap, block);
    struct sight after = look();
    check_free(&foresight, around.left.kind == EBB_BLOCK_FREE, &before, &after);
}

static void resize(void *block, bool grows, size_t size) {
    struct sight before = look();
    void *same = ebb_realloc(heap, block, size);
    assert_ptr_equal(same, block);
    struct sight after = look();
    check_resize(&foresight, grows, &before, &after);
}

/* Fills a slot that is empty, and empties one that is not. */
static void call(size_t slot, size_t size) {
    if (slots[slot] != NULL) {
        release(slots[slot]);
        slots[slot] = NULL;
    } else {
        slots[slot] = alloc(size);
    }
}

/* ---- Programs ---- */

static void run(const struct ebb_policy *policy, uint32_t seed, size_t largest) {
    struct random random;
    random_seed(&random, seed);
    start(policy);
    for (int i = 0; i < 1500; i++) {
        /* Phases in which few blocks live, and phases in which many do. */
        size_t used = i / 100 % 2 == 0 ? SLOTS : SLOTS / 6;
        call(random_below(&random, (uint32_t)used), 1 + random_below(&random, (uint32_t)largest));
    }
    for (size_t slot = 0; slot < SLOTS; slot++) {
        if (slots[slot] != NULL) {
            call(slot, 0);
        }
    }
    finish();
}

static void test_moves_are_foretold_with_small_blocks(void **state) {
    (void)state;
    for (uint32_t seed = 1; seed <= 3; seed++) {
        run(&by_default, seed, 100);
    }
}

static void test_moves_are_foretold_with_large_blocks(void **state) {
    (void)state;
    for (uint32_t seed = 1; seed <= 3; seed++) {
        run(&by_default, seed, 1500);
    }
}

static void test_moves_are_foretold_at_other_prices(void **state) {
    (void)state;
    static const struct {
        uint32_t price;
        size_t largest;
    } programs[] = {{1, 200},       {900, 300},        {BYTES_PER_WAIT - 1, 300}, {BYTES_PER_WAIT, 300},
                    {200000, 1500}, {UINT32_MAX, 1000}};
    for (size_t i = 0; i < COUNT_OF(programs); i++) {
        struct ebb_policy policy = {.move_price = programs[i].price};
        run(&policy, 1, programs[i].largest);
    }
}

/* What never goes back is waited with no longer: how much is idle says nothing about when growth is soon. */
static void test_moves_are_foretold_where_none_goes_back(void **state) {
    (void)state;
    static const struct ebb_policy policies[] = {
        {.strategy = EBB_GROW_ONLY},
        {.strategy = EBB_GROW_ONLY, .move_price = 200000},
    };
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        run(&policies[i], 1, 100);
        run(&policies[i], 2, 1500);
    }
}

/* Nothing is freed, so that growth after growth costs idle memory; at each price, another one is soon no longer. */
static void test_moves_are_foretold_where_soon_ends(void **state) {
    (void)state;
    for (uint32_t price = 4000; price < 200000; price += price / 64) {
        struct ebb_policy policy = {.move_price = price};
        start(&policy);
        for (int i = 0; i < 20; i++) {
            (void)alloc(300);
        }
        for (int i = 0; i < 6; i++) {
            (void)alloc(200);
        }
        finish();
    }
}

/* A thirty-second of a move is not less than that: growth is soon no longer where idle memory has cost just as much. */
static void test_growth_is_soon_up_to_the_byte(void **state) {
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        start(&by_default);
        (void)fixture_alloc(heap, 8000);
        void *last = fixture_alloc(heap, 300);
        (void)ebb_trim(heap);
        struct ebb_policy policy = {.move_price = (uint32_t)(SOON_PART * (survey_block_for(300) + more))};
        bool accepted = ebb_set_policy(heap, &policy);
        assert_true(accepted);
        foretell(&policy);
        release(last);
        (void)alloc(300);
        (void)alloc(100);
        assert_int_equal(foresight.lot, more > 0 ? 2 * FIRST_LOT : FIRST_LOT);
        finish();
    }
}

/* Where the first lot is all that is missing, growth is that of small blocks; with a granule more, it is not. */
static void test_moves_are_foretold_where_small_blocks_end(void **state) {
    (void)state;
    struct ebb_geometry geometry = ebb_get_geometry();
    for (size_t more = 0; more < 2; more++) {
        start(&by_default);
        (void)fixture_alloc(heap, 8000);
        (void)ebb_trim(heap);
        foretell(&by_default);
        (void)alloc(FIRST_LOT + more * geometry.granule - geometry.header);
        assert_int_equal(foresight.lot, more == 0 ? 2 * FIRST_LOT : FIRST_LOT);
        finish();
    }
}

/* Growth comes soon after patience has given back: that regrets no burst, and the next one goes back at once. */
static void test_moves_are_foretold_where_growth_follows_patience(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.move_price = BURST_PART * 6000};
    start(&policy);
    call(0, 100);
    (void)alloc(5000);
    release(alloc(2000));
    for (int calls = 0; store.shrink_calls == 0 && calls < 1000; calls++) {
        call(0, 100);
    }
    assert_int_equal(store.shrink_calls, 1);
    assert_true(look().peak > policy.move_price / BURST_PART);
    (void)alloc(3000);
    assert_int_equal(foresight.burst, policy.move_price / BURST_PART);
    release(alloc(7000));
    assert_int_equal(store.shrink_calls, 2);
    assert_true(foresight.has_burst);
    (void)alloc(7000);
    assert_int_equal(foresight.burst, 2 * policy.move_price / BURST_PART);
    finish();
}

/* What one free may leave idle is, once regretted, twice as much, until patience gives back more than it was first. */
static void test_regret_lasts_up_to_a_burst(void **state) {
    (void)state;
    enum { BURST = 6000 };
    static const struct ebb_policy policy = {.move_price = BURST_PART * BURST};
    for (size_t more = 0; more < 2; more++) {
        start(&policy);
        call(0, 100);
        (void)alloc(100);
        release(alloc(7000));
        (void)alloc(7000);
        assert_int_equal(foresight.burst, 2 * BURST);
        release(alloc(8000));
        const size_t idle = BURST + more * ebb_get_geometry().granule;
        (void)alloc(look().idle - idle - ebb_get_geometry().header);
        assert_int_equal(look().idle, idle);
        const uint32_t shrinks = store.shrink_calls;
        for (int calls = 0; store.shrink_calls == shrinks && calls < 1000; calls++) {
            call(0, 100);
        }
        assert_int_equal(foresight.burst, more > 0 ? BURST : 2 * BURST);
        release(alloc(7000));
        finish();
    }
}

/* A burst went back at once, as DEFAULT_PRICE has it, and nobody has missed it yet. */
static void start_with_burst(void) {
    start(&by_default);
    call(0, 100);
    (void)alloc(100);
    release(alloc(4000));
    assert_true(foresight.has_burst);
    assert_int_equal(store.shrink_calls, 1);
}

/* Patience has run out, and gave nothing back: still, what a burst gave back before that is not missed any more. */
static void test_moves_are_foretold_where_patience_follows_a_burst(void **state) {
    (void)state;
    start_with_burst();
    size_t lot = foresight.lot;
    for (int calls = 0; foresight.lot == lot && calls < 1000; calls++) {
        call(0, 100);
    }
    assert_int_equal(foresight.lot, lot / 2);
    assert_int_equal(store.shrink_calls, 1);
    void *block = alloc(4000);
    assert_int_equal(foresight.burst, DEFAULT_PRICE / BURST_PART);
    release(block);
    assert_int_equal(store.shrink_calls, 2);
    finish();
}

/* That the program has trimmed the heap meanwhile, and wanted what cannot be, does not hide that a burst is missed. */
static void test_moves_are_foretold_where_a_trim_follows_a_burst(void **state) {
    (void)state;
    static const struct ebb_policy too_small = {.maximum = 1};
    start_with_burst();
    assert_true(ebb_trim(heap) > 0);
    assert_false(ebb_set_policy(heap, &too_small));
    uint32_t calls = store.shrink_calls;
    void *block = alloc(4000);
    assert_int_equal(foresight.burst, 2 * (DEFAULT_PRICE / BURST_PART));
    release(block);
    assert_int_equal(store.shrink_calls, calls);
    finish();
}

/* A lot that is refused, and less that is then given, are one growth: nothing more is learnt from it. */
static void test_moves_are_foretold_after_a_lot_was_refused(void **state) {
    (void)state;
    start(&by_default);
    (void)fixture_alloc(heap, 8000);
    (void)ebb_trim(heap);
    foretell(&by_default);
    struct sight before = look();
    store.grow_script = (struct script){.answer = ANSWER_REFUSE, .times = 1};
    (void)fixture_alloc(heap, 100);
    assert_int_equal(look().region - before.region, survey_block_for(100));
    (void)grow(&foresight, &before, survey_block_for(100));
    assert_int_equal(foresight.lot, 2 * FIRST_LOT);
    for (int i = 0; i < 20; i++) {
        (void)alloc(400);
    }
    finish();
}

/* Growth that follows itself doubles the lot, up to a quarter of the region. */
static void test_moves_are_foretold_while_growing(void **state) {
    (void)state;
    start(&by_default);
    for (int i = 0; i < 150; i++) {
        (void)alloc(400);
    }
    assert_true(foresight.lot >= (size_t)2 * FIRST_LOT);
    finish();
}

/* A new policy knows nothing of what the old one has learnt, also if both are adaptive. */
static void test_new_policy_learns_anew(void **state) {
    (void)state;
    static const struct ebb_policy between[] = {{.quantum = 0}, {.quantum = 2048}};
    for (size_t i = 0; i < COUNT_OF(between); i++) {
        start(&by_default);
        for (int blocks = 0; blocks < 50; blocks++) {
            (void)alloc(400);
        }
        assert_true(foresight.lot > FIRST_LOT);
        release(alloc(8000));
        assert_true(foresight.has_burst);
        bool accepted = ebb_set_policy(heap, &between[i]) && ebb_set_policy(heap, NULL);
        assert_true(accepted);
        foretell(&by_default);
        for (int blocks = 0; blocks < 20; blocks++) {
            (void)alloc(400);
        }
        release(alloc(4000));
        assert_true(foresight.has_burst);
        finish();
    }
}

/* Requests that no growth could meet: they use up no patience, and do not renew it. */
static void test_requests_beyond_the_maximum_are_no_growth(void **state) {
    (void)state;
    enum { MAXIMUM = 16000, FEW = 6 };
    static const struct ebb_policy policy = {.maximum = MAXIMUM};
    struct random random;
    random_seed(&random, 1);
    start(&policy);
    for (int i = 0; i < 400; i++) {
        assert_null(ebb_alloc(heap, MAXIMUM));
        call(random_below(&random, FEW), 1 + random_below(&random, 600));
    }
    assert_true(store.shrink_calls > 0);
    finish();
}

/* More than 65535 bytes are idle, and the price is too high for them to go back at once. */
static void test_moves_are_foretold_with_very_much_idle(void **state) {
    (void)state;
    static const struct ebb_policy policy = {.move_price = 1000000};
    start(&policy);
    (void)alloc(100);
    release(alloc(70000));
    assert_true(look().idle > UINT16_MAX);
    for (int i = 0; i < 200; i++) {
        call(0, 100);
    }
    assert_int_equal(store.shrink_calls, 1);
    finish();
}

/* A block that becomes larger waits as an allocation does, and a smaller one as a free. */
static void test_moves_are_foretold_where_a_block_is_resized(void **state) {
    (void)state;
    /* So few that each step is one that a block is cut by. */
    enum { SIZES = 14, CALLS_PER_PRICE = 2 };
    const size_t step = ebb_get_geometry().smallest_block;
    for (int grows = 0; grows < 2; grows++) {
        start(&by_default);
        unsigned char *resized = fixture_alloc(heap, SIZES * step);
        (void)fixture_alloc(heap, 100);
        ebb_free(heap, fixture_alloc(heap, 2000));
        if (grows) {
            resized = ebb_realloc(heap, resized, step);
        }
        /* So many calls cost just as much as a move, and there is no clearing to wait for. */
        const struct ebb_policy policy = {.move_price = (uint32_t)(CALLS_PER_PRICE * look().idle)};
        bool accepted = policy.move_price < BYTES_PER_WAIT && ebb_set_policy(heap, &policy);
        assert_true(accepted);
        foretell(&policy);
        for (size_t size = 2; size < SIZES; size++) {
            resize(resized, grows, (grows ? size : SIZES + 1 - size) * step);
        }
        assert_int_equal(store.shrink_calls, 1);
        finish();
    }
}

/*
 * Each round frees a block only to the right of a free one, and makes a block larger only by moving it: so no free may
 * leave what is due to the next for ever.
 */
static void test_what_is_due_is_not_put_off_for_ever(void **state) {
    (void)state;
    enum { ROUNDS = 1000, MORE = 3000 };
    start(&by_default);
    size_t small = 4 * ebb_get_geometry().smallest_block - ebb_get_geometry().header;
    size_t large = 8 * ebb_get_geometry().smallest_block - ebb_get_geometry().header;
    unsigned char *other = fixture_alloc(heap, small);
    unsigned char *hole = fixture_alloc(heap, large);
    fixture_alloc(heap, small);
    unsigned char *left = fixture_alloc(heap, small);
    unsigned char *right = fixture_alloc(heap, large);
    store.grow_script = (struct script){.answer = ANSWER_MORE, .detail = MORE, .times = SCRIPT_FOREVER};
    fixture_alloc(heap, fixture_idle(heap) + 1);
    ebb_free(heap, hole);
    assert_true(fixture_idle(heap) >= MORE);
    for (unsigned round = 0; round < ROUNDS; round++) {
        unsigned char *moved = ebb_realloc(heap, left, large);
        assert_non_null(moved);
        ebb_free(heap, right);
        left = other;
        right = moved;
        other = fixture_alloc(heap, small);
    }
    assert_true(fixture_idle(heap) < MORE);
    finish();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moves_are_foretold_with_small_blocks),
        cmocka_unit_test(test_moves_are_foretold_with_large_blocks),
        cmocka_unit_test(test_moves_are_foretold_at_other_prices),
        cmocka_unit_test(test_moves_are_foretold_where_soon_ends),
        cmocka_unit_test(test_growth_is_soon_up_to_the_byte),
        cmocka_unit_test(test_moves_are_foretold_where_small_blocks_end),
        cmocka_unit_test(test_moves_are_foretold_where_growth_follows_patience),
        cmocka_unit_test(test_regret_lasts_up_to_a_burst),
        cmocka_unit_test(test_moves_are_foretold_where_patience_follows_a_burst),
        cmocka_unit_test(test_moves_are_foretold_where_a_trim_follows_a_burst),
        cmocka_unit_test(test_moves_are_foretold_after_a_lot_was_refused),
        cmocka_unit_test(test_moves_are_foretold_while_growing),
        cmocka_unit_test(test_new_policy_learns_anew),
        cmocka_unit_test(test_requests_beyond_the_maximum_are_no_growth),
        cmocka_unit_test(test_moves_are_foretold_with_very_much_idle),
        cmocka_unit_test(test_moves_are_foretold_where_none_goes_back),
        cmocka_unit_test(test_moves_are_foretold_where_a_block_is_resized),
        cmocka_unit_test(test_what_is_due_is_not_put_off_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
