/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * malloc of the Tock port on the kernel's rules and under real protection: what a heap gives back can be had by a
 * grant and faults when it is touched; what pins the break, moves it or refuses it is no harm.
 */
#include <board.h>
#include <ebb/heap.h>
#include <ebb/tock.h>
#include <ebb/tock_store.h>
#include <lives.h>

#include <string.h>

/* From the port, not from a C library. */
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void *aligned_alloc(size_t alignment, size_t size);
void free(void *block);

/* The C library's errno, which malloc sets. */
int *__errno(void);

/* A third of what there is, about. The micro:bit's block is an eighth of the others'. */
#define LARGE (BOARD_IS_PROTECTED ? 20000 : 2000)
#define FOREIGN_BYTES 300

static uintptr_t the_break(void) {
    return board_fact(BOARD_FACT_BREAK);
}

static size_t live_bytes(void) {
    struct ebb_statistics statistics;
    ebb_tock_get_statistics(&statistics);
    return statistics.live_bytes;
}

/* Sound, and with nothing above the break, where what can be reached is still nobody's. */
static void assert_sound(void) {
    struct ebb_heap *heap = ebb_tock_heap();
    assert_non_null(heap);
    struct ebb_finding finding = ebb_check(heap);
    assert_int_equal(finding.damage, EBB_SOUND);
    struct ebb_statistics statistics;
    ebb_get_statistics(heap, &statistics);
    assert_true((uintptr_t)heap + statistics.region_bytes <= the_break());
}

static void start(uint32_t strategy) {
    struct ebb_policy policy = {.strategy = strategy};
    bool started = ebb_tock_start(&policy, true);
    assert_true(started);
}

static void *allocate(size_t size) {
    void *block = malloc(size);
    assert_non_null(block);
    memset(block, 0x77, size);
    return block;
}

static void assert_faults(uintptr_t address, bool expected) {
#if BOARD_IS_PROTECTED
    bool faults = board_read_faults((const void *)address);
#else
    bool faults = address >= board_fact(BOARD_FACT_REACHABLE_END);
#endif
    assert_true(faults == expected);
}

/* ---- Memory that is given back ---- */

static void heap_starts_empty_and_at_the_first_call(void **state) {
    (void)state;
    uintptr_t before = the_break();
    free(NULL);
    assert_int_equal(the_break(), before);
    void *block = allocate(1);
    assert_true((uintptr_t)block >= before);
    assert_true((uintptr_t)block < the_break());
    assert_sound();
}

static void returned_memory_faults(void **state) {
    (void)state;
    void *kept = allocate(10);
    void *large = allocate(LARGE);
    uintptr_t address = (uintptr_t)large;
    free(large);
    (void)ebb_tock_trim();
    assert_true(the_break() <= address + board_fact(BOARD_FACT_GRANULE));
    assert_faults(address + LARGE - 1, true);
    assert_faults(board_fact(BOARD_FACT_REACHABLE_END), true);
    assert_faults(board_fact(BOARD_FACT_REACHABLE_END) - 1, false);
    large = allocate(LARGE);
    assert_int_equal((uintptr_t)large, address);
    assert_faults(address + LARGE - 1, false);
    free(large);
    free(kept);
    assert_sound();
}

/* Allocates most of what there is, frees it, and uses a driver for the first time, whose grant needs most of it too. */
static uintptr_t grant_after_a_peak(uint32_t strategy) {
    start(strategy);
    uintptr_t room = board_fact(BOARD_FACT_GRANTS_START) - the_break();
    free(allocate(room / 4 * 3));
    return board_use_driver(0, room / 2);
}

static void grant_fits_after_a_peak_if_memory_is_returned(void **state) {
    (void)state;
    assert_int_equal(grant_after_a_peak(EBB_GROW_AND_RETURN), 0);
    assert_sound();
}

static void grant_is_refused_after_a_peak_if_it_is_kept(void **state) {
    (void)state;
    assert_int_equal(grant_after_a_peak(EBB_GROW_ONLY), BOARD_ERROR_NOMEM);
    /* Until it is asked to. */
    size_t trimmed = ebb_tock_trim();
    assert_true(trimmed > 0);
    assert_int_equal(board_use_driver(0, (board_fact(BOARD_FACT_GRANTS_START) - the_break()) / 2), 0);
}

