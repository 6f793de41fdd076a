/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "process_heap.h"

#include "message.h"
#include "only_thread.h"
#include "streams_at_fork.h"

#include <ebb/host_secret.h>
#include <ebb/host_store.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct ebb_host_store store;
static struct ebb_heap *heap;

/* What the running call has found. */
struct finding {
    bool faulty;
    enum ebb_fault fault;
    const void *address;
};

static struct finding found;

/* ---- The lock and fork() ---- */

/*
 * A thread that forks holds the lock while the child is made, so that the child gets a heap at rest. Handlers of other
 * libraries that the C library calls meanwhile, in the same thread, may allocate: that thread gets by without locking.
 *
 * The only thread of a program has nobody to wait for but itself: if a signal has interrupted it in the midst of a
 * call, and the handler forks, it holds the lock already. The child goes on with that call, as the parent does.
 */
static _Atomic uintptr_t forking_thread;

/* Whether a call has begun and not ended. Other threads change it at any time: it says something to an only one. */
static atomic_bool is_busy;

static bool lock_is_mine(void) {
    return atomic_load_explicit(&forking_thread, memory_order_relaxed) == (uintptr_t)pthread_self();
}

static void before_fork(void) {
    if (is_only_thread()) {
        return;
    }
    streams_lock_before_fork();
    pthread_mutex_lock(&mutex);
    atomic_store_explicit(&forking_thread, (uintptr_t)pthread_self(), memory_order_relaxed);
}

static void after_fork_in_parent(void) {
    if (!lock_is_mine()) {
        return;
    }
    atomic_store_explicit(&forking_thread, 0, memory_order_relaxed);
    pthread_mutex_unlock(&mutex);
    streams_unlock_in_parent();
}

/* The child is another thread to the C library than the one that locked: it may not unlock, but may start anew. */
static void after_fork_in_child(void) {
    if (!lock_is_mine()) {
        return;
    }
    atomic_store_explicit(&forking_thread, 0, memory_order_relaxed);
    mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    atomic_store_explicit(&is_busy, false, memory_order_relaxed); /* the threads that waited are not here */
    streams_unlock_in_child();
}

/*
 * On the first allocation, not in a constructor: handlers registered first are called last before a fork and first
 * after it, which leaves the other handlers an open lock. Without the lock, because registering may allocate.
 */
static void survive_forks(void) {
    static atomic_flag registered = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&registered)) {
        pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
    }
}

/* ---- The heap ---- */

static void note_fault(void *context, enum ebb_fault fault, const void *address) {
    (void)context;
    found = (struct finding){.faulty = true, .fault = fault, .address = address};
}

/*
 * All that the heap can span; under a limit on addresses three quarters of that limit, the rest being for the stacks,
 * libraries and files that the program will map.
 */
static size_t addresses_to_reserve(void) {
    const size_t largest = ebb_get_geometry().largest_region;
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return largest;
    }
    const rlim_t share = limit.rlim_cur / 4 * 3;
    return share < largest ? (size_t)share : largest;
}

static bool reserve_addresses(void) {
    const size_t too_small_to_be_of_use = (size_t)64 * 1024;
    for (size_t size = addresses_to_reserve(); size >= too_small_to_be_of_use; size /= 2) {
        if (ebb_host_store_init(&store, size) == 0) {
            return true;
        }
    }
    return false;
}

/*
 * Here a move is a system call, and page faults when the memory is touched again: some 30,000 instructions. And idle
 * memory costs a process of this size little: a thousandth of an instruction for a byte and call.
 */
enum { MOVE_PRICE = 30000000 };

static void create_heap(void) {
    if (!reserve_addresses()) {
        return;
    }
    const struct ebb_policy policy = {.move_price = MOVE_PRICE};
    heap = ebb_create(&store.store, &policy);
    if (heap == NULL) {
        ebb_host_store_destroy(&store);
        return;
    }
    ebb_set_fault_handler(heap, note_fault, NULL);
    /* Without random bytes, it has addresses for a secret, which differ from process to process. */
    (void)ebb_host_set_secret(heap);
}

/* Whoever handles SIGABRT would want to allocate, and come here again. */
static _Noreturn void report_interruption_and_abort(void) {
    struct message message = {.length = 0};
    message_add(&message, "ebb: a signal handler allocates, which has interrupted an allocation");
    message_write(&message, STDERR_FILENO);
    (void)signal(SIGABRT, SIG_DFL);
    abort();
}

/* The only thread would wait for itself. */
static void take_lock(void) {
    if (is_only_thread() && atomic_load_explicit(&is_busy, memory_order_relaxed)) {
        report_interruption_and_abort();
    }
    atomic_store_explicit(&is_busy, true, memory_order_relaxed);
    pthread_mutex_lock(&mutex);
}

static void release_lock(void) {
    pthread_mutex_unlock(&mutex);
    atomic_store_explicit(&is_busy, false, memory_order_relaxed);
}

struct ebb_heap *process_heap_lock(void) {
    survive_forks();
    if (!lock_is_mine()) {
        take_lock();
    }
    if (heap == NULL) {
        const int saved_errno = errno;
        create_heap();
        errno = saved_errno;
    }
    return heap;
}

static const char *description(enum ebb_fault fault) {
    switch (fault) {
    case EBB_FAULT_FOREIGN:
        return "not a pointer to a block of this heap";
    case EBB_FAULT_FREED:
        return "block used or freed after it was freed";
    case EBB_FAULT_SIZE:
        return "block freed with a wrong size";
    case EBB_FAULT_CORRUPT:
        return "block header overwritten, or no block starts there";
    case EBB_FAULT_STORE:
        return "backing store moved the end of the heap against the rules";
    }
    return "unknown fault";
}

static _Noreturn void report_and_abort(struct finding finding) {
    struct message message = {.length = 0};
    message_add(&message, "ebb: ");
    message_add(&message, description(finding.fault));
    message_add(&message, ": ");
    message_add_address(&message, finding.address);
    message_write(&message, STDERR_FILENO);
    abort();
}

void process_heap_unlock(void) {
    const struct finding finding = found;
    found.faulty = false;
    if (!lock_is_mine()) {
        release_lock();
    }
    if (finding.faulty) {
        report_and_abort(finding);
    }
}

void process_heap_refuse(const void *block) {
    note_fault(NULL, EBB_FAULT_FOREIGN, block);
}

/* The rest of the policy stays: under the default one, what a move costs here would be forgotten. */
static bool limit(size_t maximum) {
    struct ebb_policy policy;
    ebb_get_policy(heap, &policy);
    policy.maximum = maximum;
    return ebb_set_policy(heap, &policy);
}

bool process_heap_limit(size_t maximum) {
    const bool done = process_heap_lock() != NULL && limit(maximum);
    process_heap_unlock();
    return done;
}

void process_heap_statistics(struct ebb_statistics *statistics) {
    if (process_heap_lock() != NULL) {
        ebb_get_statistics(heap, statistics);
    }
    process_heap_unlock();
}
