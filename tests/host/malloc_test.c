/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The C library's allocation functions as a program sees them, which is linked to libebb-malloc.so like to any other
 * library. Compiled with -fno-builtin: a compiler that knows malloc may leave out the very calls under test.
 */

#include "bytes.h"
#include "process.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const size_t mebibyte = (size_t)1024 * 1024;

/* Not constants, so that no compiler warns of what is tested here: requests that cannot be met. */
static volatile size_t size_max = SIZE_MAX;
static volatile size_t no_bytes = 0;

static size_t page_size(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

static bool is_aligned(const void *block, size_t alignment) {
    return (uintptr_t)block % alignment == 0;
}

static void check_refused(void *block, int expected_errno) {
    const int found_errno = errno;
    const bool refused = block == NULL;
    free(block);
    assert_true(refused);
    assert_int_equal(found_errno, expected_errno);
}

#define ASSERT_REFUSED(call, expected_errno)                                                                           \
    do {                                                                                                               \
        errno = 0;                                                                                                     \
        check_refused(call, expected_errno);                                                                           \
    } while (false)

/* ---- Which library answers ---- */

static void test_all_functions_are_ours(void **state) {
    (void)state;
    static const char *const names[] = {
        "malloc",
        "free",
        "calloc",
        "realloc",
        "reallocarray",
        "memalign",
        "aligned_alloc",
        "posix_memalign",
        "valloc",
        "pvalloc",
        "malloc_usable_size",
        "malloc_trim",
        "free_sized",
        "free_aligned_sized",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        Dl_info found = {0};
        void *function = dlsym(RTLD_DEFAULT, names[i]);
        assert_non_null(function);
        assert_int_not_equal(dladdr(function, &found), 0);
        if (strstr(found.dli_fname, "/libebb-malloc") == NULL) {
            fail_msg("%s is taken from %s", names[i], found.dli_fname);
        }
    }
}

/* ---- malloc and free ---- */

static void test_malloc_aligns_for_every_type(void **state) {
    (void)state;
    void *blocks[200];
    for (size_t i = 0; i < 200; i++) {
        blocks[i] = malloc(i);
        assert_non_null(blocks[i]);
        assert_true(is_aligned(blocks[i], _Alignof(max_align_t)));
        memset(blocks[i], (int)i, i);
    }
    for (size_t i = 0; i < 200; i++) {
        assert_true(bytes_are(blocks[i], (unsigned char)i, i));
        free(blocks[i]);
    }
}

static void test_malloc_of_nothing_is_a_block_of_its_own(void **state) {
    (void)state;
    void *one = malloc(no_bytes);
    void *other = malloc(no_bytes);
    assert_non_null(one);
    assert_non_null(other);
    assert_ptr_not_equal(one, other);
    free(one);
    free(other);
}

static void test_malloc_beyond_all_memory_fails(void **state) {
    (void)state;
    const size_t sizes[] = {size_max, size_max - 15, size_max / 2, size_max / 2 + 1, size_max >> 8};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        ASSERT_REFUSED(malloc(sizes[i]), ENOMEM);
    }
}

static void test_free_keeps_errno(void **state) {
    (void)state;
    void *small = hide(malloc(1));
    void *large = malloc(32 * mebibyte);
    assert_non_null(large);
    memset(large, 1, 32 * mebibyte);
    errno = EILSEQ;
    free(NULL);
    assert_int_equal(errno, EILSEQ);
    free(small);
    assert_int_equal(errno, EILSEQ);
    free(large);
    assert_int_equal(errno, EILSEQ);
}

/* C23's, which the C library may not have. */
void free_sized_block(void *block, size_t size) __asm__("free_sized");
void free_aligned_sized_block(void *block, size_t alignment, size_t size) __asm__("free_aligned_sized");

static void test_blocks_are_freed_with_the_sizes_that_were_asked_for(void **state) {
    (void)state;
    errno = EILSEQ;
    for (size_t size = 0; size < 300; size++) {
        free_sized_block(hide(malloc(size)), size);
        free_sized_block(hide(calloc(size, 3)), 3 * size);
        free_sized_block(hide(realloc(malloc(1000), size + 1)), size + 1);
        free_aligned_sized_block(hide(aligned_alloc(64, size)), 64, size);
    }
    free_sized_block(NULL, 1);
    free_aligned_sized_block(NULL, 64, 1);
    assert_int_equal(errno, EILSEQ);
}

