/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Relief, call by call: what it hands on to libtock-c's own functions, when it tries again, and which answer it gives.
 * Those functions and the heap are played here; board_relief has the real ones.
 */
#include <ebb/tock.h>

#include <libtock/tock.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

__typeof__(command) __real_command, __wrap_command;
__typeof__(subscribe) __real_subscribe, __wrap_subscribe;
__typeof__(allow_readwrite) __real_allow_readwrite, __wrap_allow_readwrite;
__typeof__(allow_readonly) __real_allow_readonly, __wrap_allow_readonly;
__typeof__(allow_userspace_read) __real_allow_userspace_read, __wrap_allow_userspace_read;
__typeof__(driver_exists) __wrap_driver_exists;

/* ---- The kernel and the heap ---- */

enum { DRIVER = 0x1001, NUMBER = 7, FIRST = 21, SECOND = 22 };

/* What asks whether a driver is there: command 0, without arguments. */
enum { EXISTS = 0 };

static unsigned char buffer[FIRST];

static struct {
    unsigned tries;
    unsigned failures; /* of that many tries, then success */
    syscall_rtype_t failure;
    syscall_rtype_t success;
    unsigned reliefs; /* that were asked for */
    unsigned gifts;   /* how often the heap has something to give back */
} world;

static void begin(unsigned failures, unsigned gifts) {
    world.tries = 0;
    world.failures = failures;
    world.failure = TOCK_SYSCALL_FAILURE;
    world.success = TOCK_SYSCALL_SUCCESS;
    world.reliefs = 0;
    world.gifts = gifts;
}

bool ebb_tock_relieve(uint32_t error) {
    assert_int_equal(error, TOCK_STATUSCODE_NOMEM);
    world.reliefs++;
    return world.reliefs <= world.gifts;
}

static bool try_succeeds(uint32_t driver, uint32_t number) {
    assert_int_equal(driver, DRIVER);
    assert_true(number == NUMBER || number == EXISTS);
    world.tries++;
    return world.tries > world.failures;
}

/* What a success says first may be any number. */
syscall_return_t __real_command(uint32_t driver, uint32_t number, int first, int second) {
    assert_int_equal(first, number == EXISTS ? 0 : FIRST);
    assert_int_equal(second, number == EXISTS ? 0 : SECOND);
    bool success = try_succeeds(driver, number);
    return (syscall_return_t){success ? world.success : world.failure, {TOCK_STATUSCODE_NOMEM, world.tries, 3}};
}

static void upcall(int first, int second, int third, void *userdata) {
    (void)first;
    (void)second;
    (void)third;
    (void)userdata;
}

subscribe_return_t __real_subscribe(uint32_t driver, uint32_t number, subscribe_upcall *called, void *userdata) {
    assert_true(called == upcall);
    assert_ptr_equal(userdata, &world);
    return (subscribe_return_t){.success = try_succeeds(driver, number), .status = TOCK_STATUSCODE_NOMEM};
}

static void assert_buffer(const void *start, size_t size) {
    assert_ptr_equal(start, buffer);
    assert_int_equal(size, sizeof buffer);
}

allow_rw_return_t __real_allow_readwrite(uint32_t driver, uint32_t number, void *start, size_t size) {
    assert_buffer(start, size);
    return (allow_rw_return_t){.success = try_succeeds(driver, number), .status = TOCK_STATUSCODE_NOMEM};
}

allow_ro_return_t __real_allow_readonly(uint32_t driver, uint32_t number, const void *start, size_t size) {
    assert_buffer(start, size);
    return (allow_ro_return_t){.success = try_succeeds(driver, number), .status = TOCK_STATUSCODE_NOMEM};
}

allow_userspace_r_return_t __real_allow_userspace_read(uint32_t driver, uint32_t number, void *start, size_t size) {
    assert_buffer(start, size);
    return (allow_userspace_r_return_t){.success = try_succeeds(driver, number), .status = TOCK_STATUSCODE_NOMEM};
}

/* ---- The calls ---- */

static bool call_command(void) {
    syscall_return_t answer = __wrap_command(DRIVER, NUMBER, FIRST, SECOND);
    assert_int_equal(answer.data[1], world.tries); /* the last answer there was */
    return answer.type >= TOCK_SYSCALL_SUCCESS;
}

static bool call_subscribe(void) {
    return __wrap_subscribe(DRIVER, NUMBER, upcall, &world).success;
}

static bool call_allow_readwrite(void) {
    return __wrap_allow_readwrite(DRIVER, NUMBER, buffer, sizeof buffer).success;
}

static bool call_allow_readonly(void) {
    return __wrap_allow_readonly(DRIVER, NUMBER, buffer, sizeof buffer).success;
}

static bool call_allow_userspace_read(void) {
    return __wrap_allow_userspace_read(DRIVER, NUMBER, buffer, sizeof buffer).success;
}

static bool call_driver_exists(void) {
    return __wrap_driver_exists(DRIVER);
}

static bool (*const calls[])(void) = {
    call_command,      call_subscribe, call_allow_readwrite, call_allow_readonly, call_allow_userspace_read,
    call_driver_exists};

enum { CALLS = sizeof calls / sizeof calls[0] };

/* Of each call that fails so often before it succeeds: its answer, how often it was tried, and relief asked for. */
static void expect_each(unsigned failures, unsigned gifts, bool answer, unsigned tries, unsigned reliefs) {
    for (size_t i = 0; i < CALLS; i++) {
        begin(failures, gifts);
        assert_int_equal(calls[i](), answer);
        assert_int_equal(world.tries, tries);
        assert_int_equal(world.reliefs, reliefs);
    }
}

static void a_success_is_left_alone(void **state) {
    (void)state;
    expect_each(0, 1, true, 1, 0);
}

static void a_failure_is_tried_again_if_memory_went_back(void **state) {
    (void)state;
    expect_each(1, 1, true, 2, 1);
}

static void a_failure_is_the_answer_if_none_did(void **state) {
    (void)state;
    expect_each(1, 0, false, 1, 1);
}

static void a_failure_is_tried_again_as_long_as_memory_goes_back(void **state) {
    (void)state;
    expect_each(3, 3, true, 4, 3);
}

static void the_last_failure_is_the_answer(void **state) {
    (void)state;
    expect_each(2, 1, false, 2, 2);
    expect_each(9, 3, false, 4, 4);
}

static void a_command_fails_and_succeeds_in_several_variants(void **state) {
    (void)state;
    begin(1, 1);
    world.failure = TOCK_SYSCALL_FAILURE_U32_U32;
    assert_true(call_command());
    assert_int_equal(world.tries, 2);
    begin(0, 1);
    world.success = TOCK_SYSCALL_SUCCESS_U32;
    assert_true(call_command());
    assert_true(call_driver_exists());
    assert_int_equal(world.reliefs, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_success_is_left_alone),
        cmocka_unit_test(a_failure_is_tried_again_if_memory_went_back),
        cmocka_unit_test(a_failure_is_the_answer_if_none_did),
        cmocka_unit_test(a_failure_is_tried_again_as_long_as_memory_goes_back),
        cmocka_unit_test(the_last_failure_is_the_answer),
        cmocka_unit_test(a_command_fails_and_succeeds_in_several_variants),
    };
    return cmocka_run_group_tests_name("tock relief", tests, NULL, NULL);
}
