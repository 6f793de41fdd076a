/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include <board.h>
#include <cmocka.h>

enum outcome { PASSED, FAILED, SKIPPED, OUTCOMES };

/* Where board_cmocka_fail() and board_cmocka_skip() go. */
static jmp_buf way_out;

void print_message(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    board_print_list(format, arguments);
    va_end(arguments);
}

void print_error(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    board_print_list(format, arguments);
    va_end(arguments);
}

void board_cmocka_fail(const char *file, int line) {
    print_error("%s:%d: error: Failure!\n", file, line);
    longjmp(way_out, FAILED);
}

void board_cmocka_skip(const char *file, int line) {
    print_message("%s:%d: skipped\n", file, line);
    longjmp(way_out, SKIPPED);
}

/* A function of its own, so that no local variable lives across the jump. */
static enum outcome run_test(CMUnitTestFunction test) {
    int jumped = setjmp(way_out);
    if (jumped != 0) {
        return (enum outcome)jumped;
    }
    void *state = NULL;
    test(&state);
    return PASSED;
}

static void report(const char *name, enum outcome outcome) {
    static const char *const labels[OUTCOMES] = {"[       OK ]", "[  FAILED  ]", "[  SKIPPED ]"};
    print_message("%s %s\n", labels[outcome], name);
}

int board_cmocka_run(const char *group, const struct CMUnitTest *tests, size_t count) {
    int outcomes[OUTCOMES] = {0};
    print_message("[==========] %s: Running %zu test(s).\n", group, count);
    for (size_t index = 0; index < count; index++) {
        print_message("[ RUN      ] %s\n", tests[index].name);
        enum outcome outcome = run_test(tests[index].test_func);
        report(tests[index].name, outcome);
        outcomes[outcome]++;
    }
    print_message("[  PASSED  ] %d test(s), %d failed, %d skipped.\n", outcomes[PASSED], outcomes[FAILED],
                  outcomes[SKIPPED]);
    return outcomes[FAILED];
}
