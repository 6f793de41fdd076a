/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * A program to be recorded: each of its modes allocates in a way of its own, with sizes that nothing else has. What
 * lies between two blocks of the sizes BEGIN and END is all that there is between them.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    BEGIN = 40001,
    END = 40002,
    EARLY = 40003,
    OF_CHILD = 40004,
    BEFORE_EXEC = 40005,
    OF_KILLED = 40006,
    OF_PARENT = 40007,
    OF_CANCELLED = 40008,
    RESIZED = 120000
};

static void require(int condition) {
    if (!condition) {
        _exit(99);
    }
}

/* The optimiser knows malloc(), and leaves out what nobody looks at. */
static void *use(void *block) {
    require(block != NULL);
    __asm__ volatile("" : : "r"(block) : "memory");
    return block;
}

static void mark(size_t size) {
    free(use(malloc(size)));
}

__attribute__((constructor)) static void allocate_early(void) {
    mark(EARLY);
}

/* ---- Each function, once or twice ---- */

static void resize(void) {
    void *block = use(realloc(NULL, 100));
    block = use(realloc(block, 200));
    void *wall = use(malloc(17));
    block = use(realloc(block, 100000));
    block = use(reallocarray(block, 25, 2));
    require(realloc(block, 0) == NULL);
    free(wall);
}

static void align(void) {
    void *block = NULL;
    require(posix_memalign(&block, 64, 300) == 0);
    require((uintptr_t)block % 64 == 0);
    free(block);
    volatile size_t no_power_of_two = 48; /* which the C library raises to the next one */
    free(use(memalign(no_power_of_two, 301)));
    free(use(aligned_alloc(32, 320)));
    free(use(valloc(302)));
    free(use(pvalloc(303)));
}

static void fail_to_allocate(void) {
    volatile size_t most = SIZE_MAX / 2;
    void *block = use(malloc(18));
    void *none = NULL;
    errno = 0;
    require(malloc(most) == NULL && errno == ENOMEM);
    require(calloc(most, 4) == NULL && reallocarray(block, most, 4) == NULL && realloc(block, most) == NULL);
    require(posix_memalign(&none, 3, 8) == EINVAL && posix_memalign(&none, 64, most) == ENOMEM);
    free(block);
}

/* C23's, which the C library may not have: the recorder does. */
void free_sized_block(void *block, size_t size) __asm__("free_sized") __attribute__((weak));
void free_aligned_sized_block(void *block, size_t alignment, size_t size) __asm__("free_aligned_sized")
    __attribute__((weak));

static void free_with_sizes(void) {
    require(free_sized_block != NULL && free_aligned_sized_block != NULL);
    free_sized_block(use(malloc(304)), 304);
    free_aligned_sized_block(use(aligned_alloc(32, 352)), 32, 352);
}

static void interface(void) {
    mark(BEGIN);
    void *kept = use(malloc(0));
    unsigned char *zeros = use(calloc(10, 11));
    for (int i = 0; i < 110; i++) {
        require(zeros[i] == 0);
    }
    free(zeros);
    free(NULL);
    resize();
    align();
    free_with_sizes();
    fail_to_allocate();
    errno = 1234;
    free(kept);
    require(errno == 1234);
    mark(END);
}

/* ---- Threads that pass blocks to each other ---- */

enum { THREADS = 6, ROUNDS = 20000, PLACES = 64 };

static void *_Atomic places[PLACES];

/* What a thread finds it frees, after it has put something there: mostly another thread's block. */
static void *exchange(void *argument) {
    const size_t size = 1000 * (size_t)(uintptr_t)argument;
    for (unsigned round = 0; round < ROUNDS; round++) {
        void *block = use(malloc(size));
        if (round % 4 == 0) {
            block = use(realloc(block, size + 1));
        }
        free(atomic_exchange(&places[(round * 7 + size) % PLACES], block));
    }
    return NULL;
}

