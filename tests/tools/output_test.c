/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The file that the recorder writes, while signals come that would make a system call fail. */
#include "output.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include <cmocka.h>

static volatile sig_atomic_t signals;

static void count_signal(int number) {
    (void)number;
    signals++;
}

static unsigned extensions;

/* As files of any size have it. */
int __real_posix_fallocate64(int descriptor, off_t start, off_t size);
int __wrap_posix_fallocate64(int descriptor, off_t start, off_t size);
int __wrap_posix_fallocate64(int descriptor, off_t start, off_t size) {
    const sig_atomic_t before = signals;
    extensions++;
    kill(getpid(), SIGALRM);
    assert_int_equal(signals, before);
    return __real_posix_fallocate64(descriptor, start, size);
}

static void test_signals_wait_until_the_file_is_longer(void **state) {
    (void)state;
    char path[] = "/tmp/ebb-output-XXXXXX";
    const struct sigaction action = {.sa_handler = count_signal};
    const struct trace_operation operation = {.kind = TRACE_MALLOC, .slot = 0, .size = 1};
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(close(mkstemp(path)), 0);
    const char *mistake = output_open(path, false);
    for (unsigned count = 0; mistake == NULL && count < 1000000; count++) {
        mistake = output_put(&operation);
    }
    output_close();
    unlink(path);
    assert_null(mistake);
    assert_in_range(extensions, 2, 3);
    assert_int_equal(signals, extensions);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signals_wait_until_the_file_is_longer),
    };
    return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
