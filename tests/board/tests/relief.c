/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Relief on the kernel's rules: the heap stands in the way of a driver's grant, the driver's first call fails, and
 * libtock-c's own call of that name succeeds all the same.
 */
#include <board.h>
#include <ebb/heap.h>
#include <ebb/tock.h>
#include <libtock/tock.h>
#include <lives.h>

#include <string.h>

/* From the port, not from a C library. */
void *malloc(size_t size);
void free(void *block);

/* As libtock-c has them, without relief. */
__typeof__(command) __real_command;
__typeof__(subscribe) __real_subscribe;
__typeof__(allow_readwrite) __real_allow_readwrite;
__typeof__(allow_readonly) __real_allow_readonly;
__typeof__(allow_userspace_read) __real_allow_userspace_read;

enum { DRIVER = BOARD_DRIVER_GRANT, BLOCK = 100, SHARED = 64 };

/* What blocks held hands over: a list through their first words. */
struct held {
    struct held *next;
};

static struct held *newest;
static unsigned char *shared;

static size_t granule(void) {
    return board_fact(BOARD_FACT_GRANULE);
}

/* Holds memory until there is none. */
static void hold_all(void) {
    shared = malloc(SHARED);
    assert_non_null(shared);
    newest = NULL;
    for (struct held *block = malloc(BLOCK); block != NULL; block = malloc(BLOCK)) {
        block->next = newest;
        newest = block;
    }
}

/* The grants take what is left below a granule, so that the next one needs memory of the heap's. */
static void use_up_the_slack(void) {
    size_t slack = board_fact(BOARD_FACT_GRANTS_START) - board_fact(BOARD_FACT_REACHABLE_END);
    for (unsigned driver = 8; driver < BOARD_DRIVER_GRANT_COUNT && slack >= 16; driver++) {
        (void)board_use_driver(driver, slack - 8);
        slack = board_fact(BOARD_FACT_GRANTS_START) - board_fact(BOARD_FACT_REACHABLE_END);
    }
}

static void free_newest(void) {
    struct held *next = newest->next;
    free(newest);
    newest = next;
}

static void free_all_held(void) {
    while (newest != NULL) {
        free_newest();
    }
}

/* Frees the newest blocks, so much that a granule at the end goes idle and a grant fits there; the rest stays held. */
static void free_the_end(void) {
    for (size_t freed = 0; freed < 2 * granule() + 4 * BLOCK; freed += BLOCK) {
        free_newest();
    }
    assert_non_null(newest);
}

/*
 * A burst of which most is still held, in a heap that does not give back by itself, or not yet: the state in which an
 * app finds itself that uses a driver late.
 */
static void run_out_of_room(void) {
    const struct ebb_policy policy = {.move_price = 1U << 30};
    bool started = ebb_tock_start(&policy, false);
    assert_true(started);
    hold_all();
    use_up_the_slack();
    free_the_end();
}

static void assert_sound(void) {
    assert_int_equal(ebb_check(ebb_tock_heap()).damage, EBB_SOUND);
}

/* ---- Each call ---- */

static void a_command_that_finds_no_room_is_tried_again(void **state) {
    (void)state;
    run_out_of_room();
    syscall_return_t answer = __real_command(DRIVER, BOARD_GRANT_USE, 200, 0);
    assert_int_equal(answer.type, TOCK_SYSCALL_FAILURE);
    assert_int_equal(answer.data[0], TOCK_STATUSCODE_NOMEM);
    answer = command(DRIVER, BOARD_GRANT_USE, 200, 0);
    assert_int_equal(answer.type, TOCK_SYSCALL_SUCCESS);
    assert_sound();
}

static void a_subscribe_that_finds_no_room_is_tried_again(void **state) {
    (void)state;
    run_out_of_room();
    subscribe_return_t answer = __real_subscribe(DRIVER, 0, NULL, NULL);
    assert_true(!answer.success && answer.status == TOCK_STATUSCODE_NOMEM);
    answer = subscribe(DRIVER, 0, NULL, NULL);
    assert_true(answer.success);
    assert_sound();
}