static void threads(void) {
    pthread_t all[THREADS];
    mark(BEGIN);
    for (uintptr_t i = 0; i < THREADS; i++) {
        require(pthread_create(&all[i], NULL, exchange, (void *)(i + 1)) == 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(all[i], NULL);
    }
    for (size_t i = 0; i < PLACES; i++) {
        free(places[i]);
    }
    mark(END);
}

/* Nothing that allocates is a cancellation point, however much of it there is. */
static void *allocate_when_to_be_cancelled(void *unused) {
    (void)unused;
    pthread_cancel(pthread_self());
    for (int i = 0; i < 400000; i++) {
        mark(500);
    }
    mark(OF_CANCELLED);
    pthread_testcancel();
    return NULL;
}

static void cancel(void) {
    pthread_t thread;
    void *result = NULL;
    require(pthread_create(&thread, NULL, allocate_when_to_be_cancelled, NULL) == 0);
    pthread_join(thread, &result);
    require(result == PTHREAD_CANCELED);
    mark(END);
}

/* ---- Children ---- */

static _Noreturn void be_child(void *inherited) {
    for (int i = 0; i < 1000; i++) {
        use(malloc(OF_CHILD));
    }
    free(inherited);
    _exit(0);
}

static void await_child(pid_t child) {
    int status = 0;
    require(child > 0 && waitpid(child, &status, 0) == child && status == 0);
}

static void fork_by(pid_t (*function)(void)) {
    void *inherited = use(malloc(60000));
    mark(BEGIN);
    const pid_t child = function();
    if (child == 0) {
        be_child(inherited);
    }
    await_child(child);
    free(inherited);
    mark(END);
}

/* Without what the C library does around it. */
static pid_t fork_without_handlers(void) {
    return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

/* While others hold the recorder's lock, as one always does. */
static void fork_among_threads(void) {
    pthread_t all[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++) {
        require(pthread_create(&all[i], NULL, exchange, (void *)(i + 1)) == 0);
    }
    for (int i = 0; i < 20; i++) {
        const pid_t child = fork();
        if (child == 0) {
            be_child(NULL);
        }
        await_child(child);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(all[i], NULL);
    }
}

static FILE *lines;
static atomic_bool stop;

static void *read_lines(void *unused) {
    (void)unused;
    while (!atomic_load(&stop)) {
        char *line = NULL;
        size_t size = 0;
        rewind(lines);
        /* A child that flushes has the same place in the file, and may have moved it. */
        require(getline(&line, &size, lines) > 0 || feof(lines) != 0);
        free(line);
    }
    return NULL;
}

static void *flush_all(void *unused) {
    (void)unused;
    while (!atomic_load(&stop)) {
        require(fflush(NULL) == 0);
    }
    return NULL;
}

/* While one thread holds the C library's list of streams, and another a stream that it allocates for. */
static void fork_among_streams(void) {
    pthread_t reader;
    pthread_t flusher;
    lines = tmpfile();
    require(lines != NULL && fputs("a line\n", lines) >= 0);
    require(pthread_create(&reader, NULL, read_lines, NULL) == 0);
    require(pthread_create(&flusher, NULL, flush_all, NULL) == 0);
    for (int i = 0; i < 100; i++) {
        const pid_t child = fork();
        if (child == 0) {
            _exit(fflush(NULL));
        }
        await_child(child);
    }
    atomic_store(&stop, true);
    pthread_join(reader, NULL);
    pthread_join(flusher, NULL);
}

static volatile sig_atomic_t forks_left;
static volatile sig_atomic_t is_child;

/* A child that ends in the handler, and one that goes on with what was interrupted. */
static void fork_two(int signal_number) {
    (void)signal_number;
    if (forks_left == 0) {
        return; /* the timer was about to be stopped */
    }
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    await_child(child);
    child = fork();
    if (child == 0) {
        forks_left = 0;
        is_child = 1;
        return;
    }
    await_child(child);
    forks_left--;
}

/* While this thread itself, the only one, is busy with it. */
static void fork_in_handler_during(void (*work)(void)) {
    const struct sigaction action = {.sa_handler = fork_two, .sa_flags = SA_RESTART};
    const struct itimerval often = {.it_interval = {.tv_usec = 1}, .it_value = {.tv_usec = 1}};
    const struct itimerval never = {0};
    forks_left = 20;
    require(sigaction(SIGVTALRM, &action, NULL) == 0);
    mark(BEGIN);
    require(setitimer(ITIMER_VIRTUAL, &often, NULL) == 0);
    while (forks_left > 0) {
        work();
    }
    require(setitimer(ITIMER_VIRTUAL, &never, NULL) == 0);
    if (is_child != 0) {
        be_child(NULL);
    }
    mark(END);
}

/* Most of the time, the recorder's lock is held. */
static void allocate_and_free(void) {
    mark(OF_PARENT);
}

/* Most of the time, what was in the block is being copied. */
static void resize_and_free(void) {
    void *block = use(malloc(OF_PARENT));
    void *wall = use(malloc(17));
    block = use(realloc(block, RESIZED));
    free(wall);
    free(block);
}

/* ---- Ends ---- */

static void become(const char *program, const char *mode) {
    char *const arguments[] = {(char *)(uintptr_t)program, (char *)(uintptr_t)mode, NULL};
    mark(BEFORE_EXEC);
    execv(program, arguments);
}

static _Noreturn void be_killed(int signal) {
    for (int i = 0; i < 3000; i++) {
        use(malloc(OF_KILLED));
    }
    kill(getpid(), signal);
    _exit(99);
}

/* A daemon closes all descriptors, whosever they are, and its own files get their numbers. */
static void close_all(const char *path) {
    for (int descriptor = 3; descriptor < 1024; descriptor++) {
        close(descriptor);
    }
    const int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    require(descriptor == 3 && write(descriptor, "mine", 4) == 4);
    for (int i = 0; i < 400000; i++) {
        mark(500);
    }
    require(write(descriptor, "too", 3) == 3);
    mark(END);
}

static void allocate_too_much(void) {
    mark(BEGIN);
    void *block = malloc((size_t)5 << 30);
    free(block);
    mark(END);
}

/* ---- A block that is freed by a function that nobody sees ---- */

void libc_free(void *block) __asm__("__libc_free");

static void free_unseen(void) {
    mark(BEGIN);
    void *block = use(malloc(1000));
    void *other = use(malloc(2000));
    libc_free(block);
    require(use(malloc(1000)) == block);
    free(other);
    free(block);
    mark(END);
}

/* ---- Sites ---- */

/* Neither inlined nor, as GCC does for arguments that are always the same, copied under another name. */
#if defined(__clang__)
#define CALLER_OF_ITS_OWN __attribute__((noinline))
#else
#define CALLER_OF_ITS_OWN __attribute__((noinline, noclone))
#endif

CALLER_OF_ITS_OWN static void *obtain(size_t size) {
    return use(malloc(size));
}

CALLER_OF_ITS_OWN static void *obtain_for_inner(size_t size) {
    return use(obtain(size));
}

CALLER_OF_ITS_OWN static void *obtain_for_outer(size_t size) {
    return use(obtain_for_inner(size));
}

CALLER_OF_ITS_OWN static void *obtain_by_resizing(void *block, size_t size) {
    return use(realloc(block, size));
}

CALLER_OF_ITS_OWN static void *obtain_by_array(void) {
    return use(reallocarray(NULL, 5, 1000));
}

CALLER_OF_ITS_OWN static void *obtain_page(void) {
    return use(valloc(6000));
}

static void sites(void) {
    mark(BEGIN);
    void *block = obtain_for_outer(1000);
    block = obtain_by_resizing(block, 3000);
    free(block);
    free(obtain(2000));
    free(obtain_by_resizing(NULL, 4000));
    free(obtain_by_array());
    free(obtain_page());
    mark(END);
}

static void sites_in_child(void) {
    free(obtain_for_outer(1000));
    const pid_t child = fork();
    if (child == 0) {
        free(obtain_for_outer(OF_CHILD));
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

int main(int count, char **arguments) {
    const char *mode = count > 1 ? arguments[1] : "";
    if (strcmp(mode, "interface") == 0) {
        interface();
    } else if (strcmp(mode, "threads") == 0) {
        threads();
    } else if (strcmp(mode, "cancel") == 0) {
        cancel();
    } else if (strcmp(mode, "fork") == 0) {
        fork_by(fork);
    } else if (strcmp(mode, "clone") == 0) {
        fork_by(fork_without_handlers);
    } else if (strcmp(mode, "fork-among-threads") == 0) {
        fork_among_threads();
    } else if (strcmp(mode, "fork-among-streams") == 0) {
        fork_among_streams();
    } else if (strcmp(mode, "fork-in-handler") == 0) {
        fork_in_handler_during(allocate_and_free);
    } else if (strcmp(mode, "fork-in-realloc") == 0) {
        fork_in_handler_during(resize_and_free);
    } else if (strcmp(mode, "exec") == 0) {
        become(arguments[0], "interface");
    } else if (strcmp(mode, "killed") == 0) {
        be_killed(SIGKILL);
    } else if (strcmp(mode, "crash") == 0) {
        be_killed(SIGSEGV);
    } else if (strcmp(mode, "close-all") == 0) {
        close_all(arguments[2]);
    } else if (strcmp(mode, "sites") == 0) {
        sites();
    } else if (strcmp(mode, "sites-in-child") == 0) {
        sites_in_child();
    } else if (strcmp(mode, "too-much") == 0) {
        allocate_too_much();
    } else if (strcmp(mode, "free-unseen") == 0) {
        free_unseen();
    } else {
        return 98;
    }
    return 7;
}