static void grant_is_refused_beside_a_fixed_heap(void **state) {
    (void)state;
    start(EBB_FIXED);
    free(allocate(LARGE));
    assert_int_equal(board_use_driver(0, LARGE / 2), BOARD_ERROR_NOMEM);
    assert_int_equal(ebb_tock_trim(), 0);
}

static void fixed_heap_takes_all_that_there_is(void **state) {
    (void)state;
    start(EBB_FIXED);
    uintptr_t unused = board_fact(BOARD_FACT_GRANTS_START) - the_break();
    assert_true(unused < board_fact(BOARD_FACT_GRANULE));
}

/* ---- Limits ---- */

static void all_memory_can_be_had_and_returned(void **state) {
    (void)state;
    uintptr_t before = the_break();
    size_t count = 0;
    void **last = NULL;
    for (void **block = malloc(200); block != NULL; block = malloc(200)) {
        memset(block, 0x55, 200);
        *block = last;
        last = block;
        count++;
    }
#if defined(NEWLIB_ERRNO)
    assert_int_equal(*__errno(), 12);
#endif
    size_t room = board_fact(BOARD_FACT_GRANTS_START) - before;
    assert_in_range(count * 208, room - 512 - 208 - board_fact(BOARD_FACT_GRANULE), room);
    assert_sound();
    while (last != NULL) {
        void **next = *last;
        free(last);
        last = next;
    }
    (void)ebb_tock_trim();
    assert_int_equal(live_bytes(), 0);
    assert_true(the_break() - before < 2048 + board_fact(BOARD_FACT_GRANULE));
}

static void grants_shrink_the_limit_as_they_come(void **state) {
    (void)state;
    void *block = allocate(1000);
    for (unsigned driver = 0; driver < 8; driver++) {
        assert_int_equal(board_use_driver(driver, LARGE / 20), 0);
        free(allocate(LARGE));
    }
    void *too_large = malloc(board_fact(BOARD_FACT_GRANTS_START) - board_fact(BOARD_FACT_RAM_START));
    assert_null(too_large);
    free(block);
    assert_sound();
}

/*
 * A driver takes its grant between two calls of the store, at each of them in turn: what the kernel has said before of
 * where the grants begin is wrong by then.
 */
static void grants_come_while_a_fixed_heap_takes_all(void **state) {
    (void)state;
    const struct ebb_policy policy = {.strategy = EBB_FIXED};
    static struct ebb_tock_store store;
    for (unsigned call = 1; call < 10; call++) {
        ebb_tock_store_init(&store);
        board_inject_grant(call, 24);
        struct ebb_heap *heap = ebb_create(&store.store, &policy);
        assert_non_null(heap);
        assert_int_equal(ebb_check(heap).damage, EBB_SOUND);
        uintptr_t unused = board_fact(BOARD_FACT_GRANTS_START) - the_break();
        assert_true(unused < board_fact(BOARD_FACT_GRANULE));
        (void)ebb_destroy(heap);
        board_inject_grant(0, 0);
    }
}

static void grants_come_while_a_heap_grows_and_returns(void **state) {
    (void)state;
    for (unsigned call = 1; call < 12; call++) {
        uintptr_t room = board_fact(BOARD_FACT_GRANTS_START) - the_break();
        board_inject_grant(call, 24);
        void *most = malloc(room / 4 * 3);
        void *rest = malloc(room / 4);
        free(most);
        free(rest);
        (void)ebb_tock_trim();
        board_inject_grant(0, 0);
        assert_sound();
    }
    assert_int_equal(live_bytes(), 0);
}

/* A driver that must work, however much the app allocates before its first use: no need to return, nor to relieve. */
static void a_reserve_fits_when_all_else_is_in_use(void **state) {
    (void)state;
    bool reserved = ebb_tock_reserve(LARGE / 8);
    assert_true(reserved);
    size_t count = 0;
    for (void *block = malloc(200); block != NULL; block = malloc(200)) {
        memset(block, 0x55, 200);
        count++;
    }
    assert_true(count * 200 >= LARGE);
    assert_int_equal(board_use_driver(0, LARGE / 16), 0);
    void *still_none = malloc(200);
    assert_null(still_none);
    assert_int_equal(board_use_driver(1, LARGE / 16 - 8), 0);
    assert_sound();
}