/* ---- calloc ---- */

static void test_calloc_clears_what_was_used(void **state) {
    (void)state;
    for (size_t size = 1; size < 100000; size = size * 3 + 1) {
        void *dirty = malloc(size);
        assert_non_null(dirty);
        memset(dirty, 0xA5, size);
        free(dirty);
        unsigned char *clean = calloc(size, 1);
        assert_non_null(clean);
        assert_true(bytes_are(clean, 0, size));
        free(clean);
    }
}

static void test_calloc_refuses_overflow(void **state) {
    (void)state;
    ASSERT_REFUSED(calloc(size_max, 2), ENOMEM);
    ASSERT_REFUSED(calloc(size_max / 16 + 1, 16), ENOMEM);
    ASSERT_REFUSED(calloc(size_max / 16 + 2, 16), ENOMEM);
    ASSERT_REFUSED(calloc(size_max >> 31, size_max >> 31), ENOMEM);
    void *none = calloc(no_bytes, size_max);
    assert_non_null(none);
    free(none);
}

/* ---- realloc and reallocarray ---- */

static void test_realloc_keeps_content(void **state) {
    (void)state;
    unsigned char *block = realloc(NULL, 1);
    assert_non_null(block);
    block[0] = 7;
    for (size_t size = 2; size < 4 * mebibyte; size *= 2) {
        unsigned char *moved = realloc(block, size);
        assert_non_null(moved);
        block = moved;
        assert_true(bytes_are(block, 7, size / 2));
        memset(block, 7, size);
    }
    for (size_t size = 2 * mebibyte; size > 0; size /= 2) {
        unsigned char *moved = realloc(block, size);
        assert_non_null(moved);
        block = moved;
        assert_true(bytes_are(block, 7, size));
    }
    free(block);
}

static void test_failed_realloc_leaves_the_block(void **state) {
    (void)state;
    unsigned char *block = malloc(1000);
    assert_non_null(block);
    memset(block, 7, 1000);
    ASSERT_REFUSED(realloc(hide(block), size_max), ENOMEM);
    ASSERT_REFUSED(reallocarray(hide(block), size_max / 2, 3), ENOMEM);
    /* These products are 0 and 16 where they overflow unseen. */
    ASSERT_REFUSED(reallocarray(hide(block), size_max / 16 + 1, 16), ENOMEM);
    ASSERT_REFUSED(reallocarray(hide(block), size_max / 16 + 2, 16), ENOMEM);
    assert_true(bytes_are(block, 7, 1000));
    free(block);
}

/* Half a gigabyte passes through; if nothing were freed it would stay. */
static void test_realloc_to_nothing_frees(void **state) {
    (void)state;
    const size_t size = mebibyte / 2;
    const size_t before = resident_bytes();
    for (int i = 0; i < 1000; i++) {
        void *block = malloc(size);
        assert_non_null(block);
        memset(block, 1, size / 8);
        errno = EILSEQ;
        assert_null(i % 3 == 0   ? realloc(block, no_bytes)
                    : i % 3 == 1 ? reallocarray(block, no_bytes, 5)
                                 : reallocarray(block, size_max, no_bytes));
        assert_int_equal(errno, EILSEQ);
    }
    /* One of them may be idle still. */
    assert_in_range(resident_bytes(), 0, before + size + RESIDENT_SLACK);
}

static void test_reallocarray_multiplies(void **state) {
    (void)state;
    unsigned char *block = reallocarray(NULL, 100, 30);
    assert_non_null(block);
    assert_in_range(malloc_usable_size(block), 3000, 3100);
    memset(block, 7, 3000);
    unsigned char *moved = reallocarray(block, 50, 200);
    assert_non_null(moved);
    assert_in_range(malloc_usable_size(moved), 10000, 10100);
    assert_true(bytes_are(moved, 7, 3000));
    free(moved);
}

/* ---- Alignment ---- */

