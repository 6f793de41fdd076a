/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The allocation functions under threads and fork, in a program linked to libebb-malloc.so. */

#include "process.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#if defined(__SANITIZE_THREAD__)
/* Each round takes longer, and shows more; of threads that a child of threads starts, the sanitizer knows nothing. */
enum { ROUNDS = 10000, CHILDREN = 10, THREADS_OF_CHILD = 0, STREAMS_USE_OUR_HEAP = 0 };
#else
enum { ROUNDS = 100000, CHILDREN = 100, THREADS_OF_CHILD = 2, STREAMS_USE_OUR_HEAP = 1 };
#endif

enum { THREADS_AT_ONCE = 8, SLOTS = 512 };

/* ---- Blocks that say whose they are ---- */

/* The rest of the block is filled with bytes made from `tag`; nobody else's block has the same at that place. */
struct tagged {
    size_t size;
    uint64_t tag;
    unsigned char payload[];
};

static unsigned char byte_at(uint64_t tag, size_t place) {
    return (unsigned char)(tag * 31 + place);
}

static void fill(struct tagged *block, size_t size, uint64_t tag) {
    block->size = size;
    block->tag = tag;
    for (size_t i = 0; i < size; i++) {
        block->payload[i] = byte_at(tag, i);
    }
}

static bool is_intact(const struct tagged *block, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (block->payload[i] != byte_at(block->tag, i)) {
            return false;
        }
    }
    return true;
}

/* ---- Stress ---- */

/* Blocks pass from thread to thread through here, so most are freed by another thread than the one that made them. */
static _Atomic(struct tagged *) shared[SLOTS];
static atomic_int damaged;
static atomic_int refused;
static atomic_bool stop;

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static size_t random_size(uint64_t *state) {
    const uint64_t random = next_random(state);
    return random % 100 == 0 ? random / 100 % 100000 : random / 100 % 300;
}

static struct tagged *make(uint64_t *state) {
    const size_t size = random_size(state);
    const uint64_t way = next_random(state) % 4;
    struct tagged *block = way == 0   ? calloc(1, sizeof *block + size)
                           : way == 1 ? aligned_alloc(64, sizeof *block + size)
                                      : malloc(sizeof *block + size);
    if (block == NULL) {
        atomic_fetch_add(&refused, 1);
        return NULL;
    }
    fill(block, size, next_random(state));
    return block;
}

static struct tagged *resize(struct tagged *block, uint64_t *state) {
    const size_t old = block->size;
    const size_t size = random_size(state);
    struct tagged *moved = realloc(block, sizeof *block + size);
    if (moved == NULL) {
        atomic_fetch_add(&refused, 1);
        return block;
    }
    if (!is_intact(moved, old < size ? old : size)) {
        atomic_fetch_add(&damaged, 1);
    }
    fill(moved, size, next_random(state));
    return moved;
}

static void check_and_free(struct tagged *block) {
    if (block != NULL && !is_intact(block, block->size)) {
        atomic_fetch_add(&damaged, 1);
    }
    free(block);
}

static void one_round(uint64_t *state) {
    _Atomic(struct tagged *) *slot = &shared[next_random(state) % SLOTS];
    struct tagged *block = atomic_exchange(slot, NULL);
    if (block == NULL) {
        block = make(state);
    } else if (next_random(state) % 3 == 0) {
        block = resize(block, state);
    } else {
        check_and_free(block);
        block = NULL;
    }
    check_and_free(atomic_exchange(slot, block));
}

static void *work(void *seed) {
    uint64_t state = (uint64_t)(uintptr_t)seed * 0x9E3779B97F4A7C15u;
    for (int i = 0; i < ROUNDS; i++) {
        one_round(&state);
    }
    return NULL;
}

static void *work_until_stopped(void *seed) {
    uint64_t state = (uint64_t)(uintptr_t)seed * 0x9E3779B97F4A7C15u;
    while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
        one_round(&state);
    }
    return NULL;
}

static void start(pthread_t *threads, void *(*body)(void *)) {
    for (uintptr_t i = 0; i < THREADS_AT_ONCE; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, body, (void *)(i + 1)), 0);
    }
}