/* Also where all RAM lies in the upper half of the addresses. */
static void a_reserve_that_is_ended_can_be_allocated(void **state) {
    (void)state;
    bool reserved = ebb_tock_reserve(LARGE / 2);
    assert_true(reserved);
    while (malloc(200) != NULL) {
    }
    bool ended = ebb_tock_reserve(0);
    assert_true(ended);
    void *block = malloc(LARGE / 4);
    assert_non_null(block);
    assert_sound();
}

/* ---- Pins ---- */

static void pinned_heap_keeps_what_it_cannot_return(void **state) {
    (void)state;
    unsigned char *low = allocate(LARGE / 2);
    unsigned char *shared = allocate(64);
    unsigned char *high = allocate(LARGE);
    assert_int_equal(board_allow_read_write(BOARD_DRIVER_CONSOLE, shared, 64), 0);
    uintptr_t pin = (uintptr_t)(shared + 64);
    free(low);
    free(shared);
    free(high);
    (void)ebb_tock_trim();
    assert_true(the_break() >= pin);
    /* Of what is offered, half is tried, then half of that, four times. */
    assert_true(the_break() < pin + (LARGE / 2 + 64 + LARGE) / 16 + 2 * board_fact(BOARD_FACT_GRANULE));
    low = allocate(LARGE / 2);
    assert_true((uintptr_t)low < pin);
    free(low);
    assert_sound();
}

/* The kernel has taken the buffer before the driver says no; nobody tells the heap. */
static void a_share_that_fails_pins_all_the_same(void **state) {
    (void)state;
    unsigned char *shared = allocate(LARGE);
    uintptr_t pin = (uintptr_t)shared + LARGE;
    uintptr_t words[4] = {BOARD_DRIVER_CONSOLE, BOARD_DRIVER_ALLOW_COUNT, (uintptr_t)shared, LARGE};
    board_syscall_allow_read_write(words);
    assert_int_equal(words[1], BOARD_ERROR_NOSUPPORT);
    unsigned char *above = allocate(LARGE / 2);
    free(above);
    free(shared);
    (void)ebb_tock_trim();
    assert_true(the_break() >= pin);
    shared = allocate(LARGE);
    assert_true((uintptr_t)shared < pin);
    assert_sound();
}

/* No room for the driver's grant: the allow fails, is tried again when there is, and the buffer is pinned since the
 * first try. */
static void a_share_without_room_for_the_grant_pins_too(void **state) {
    (void)state;
    start(EBB_GROW_ONLY);
    unsigned char *shared = allocate(64);
    unsigned char *rest = NULL;
    for (size_t size = LARGE; size >= sizeof rest; size /= 2) {
        for (unsigned char *block = malloc(size); block != NULL; block = malloc(size)) {
            memcpy(block, &rest, sizeof rest);
            rest = block;
        }
    }
    uintptr_t slack = board_fact(BOARD_FACT_GRANTS_START) - board_fact(BOARD_FACT_REACHABLE_END);
    if (slack >= BOARD_GRANT_DEFAULT_SIZE) {
        assert_int_equal(board_use_driver(1, slack - BOARD_GRANT_DEFAULT_SIZE + 8), 0);
    }
    assert_int_equal(board_allow_read_write(BOARD_DRIVER_GRANT, shared, 64), BOARD_ERROR_NOMEM);
    assert_int_equal(board_fact(BOARD_FACT_HIGH_WATER_MARK), (uintptr_t)shared + 64);
    while (rest != NULL) {
        unsigned char *next;
        memcpy(&next, rest, sizeof next);
        free(rest);
        rest = next;
    }
    (void)ebb_tock_trim();
    assert_int_equal(board_allow_read_write(BOARD_DRIVER_GRANT, shared, 64), 0);
    assert_sound();
}

/* Buffers that processes share have a power of two of bytes, and begin at a multiple of it. */
static void a_buffer_for_another_process_is_aligned_to_its_size(void **state) {
    (void)state;
    for (size_t size = 32; size <= LARGE / 2; size *= 2) {
        unsigned char *shared = aligned_alloc(size, size);
        assert_non_null(shared);
        assert_int_equal((uintptr_t)shared % size, 0);
        memset(shared, 0x77, size);
        assert_int_equal(board_allow_read_write(BOARD_DRIVER_CONSOLE, shared, size), 0);
        free(shared);
        assert_sound();
    }
}