static void test_all_alignments(void **state) {
    (void)state;
    for (size_t alignment = sizeof(void *); alignment <= mebibyte; alignment *= 2) {
        void *blocks[3] = {memalign(alignment, 100), aligned_alloc(alignment, 100), NULL};
        assert_int_equal(posix_memalign(&blocks[2], alignment, 100), 0);
        for (int i = 0; i < 3; i++) {
            assert_non_null(blocks[i]);
            assert_true(is_aligned(blocks[i], alignment));
            assert_true(malloc_usable_size(blocks[i]) >= 100);
            memset(blocks[i], i + 1, 100);
        }
        for (int i = 0; i < 3; i++) {
            assert_true(bytes_are(blocks[i], (unsigned char)(i + 1), 100));
            free(blocks[i]);
        }
    }
}

static void test_memalign_raises_odd_alignments(void **state) {
    (void)state;
    void *block = memalign(no_bytes + 24, 10);
    assert_non_null(block);
    assert_true(is_aligned(block, 32));
    free(block);
    block = memalign(no_bytes, 10);
    assert_non_null(block);
    free(block);
    ASSERT_REFUSED(memalign(size_max, 10), EINVAL);
    ASSERT_REFUSED(memalign(size_max / 2 + 2, 10), EINVAL);
    ASSERT_REFUSED(memalign(size_max / 2 + 1, 10), ENOMEM);
    ASSERT_REFUSED(memalign(64, size_max), ENOMEM);
}

static void test_aligned_alloc_refuses_odd_alignments(void **state) {
    (void)state;
    const size_t wrong[] = {no_bytes, no_bytes + 3, no_bytes + 24, size_max};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ASSERT_REFUSED(aligned_alloc(wrong[i], 10), EINVAL);
    }
    ASSERT_REFUSED(aligned_alloc(64, size_max), ENOMEM);
    ASSERT_REFUSED(aligned_alloc(size_max / 2 + 1, 64), ENOMEM);
}

static void test_posix_memalign_answers_by_its_result(void **state) {
    (void)state;
    const size_t wrong[] = {no_bytes, no_bytes + 1, no_bytes + 3, no_bytes + 24, sizeof(void *) / 2, size_max};
    int untouched = 0;
    void *block = &untouched;
    errno = EILSEQ;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(posix_memalign(&block, wrong[i], 10), EINVAL);
    }
    assert_int_equal(posix_memalign(&block, 64, size_max), ENOMEM);
    assert_ptr_equal(block, &untouched);
    assert_int_equal(errno, EILSEQ);
    assert_int_equal(posix_memalign(&block, 64, no_bytes), 0);
    assert_ptr_not_equal(block, &untouched);
    assert_true(is_aligned(block, 64));
    free(block);
}

static void test_whole_pages(void **state) {
    (void)state;
    unsigned char *block = valloc(10);
    assert_non_null(block);
    assert_true(is_aligned(block, page_size()));
    free(block);
    block = pvalloc(page_size() + 1);
    assert_non_null(block);
    assert_true(is_aligned(block, page_size()));
    assert_true(malloc_usable_size(block) >= 2 * page_size());
    memset(block, 1, 2 * page_size());
    free(block);
    ASSERT_REFUSED(valloc(size_max), ENOMEM);
    ASSERT_REFUSED(pvalloc(size_max - 1), ENOMEM);
}

/* ---- Usable size and trim ---- */

static void test_usable_bytes_may_be_used(void **state) {
    (void)state;
    assert_int_equal(malloc_usable_size(NULL), 0);
    unsigned char *blocks[100];
    for (size_t i = 0; i < 100; i++) {
        blocks[i] = malloc(i * 7);
        assert_non_null(blocks[i]);
        assert_true(malloc_usable_size(blocks[i]) >= i * 7);
    }
    for (size_t i = 0; i < 100; i++) {
        memset(blocks[i], (int)i, malloc_usable_size(blocks[i]));
    }
    for (size_t i = 0; i < 100; i++) {
        assert_true(bytes_are(blocks[i], (unsigned char)i, malloc_usable_size(blocks[i])));
        free(blocks[i]);
    }
}