/* The buffer lies in the heap: the first try pins the break below what is idle, so that can go back all the same. */
static void an_allow_that_finds_no_room_is_tried_again(void **state) {
    (void)state;
    run_out_of_room();
    allow_rw_return_t answer = __real_allow_readwrite(DRIVER, 0, shared, SHARED);
    assert_true(!answer.success && answer.status == TOCK_STATUSCODE_NOMEM);
    answer = allow_readwrite(DRIVER, 0, shared, SHARED);
    assert_true(answer.success);
    assert_sound();
}

static void a_read_only_allow_that_finds_no_room_is_tried_again(void **state) {
    (void)state;
    run_out_of_room();
    allow_ro_return_t answer = __real_allow_readonly(DRIVER, 0, shared, SHARED);
    assert_true(!answer.success && answer.status == TOCK_STATUSCODE_NOMEM);
    answer = allow_readonly(DRIVER, 0, shared, SHARED);
    assert_true(answer.success);
    assert_sound();
}

static void a_readable_allow_that_finds_no_room_is_tried_again(void **state) {
    (void)state;
    run_out_of_room();
    allow_userspace_r_return_t answer = __real_allow_userspace_read(DRIVER, 0, shared, SHARED);
    assert_true(!answer.success && answer.status == TOCK_STATUSCODE_NOMEM);
    answer = allow_userspace_read(DRIVER, 0, shared, SHARED);
    assert_true(answer.success);
    assert_sound();
}

/* Or it would seem not to be there. */
static void a_driver_that_finds_no_room_exists_all_the_same(void **state) {
    (void)state;
    run_out_of_room();
    syscall_return_t answer = __real_command(DRIVER, 0, 0, 0);
    assert_int_equal(answer.type, TOCK_SYSCALL_FAILURE);
    assert_int_equal(answer.data[0], TOCK_STATUSCODE_NOMEM);
    assert_true(driver_exists(DRIVER));
    assert_true(!driver_exists(0x7777));
    assert_sound();
}

/* An app that makes its system calls by itself. */
static void an_app_can_call_for_relief_by_hand(void **state) {
    (void)state;
    run_out_of_room();
    unsigned tries = 0;
    uintptr_t error;
    do {
        error = board_subscribe(DRIVER, NULL);
        tries++;
    } while (error != 0 && ebb_tock_relieve((uint32_t)error));
    assert_int_equal(error, 0);
    assert_int_equal(tries, 2);
    assert_sound();
}

/*
 * All memory is idle and the break is pinned near its lower end, so that giving back is a search that ends early: what
 * the first try again finds is not all there is.
 */
static void a_call_is_tried_again_as_long_as_memory_goes_back(void **state) {
    (void)state;
    const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY};
    bool started = ebb_tock_start(&policy, false);
    assert_true(started);
    hold_all();
    use_up_the_slack();
    assert_true(!__real_allow_readwrite(DRIVER, 0, shared, SHARED).success);
    uintptr_t pin = (uintptr_t)shared + SHARED;
    free_all_held();
    free(shared);
    size_t room = board_fact(BOARD_FACT_GRANTS_START) - (pin + granule() - 1) / granule() * granule();
    syscall_return_t answer = command(DRIVER, BOARD_GRANT_USE, (int)(room - room / 64), 0);
    assert_int_equal(answer.type, TOCK_SYSCALL_SUCCESS);
    assert_sound();
}

/* ---- What relief must not do ---- */

static void without_anything_to_give_back_the_answer_stays(void **state) {
    (void)state;
    run_out_of_room();
    assert_true(ebb_tock_trim() != 0);
    size_t room = board_fact(BOARD_FACT_GRANTS_START) - board_fact(BOARD_FACT_RAM_START);
    uintptr_t calls = board_fact(BOARD_FACT_BREAK_CALLS);
    syscall_return_t answer = command(DRIVER, BOARD_GRANT_USE, (int)room, 0);
    assert_int_equal(answer.type, TOCK_SYSCALL_FAILURE);
    assert_int_equal(answer.data[0], TOCK_STATUSCODE_NOMEM);
    assert_true(board_fact(BOARD_FACT_BREAK_CALLS) - calls <= 3);
    assert_sound();
}