static void pinned_heap_does_not_ask_for_ever(void **state) {
    (void)state;
    unsigned char *shared = allocate(LARGE);
    assert_int_equal(board_allow_read_write(BOARD_DRIVER_CONSOLE, shared, LARGE), 0);
    free(shared);
    uintptr_t before = board_fact(BOARD_FACT_BREAK_CALLS);
    for (int round = 0; round < 1000; round++) {
        free(allocate(100));
    }
    /* The search for the pin, and then each time after twice as long. */
    assert_true(board_fact(BOARD_FACT_BREAK_CALLS) - before <= 20);
}

/* ---- Others on the same break ---- */

static unsigned char *foreign_memory(void) {
    uintptr_t start = the_break();
    unsigned char *memory = (unsigned char *)start;
    assert_true(board_memop(BOARD_MEMOP_SBRK, FOREIGN_BYTES).success == true);
    memset(memory, 0xe1, FOREIGN_BYTES);
    return memory;
}

static void assert_untouched(const unsigned char *memory) {
    for (size_t index = 0; index < FOREIGN_BYTES; index++) {
        assert_int_equal(memory[index], 0xe1);
    }
}

static void memory_of_others_is_left_alone(void **state) {
    (void)state;
    unsigned char *first = allocate(LARGE / 8);
    unsigned char *foreign = foreign_memory();
    unsigned char *second = allocate(LARGE);
    assert_true(second > foreign);
    free(second);
    free(first);
    (void)ebb_tock_trim();
    assert_true(the_break() >= (uintptr_t)foreign + FOREIGN_BYTES);
    assert_untouched(foreign);
    free(allocate(LARGE));
    assert_untouched(foreign);
    assert_sound();
}

static void what_others_return_does_not_stay_in_the_way(void **state) {
    (void)state;
    start(EBB_GROW_ONLY);
    uintptr_t before = the_break();
    unsigned char *large = allocate(LARGE);
    (void)foreign_memory();
    free(large);
    assert_int_equal(ebb_tock_trim(), 0);
    assert_true(board_memop(BOARD_MEMOP_SBRK, (uintptr_t)-FOREIGN_BYTES).success == true);
    assert_true(ebb_tock_trim() + board_fact(BOARD_FACT_GRANULE) > LARGE);
    assert_true(the_break() < before + board_fact(BOARD_FACT_GRANULE));
    assert_sound();
}

/* Somebody else moves the break between two calls of the store, at each of them in turn. */
static void moves_in_between_are_noticed(void **state) {
    (void)state;
    for (unsigned call = 1; call < 12; call++) {
        board_inject_move(call, 24);
        void *first = allocate(500);
        void *second = allocate(LARGE / 8);
        free(first);
        free(second);
        (void)ebb_tock_trim();
        assert_sound();
    }
}

static void every_refusal_in_turn_is_survived(void **state) {
    (void)state;
    for (unsigned call = 1; call < 12; call++) {
        board_inject_refusals(call, 2);
        void *first = malloc(500);
        void *second = malloc(LARGE / 8);
        free(first);
        free(second);
        (void)ebb_tock_trim();
        board_inject_refusals(0, 0);
        free(allocate(700));
        assert_sound();
    }
}

static void two_heaps_share_the_break(void **state) {
    (void)state;
    const size_t size = LARGE / 8;
    unsigned char *mine = allocate(size);
    static struct ebb_tock_store store;
    ebb_tock_store_init(&store);
    struct ebb_heap *other = ebb_create(&store.store, NULL);
    assert_non_null(other);
    unsigned char *theirs = ebb_alloc(other, size);
    assert_non_null(theirs);
    memset(theirs, 0x33, size);
    for (size_t round = 0; round < 20; round++) {
        free(allocate(size * 2));
        theirs = ebb_realloc(other, theirs, size + round * (size / 50));
        assert_non_null(theirs);
        assert_int_equal(theirs[size - 1], 0x33);
        assert_int_equal(mine[size - 1], 0x77);
        assert_sound();
        assert_int_equal(ebb_check(other).damage, EBB_SOUND);
    }
}

/* ---- Old contents ---- */

