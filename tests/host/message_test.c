/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A line of text on its way to a descriptor that takes it in pieces, is interrupted, or takes nothing. */

#include "message.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#include <cmocka.h>

static char taken[2 * sizeof(struct message)];
static size_t taken_size;
static size_t at_once;
static unsigned interruptions;
static int error;

ssize_t __wrap_write(int descriptor, const void *bytes, size_t size);
ssize_t __wrap_write(int descriptor, const void *bytes, size_t size) {
    assert_int_equal(descriptor, 77);
    pthread_testcancel();
    if (interruptions > 0 || error != 0) {
        errno = error != 0 ? error : EINTR;
        interruptions -= interruptions > 0 ? 1 : 0;
        return -1;
    }
    const size_t part = size < at_once ? size : at_once;
    assert_true(part <= sizeof taken - taken_size);
    memcpy(taken + taken_size, bytes, part);
    taken_size += part;
    return (ssize_t)part;
}

static int set_up(void **state) {
    (void)state;
    taken_size = 0;
    at_once = SIZE_MAX;
    interruptions = 0;
    error = 0;
    return 0;
}

/* Returns what message_write() does. */
static int write_line(void) {
    struct message message = {.length = 0};
    message_add(&message, "at ");
    message_add_address(&message, (void *)(uintptr_t)0xbeef0);
    message_add(&message, ", ");
    message_add_number(&message, 0);
    message_add(&message, " of ");
    message_add_number(&message, 1234567890);
    errno = EILSEQ;
    const int answer = message_write(&message, 77);
    assert_int_equal(errno, EILSEQ);
    return answer;
}

static void assert_taken(const char *line) {
    assert_int_equal(taken_size, strlen(line));
    assert_memory_equal(taken, line, taken_size);
}

static void test_a_line_is_whole_however_it_is_taken(void **state) {
    (void)state;
    assert_int_equal(write_line(), 0);
    assert_taken("at 0xbeef0, 0 of 1234567890\n");
    taken_size = 0;
    at_once = 1;
    interruptions = 3;
    assert_int_equal(write_line(), 0);
    assert_taken("at 0xbeef0, 0 of 1234567890\n");
}

static void test_a_descriptor_that_takes_nothing_is_given_up(void **state) {
    (void)state;
    error = EBADF;
    assert_int_equal(write_line(), EBADF);
    assert_int_equal(taken_size, 0);
}

static void *write_when_to_be_cancelled(void *unused) {
    (void)unused;
    pthread_cancel(pthread_self());
    assert_int_equal(write_line(), 0);
    return NULL;
}

static void test_a_thread_that_is_to_be_cancelled_writes_first(void **state) {
    (void)state;
    pthread_t thread;
    void *result = PTHREAD_CANCELED;
    assert_int_equal(pthread_create(&thread, NULL, write_when_to_be_cancelled, NULL), 0);
    pthread_join(thread, &result);
    assert_null(result);
    assert_taken("at 0xbeef0, 0 of 1234567890\n");
}

static void test_what_does_not_fit_is_left_out(void **state) {
    (void)state;
    struct message message = {.length = 0};
    for (size_t i = 0; i < 2 * sizeof message.text; i++) {
        message_add(&message, "x");
    }
    message_write(&message, 77);
    assert_int_equal(taken_size, sizeof message.text);
    assert_int_equal(taken[taken_size - 2], 'x');
    assert_int_equal(taken[taken_size - 1], '\n');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_a_line_is_whole_however_it_is_taken, set_up),
        cmocka_unit_test_setup(test_a_descriptor_that_takes_nothing_is_given_up, set_up),
        cmocka_unit_test_setup(test_a_thread_that_is_to_be_cancelled_writes_first, set_up),
        cmocka_unit_test_setup(test_what_does_not_fit_is_left_out, set_up),
    };
    return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