static void test_trim_gives_memory_back(void **state) {
    (void)state;
    const size_t size = 32 * mebibyte;
    malloc_trim(0);
    const size_t before = resident_bytes();
    void *block = malloc(size);
    assert_non_null(block);
    memset(block, 1, size);
    const size_t full = resident_bytes();
    free(hide(block));
    malloc_trim(0);
    const size_t after = resident_bytes();
    print_message("resident: %zu KiB, full %zu KiB, trimmed %zu KiB\n", before / 1024, full / 1024, after / 1024);
    assert_true(full >= before + size);
    assert_true(after <= before + RESIDENT_SLACK);
}

static void test_trim_says_whether_it_did_something(void **state) {
    (void)state;
    malloc_trim(0);
    assert_int_equal(malloc_trim(0), 0);
    /* Larger than any hole below, smaller than what goes back unasked. */
    unsigned char *block = malloc(3 * page_size());
    assert_non_null(block);
    const unsigned char *last_page = block + 2 * page_size();
    free(hide(block));
    assert_false(touch_faults(last_page));
    errno = EILSEQ;
    assert_int_equal(malloc_trim(0), 1);
    assert_true(touch_faults(last_page));
    assert_int_equal(malloc_trim(0), 0);
    assert_int_equal(errno, EILSEQ);
}

/* ---- Mistakes of the program ---- */

static void free_twice(void *block) {
    free(hide(block));
    free(hide(block));
}

static void realloc_after_free(void *block) {
    free(hide(block));
    free(realloc(hide(block), 10));
}

static void ask_size_after_free(void *block) {
    free(hide(block));
    (void)malloc_usable_size(hide(block));
}

static void free_misaligned(void *block) {
    free(hide((char *)block + 1));
}

static void free_on_stack(void *unused) {
    (void)unused;
    max_align_t here[4];
    free(hide(&here[1]));
}

static void free_with_wrong_size(void *block) {
    free_sized_block(hide(block), 1000);
}

static void expect_abort(void (*mistake)(void *block), const char *message) {
    char text[500];
    void *block = malloc(100);
    void *neighbour = hide(malloc(100));
    assert_non_null(block);
    const int ended = run_in_child_and_read(mistake, block, text, sizeof text);
    print_message("%s", text);
    assert_int_equal(ended, -SIGABRT);
    assert_non_null(strstr(text, message));
    free(block);
    free(neighbour);
}

static void test_mistakes_end_the_program_with_a_message(void **state) {
    (void)state;
    expect_abort(free_twice, "ebb: block used or freed after it was freed: 0x");
    expect_abort(realloc_after_free, "ebb: block used or freed after it was freed: 0x");
    expect_abort(ask_size_after_free, "ebb: block used or freed after it was freed: 0x");
    expect_abort(free_with_wrong_size, "ebb: block freed with a wrong size: 0x");
    expect_abort(free_misaligned, "ebb: not a pointer to a block of this heap: 0x");
    expect_abort(free_on_stack, "ebb: not a pointer to a block of this heap: 0x");
}

static _Noreturn void allocate_and_leave(int signal_number) {
    (void)signal_number;
    /* NOLINTNEXTLINE(bugprone-signal-handler,cert-sig30-c): the handler of a synchronous abort() is no interruption */
    void *block = hide(malloc(1000));
    _exit(block == NULL ? 1 : 42);
}

static void free_twice_and_handle(void *block) {
    (void)signal(SIGABRT, allocate_and_leave);
    free_twice(block);
}

static void test_handler_of_the_abort_may_allocate(void **state) {
    (void)state;
    void *block = malloc(100);
    char text[500];
    assert_int_equal(run_in_child_and_read(free_twice_and_handle, block, text, sizeof text), 42);
    free(block);
}

/* ---- A signal in the midst of a call ---- */

static volatile sig_atomic_t forks_left;

/* A child that does nothing, and one that goes on with what was interrupted. */
static void fork_two(int signal_number) {
    (void)signal_number;
    const int saved_errno = errno;
    for (int i = 0; i < 2; i++) {
        const pid_t child = fork();
        if (child == 0) {
            if (i == 0) {
                _exit(0);
            }
            forks_left = 0;
            break;
        }
        int status = -1;
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
            _exit(2);
        }
    }
    forks_left = forks_left > 0 ? forks_left - 1 : 0;
    errno = saved_errno;
}