/* What was dirty when it went back to the kernel comes again as zero, whoever clears it. */
static void have_zeroes_and_give_back_dirt(void) {
    const size_t count = 7;
    const size_t size = LARGE / 20;
    for (size_t round = 0; round < 10; round++) {
        unsigned char *block = calloc(count, size);
        assert_non_null(block);
        for (size_t index = 0; index < count * size; index++) {
            assert_int_equal(block[index], 0);
        }
        memset(block, 0xff, count * size);
        free(block);
        (void)ebb_tock_trim();
    }
}

static void calloc_clears_on_kernels_that_do_not(void **state) {
    (void)state;
    board_set_zeroing(false);
    have_zeroes_and_give_back_dirt();
}

static void calloc_has_zeroes_from_kernels_that_clear(void **state) {
    (void)state;
    start(EBB_GROW_AND_RETURN);
    have_zeroes_and_give_back_dirt();
}

/* Memory that the kernel cleared while it still did is zero as well, but not because the kernel clears it. */
static void the_kernel_is_found_out(void **state) {
    (void)state;
    assert_true(ebb_tock_kernel_clears());
    board_set_zeroing(false);
    assert_false(ebb_tock_kernel_clears());
    board_set_zeroing(true);
    assert_true(ebb_tock_kernel_clears());
}

/* ---- A random program; tests/soak has one to which all of the above happens ---- */

/* Marsaglia's xorshift. */
static uint32_t random_below(uint32_t bound) {
    static uint32_t state = 2463534242u;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % bound;
}

/* What the protection does not notice makes no room for a grant, and costs the app a call all the same. */
static void no_shrink_of_a_random_program_is_in_vain(void **state) {
    (void)state;
    void *blocks[12] = {NULL};
    start(EBB_GROW_AND_RETURN);
    uintptr_t moves = board_fact(BOARD_FACT_BREAK_MOVES);
    uintptr_t vain = board_fact(BOARD_FACT_VAIN_SHRINKS);
    for (uint32_t step = 0; step < 6000; step++) {
        void **block = &blocks[random_below(12)];
        if (*block == NULL || random_below(3) == 0) {
            void *resized = realloc(*block, 1 + random_below(1u << (3 + random_below(9))));
            *block = resized != NULL ? resized : *block;
        } else {
            free(*block);
            *block = NULL;
        }
    }
    assert_true(board_fact(BOARD_FACT_BREAK_MOVES) - moves > 20);
    assert_int_equal(board_fact(BOARD_FACT_VAIN_SHRINKS), vain);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(heap_starts_empty_and_at_the_first_call),
    cmocka_unit_test(returned_memory_faults),
    cmocka_unit_test(grant_fits_after_a_peak_if_memory_is_returned),
    cmocka_unit_test(grant_is_refused_after_a_peak_if_it_is_kept),
    cmocka_unit_test(grant_is_refused_beside_a_fixed_heap),
    cmocka_unit_test(fixed_heap_takes_all_that_there_is),
    cmocka_unit_test(all_memory_can_be_had_and_returned),
    cmocka_unit_test(grants_shrink_the_limit_as_they_come),
    cmocka_unit_test(grants_come_while_a_fixed_heap_takes_all),
    cmocka_unit_test(grants_come_while_a_heap_grows_and_returns),
    cmocka_unit_test(a_reserve_fits_when_all_else_is_in_use),
    cmocka_unit_test(a_reserve_that_is_ended_can_be_allocated),
    cmocka_unit_test(pinned_heap_keeps_what_it_cannot_return),
    cmocka_unit_test(a_share_that_fails_pins_all_the_same),
    cmocka_unit_test(a_share_without_room_for_the_grant_pins_too),
    cmocka_unit_test(a_buffer_for_another_process_is_aligned_to_its_size),
    cmocka_unit_test(pinned_heap_does_not_ask_for_ever),
    cmocka_unit_test(memory_of_others_is_left_alone),
    cmocka_unit_test(what_others_return_does_not_stay_in_the_way),
    cmocka_unit_test(moves_in_between_are_noticed),
    cmocka_unit_test(every_refusal_in_turn_is_survived),
    cmocka_unit_test(two_heaps_share_the_break),
    cmocka_unit_test(calloc_clears_on_kernels_that_do_not),
    cmocka_unit_test(calloc_has_zeroes_from_kernels_that_clear),
    cmocka_unit_test(the_kernel_is_found_out),
    cmocka_unit_test(no_shrink_of_a_random_program_is_in_vain),
};

int main(void) {
    return run_tests_in_lives(tests);
}