static void finish(const pthread_t *threads) {
    for (int i = 0; i < THREADS_AT_ONCE; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    for (int i = 0; i < SLOTS; i++) {
        check_and_free(atomic_exchange(&shared[i], NULL));
    }
    assert_int_equal(damaged, 0);
    assert_int_equal(refused, 0);
}

static void test_threads_do_not_share_blocks(void **state) {
    (void)state;
    pthread_t threads[THREADS_AT_ONCE];
    start(threads, work);
    finish(threads);
    print_message("%d threads, %d rounds each\n", THREADS_AT_ONCE, ROUNDS);
}

/* ---- fork() ---- */

static void use_the_heap(void *seed) {
    uint64_t state = (uint64_t)(uintptr_t)seed * 0x9E3779B97F4A7C15u;
    for (int i = 0; i < 1000; i++) {
        one_round(&state);
    }
    if (damaged != 0 || refused != 0) {
        _exit(1);
    }
}

static void *use_the_heap_in_a_thread(void *seed) {
    use_the_heap(seed);
    return NULL;
}

/* The blocks in `shared` were made by threads that the child does not have: it changes and frees them all the same. */
static void use_the_heap_in_new_threads(void *seed) {
    pthread_t threads[THREADS_OF_CHILD + 1];
    for (int i = 0; i < THREADS_OF_CHILD; i++) {
        if (pthread_create(&threads[i], NULL, use_the_heap_in_a_thread, seed) != 0) {
            _exit(2);
        }
    }
    use_the_heap(seed);
    for (int i = 0; i < THREADS_OF_CHILD; i++) {
        pthread_join(threads[i], NULL);
    }
}

static void test_children_of_a_busy_program_can_allocate(void **state) {
    (void)state;
    pthread_t threads[THREADS_AT_ONCE];
    uint64_t random = 99;
    atomic_store(&stop, false);
    start(threads, work_until_stopped);
    for (uintptr_t i = 0; i < CHILDREN; i++) {
        const int ended = run_in_child(use_the_heap_in_new_threads, (void *)(i + 100));
        if (ended != 0) {
            fail_msg("child %zu ended with %d", (size_t)i, ended);
        }
        /* The thread that forked shares the heap again. */
        for (int round = 0; round < 1000; round++) {
            one_round(&random);
        }
    }
    atomic_store(&stop, true);
    finish(threads);
    print_message("%d children of a program with %d busy threads\n", CHILDREN, THREADS_AT_ONCE);
}

/* ---- fork() while streams are in use: the C library has locks of its own, and an order ---- */

static FILE *lines;

static void *read_lines(void *unused) {
    (void)unused;
    while (!atomic_load(&stop)) {
        char *line = NULL;
        size_t size = 0;
        rewind(lines);
        while (getline(&line, &size, lines) > 0) {
            free(line);
            line = NULL;
            size = 0;
        }
        free(line);
    }
    return NULL;
}

static void *flush_all_streams(void *unused) {
    (void)unused;
    while (!atomic_load(&stop)) {
        (void)fflush(NULL);
    }
    return NULL;
}

/* Without a look at the streams right before, as run_in_child() takes: that makes the meeting unlikely. */
static void fork_once(void) {
    const pid_t child = fork();
    if (child == 0) {
        alarm(60);
        _exit(fflush(NULL));
    }
    int status = -1;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
        _exit(2);
    }
}

/* Rather ended by the alarm than never. */
static void fork_among_streams(void *unused) {
    (void)unused;
    pthread_t threads[2];
    lines = tmpfile();
    for (int i = 0; i < 100; i++) {
        (void)fprintf(lines, "line %d\n", i);
    }
    atomic_store(&stop, false);
    pthread_create(&threads[0], NULL, read_lines, NULL);
    pthread_create(&threads[1], NULL, flush_all_streams, NULL);
    for (int i = 0; i < CHILDREN; i++) {
        fork_once();
    }
    atomic_store(&stop, true);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
}

static void test_fork_waits_for_no_stream_that_waits_for_memory(void **state) {
    (void)state;
    if (!STREAMS_USE_OUR_HEAP) {
        print_message("under the thread sanitizer, streams have another heap\n");
        skip();
    }
    const int ended = run_in_child(fork_among_streams, NULL);
    assert_int_equal(ended, 0);
}

static void *open_a_stream(void *unused) {
    (void)unused;
    FILE *stream = fopen("/dev/null", "re");
    return stream != NULL && fflush(NULL) == 0 && fclose(stream) == 0 ? &stop : NULL;
}

static void open_a_stream_in_a_thread(void *unused) {
    pthread_t thread;
    void *done = NULL;
    if (pthread_create(&thread, NULL, open_a_stream, unused) != 0 || pthread_join(thread, &done) != 0 || done == NULL) {
        _exit(1);
    }
}

/*
 * In place of glibc's own, which it keeps this equal to but does not look at itself. 0, as where it says nothing:
 * before 2.32.
 */
char glibc_single_threaded __asm__("__libc_single_threaded");

/*
 * Where the library does not know that there are none, and locks. Comes first: of a program that has had threads, the C
 * library itself sees to the streams in the child.
 */
static void test_child_of_a_program_without_threads_can_open_streams_in_a_thread(void **state) {
    (void)state;
    if (THREADS_OF_CHILD == 0) {
        print_message("under the thread sanitizer, a child has no threads\n");
        skip();
    }
    const char said = glibc_single_threaded;
    glibc_single_threaded = 0;
    assert_int_equal(run_in_child(open_a_stream_in_a_thread, NULL), 0);
    glibc_single_threaded = said;
}

/* ---- Fork handlers that allocate ---- */

static int handler_calls;

static void allocate_in_handler(void) {
    void *block = hide(malloc(5000));
    free(block);
    handler_calls++;
}

/*
 * Before all constructors, that of the library included: a handler registered this early is called while the library's
 * own are done, unless the library has registered even earlier.
 */
static void register_handlers(void) {
    pthread_atfork(allocate_in_handler, allocate_in_handler, allocate_in_handler);
}

__attribute__((section(".preinit_array"), used)) static void (*const before_constructors)(void) = register_handlers;

static _Noreturn void expect_handler_calls(void *expected) {
    _exit(handler_calls == *(const int *)expected ? 0 : 1);
}

static void test_fork_handlers_can_allocate(void **state) {
    (void)state;
    register_handlers();
    const int before_and_after = 2 * 2;
    int expected = handler_calls + before_and_after;
    alarm(60);
    assert_int_equal(run_in_child(expect_handler_calls, &expected), 0);
    alarm(0);
    assert_int_equal(handler_calls, expected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_child_of_a_program_without_threads_can_open_streams_in_a_thread),
        cmocka_unit_test(test_threads_do_not_share_blocks),
        cmocka_unit_test(test_children_of_a_busy_program_can_allocate),
        cmocka_unit_test(test_fork_waits_for_no_stream_that_waits_for_memory),
        cmocka_unit_test(test_fork_handlers_can_allocate),
    };
    return cmocka_run_group_tests_name("malloc under threads and fork", tests, NULL, NULL);
}