/* Of so many forks some come in the midst of a call. By the clock of the process: its own time, not its children's. */
static void allocate_while_signals_fork(void *unused) {
    (void)unused;
    const struct sigaction action = {.sa_handler = fork_two, .sa_flags = SA_RESTART};
    const struct itimerval interval = {.it_interval = {.tv_usec = 1}, .it_value = {.tv_usec = 1}};
    void *blocks[16] = {NULL};
    const size_t count = sizeof blocks / sizeof blocks[0];
    forks_left = 100;
    sigaction(SIGVTALRM, &action, NULL);
    setitimer(ITIMER_VIRTUAL, &interval, NULL);
    for (size_t i = 0; forks_left > 0 || i % count != 0; i++) {
        free(blocks[i % count]);
        blocks[i % count] = hide(malloc(i * 7919 % 5000));
    }
}

static void test_the_only_thread_can_fork_in_a_signal_handler(void **state) {
    (void)state;
    assert_int_equal(run_in_child(allocate_while_signals_fork, NULL), 0);
}

static void allocate_in_handler(int signal_number) {
    (void)signal_number;
    free(hide(malloc(100))); /* NOLINT(bugprone-signal-handler,cert-sig30-c): the mistake */
}

/* Also if somebody handles the abort by allocating. */
static _Noreturn void allocate_while_signals_allocate(void *unused) {
    (void)unused;
    const struct sigaction action = {.sa_handler = allocate_in_handler, .sa_flags = SA_RESTART};
    const struct itimerval interval = {.it_interval = {.tv_usec = 1}, .it_value = {.tv_usec = 1}};
    (void)signal(SIGABRT, allocate_in_handler);
    sigaction(SIGVTALRM, &action, NULL);
    setitimer(ITIMER_VIRTUAL, &interval, NULL);
    for (;;) {
        free(hide(malloc(1000)));
    }
}

static void test_a_signal_handler_that_allocates_in_the_midst_of_a_call_is_reported(void **state) {
    (void)state;
    char text[500];
    assert_int_equal(run_in_child_and_read(allocate_while_signals_allocate, NULL, text, sizeof text), -SIGABRT);
    assert_string_equal(text, "ebb: a signal handler allocates, which has interrupted an allocation\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_functions_are_ours),
        cmocka_unit_test(test_malloc_aligns_for_every_type),
        cmocka_unit_test(test_malloc_of_nothing_is_a_block_of_its_own),
        cmocka_unit_test(test_malloc_beyond_all_memory_fails),
        cmocka_unit_test(test_free_keeps_errno),
        cmocka_unit_test(test_blocks_are_freed_with_the_sizes_that_were_asked_for),
        cmocka_unit_test(test_calloc_clears_what_was_used),
        cmocka_unit_test(test_calloc_refuses_overflow),
        cmocka_unit_test(test_realloc_keeps_content),
        cmocka_unit_test(test_failed_realloc_leaves_the_block),
        cmocka_unit_test(test_realloc_to_nothing_frees),
        cmocka_unit_test(test_reallocarray_multiplies),
        cmocka_unit_test(test_all_alignments),
        cmocka_unit_test(test_memalign_raises_odd_alignments),
        cmocka_unit_test(test_aligned_alloc_refuses_odd_alignments),
        cmocka_unit_test(test_posix_memalign_answers_by_its_result),
        cmocka_unit_test(test_whole_pages),
        cmocka_unit_test(test_usable_bytes_may_be_used),
        cmocka_unit_test(test_trim_gives_memory_back),
        cmocka_unit_test(test_trim_says_whether_it_did_something),
        cmocka_unit_test(test_mistakes_end_the_program_with_a_message),
        cmocka_unit_test(test_handler_of_the_abort_may_allocate),
        cmocka_unit_test(test_the_only_thread_can_fork_in_a_signal_handler),
        cmocka_unit_test(test_a_signal_handler_that_allocates_in_the_midst_of_a_call_is_reported),
    };
    return cmocka_run_group_tests_name("malloc", tests, NULL, NULL);
}