static void other_errors_move_nothing(void **state) {
    (void)state;
    run_out_of_room();
    uintptr_t calls = board_fact(BOARD_FACT_BREAK_CALLS);
    assert_int_equal(command(0x7777, 1, 0, 0).data[0], TOCK_STATUSCODE_NODEVICE);
    assert_int_equal(subscribe(0x7777, 0, NULL, NULL).status, TOCK_STATUSCODE_NODEVICE);
    assert_int_equal(command(BOARD_DRIVER_CONSOLE, 0, 0, 0).type, TOCK_SYSCALL_SUCCESS);
    assert_int_equal(board_fact(BOARD_FACT_BREAK_CALLS), calls);
}

/* A number that comes with a success may well be 9. */
static void a_success_is_no_error_whatever_it_says(void **state) {
    (void)state;
    run_out_of_room();
    uintptr_t calls = board_fact(BOARD_FACT_BREAK_CALLS);
    static const char text[] = "9 bytes.\n";
    syscall_return_t answer = command(BOARD_DRIVER_CONSOLE, BOARD_CONSOLE_WRITE, (int)(uintptr_t)text, 9);
#if UINTPTR_MAX == UINT32_MAX
    assert_int_equal(answer.type, TOCK_SYSCALL_SUCCESS_U32);
    assert_int_equal(answer.data[0], 9);
#endif
    (void)answer;
    assert_int_equal(board_fact(BOARD_FACT_BREAK_CALLS), calls);
}

static void an_app_that_allocates_nothing_has_nothing_to_give(void **state) {
    (void)state;
    uintptr_t calls = board_fact(BOARD_FACT_BREAK_CALLS);
    size_t room = board_fact(BOARD_FACT_GRANTS_START) - board_fact(BOARD_FACT_RAM_START);
    assert_int_equal(command(DRIVER, BOARD_GRANT_USE, (int)room, 0).data[0], TOCK_STATUSCODE_NOMEM);
    assert_int_equal(board_fact(BOARD_FACT_BREAK_CALLS), calls);
    assert_true(!ebb_tock_relieve(TOCK_STATUSCODE_NOMEM));
}

/* ---- What it is all for ---- */

/* A burst that ends leaves its memory to the driver that comes after it, under the default policy: by returning. */
static void a_driver_after_a_burst_needs_no_relief(void **state) {
    (void)state;
    hold_all();
    use_up_the_slack();
    assert_int_equal(__real_command(DRIVER, BOARD_GRANT_USE, 400, 0).data[0], TOCK_STATUSCODE_NOMEM);
    free_all_held();
    assert_int_equal(__real_command(DRIVER, BOARD_GRANT_USE, 400, 0).type, TOCK_SYSCALL_SUCCESS);
    assert_sound();
}

/* Several drivers in a row, while the app holds most of its burst: each first use takes what the heap can spare. */
static void several_drivers_find_room_beside_a_burst(void **state) {
    (void)state;
    run_out_of_room();
    for (unsigned driver = 0; driver < 4; driver++) {
        assert_int_equal(command(DRIVER + driver, BOARD_GRANT_USE, 40, 0).type, TOCK_SYSCALL_SUCCESS);
        free(malloc(BLOCK));
        if (driver % 2 == 1) {
            free_the_end();
        }
    }
    assert_sound();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_that_finds_no_room_is_tried_again),
        cmocka_unit_test(a_subscribe_that_finds_no_room_is_tried_again),
        cmocka_unit_test(an_allow_that_finds_no_room_is_tried_again),
        cmocka_unit_test(a_read_only_allow_that_finds_no_room_is_tried_again),
        cmocka_unit_test(a_readable_allow_that_finds_no_room_is_tried_again),
        cmocka_unit_test(a_driver_that_finds_no_room_exists_all_the_same),
        cmocka_unit_test(an_app_can_call_for_relief_by_hand),
        cmocka_unit_test(a_call_is_tried_again_as_long_as_memory_goes_back),
        cmocka_unit_test(without_anything_to_give_back_the_answer_stays),
        cmocka_unit_test(other_errors_move_nothing),
        cmocka_unit_test(a_success_is_no_error_whatever_it_says),
        cmocka_unit_test(an_app_that_allocates_nothing_has_nothing_to_give),
        cmocka_unit_test(a_driver_after_a_burst_needs_no_relief),
        cmocka_unit_test(several_drivers_find_room_beside_a_burst),
    };
    return run_tests_in_lives(tests);
}
