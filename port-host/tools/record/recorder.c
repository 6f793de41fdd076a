/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "recorder.h"

#include "../../source/message.h"
#include "../../source/only_thread.h"
#include "../../source/streams_at_fork.h"
#include "addresses.h"
#include "callers.h"
#include "output.h"
#include "settings.h"
#include "sites.h"
#include "slots.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum state {
    UNDECIDED, /* the C library has not been set up, and the environment cannot be read */
    RECORDING,
    BEFORE_CHILD, /* a child that has the parent's blocks, and is to have a file of its own if it does anything */
    OFF
};

static _Atomic enum state state = UNDECIDED;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct settings settings;

static _Thread_local bool is_inside;
static _Thread_local const void *called_from;         /* while inside */
static _Thread_local struct live_block being_resized; /* in no table meanwhile; its address is 0: none */

/* Whoever needs to know for sure holds the lock. */
static enum state current_state(void) {
    return atomic_load_explicit(&state, memory_order_relaxed);
}

static void say(const char *what, const char *reason, int error) {
    struct message message = {.length = 0};
    message_add(&message, "ebb-trace: ");
    message_add(&message, what);
    message_add(&message, reason);
    if (error != 0) {
        message_add(&message, ": ");
        message_add(&message, strerror(error));
    }
    message_write(&message, STDERR_FILENO);
}

static void stop(const char *reason, int error) {
    atomic_store(&state, OFF);
    say("recording ends here: ", reason, error);
}

/* ---- The file ---- */

/* A mistake in writing it, of which errno may say more, ends the recording; NULL: there was none. */
static void stop_at(const char *mistake) {
    if (mistake != NULL) {
        stop(mistake, errno);
    }
}

static void open_output(void) {
    char path[PATH_MAX + 32];
    settings_choose_output(&settings, path, sizeof path);
    stop_at(output_open(path, settings.callers > 0));
}

/* Not if something before it in the same note has ended the recording. */
static void put(const struct trace_operation *operation) {
    if (current_state() == RECORDING) {
        stop_at(output_put(operation));
    }
}

/* ---- Sites ---- */

static void name_site(uint32_t site, const struct callers *callers) {
    char text[OUTPUT_LONGEST_NAME];
    const size_t length = callers_write(callers, text, sizeof text);
    stop_at(output_put_name(
        &(struct trace_name){.site = site, .length = (uint32_t)length, .text = (const unsigned char *)text}));
}

static void complain_of_too_many_sites(void) {
    static bool has_complained;
    if (!has_complained) {
        has_complained = true;
        say("too many sites: calls from others are recorded without", "", 0);
    }
}

/* The number of who calls; 0 if that is not wanted, or not to be had, or something has ended the recording. */
static uint32_t current_site(void) {
    if (settings.callers == 0 || current_state() != RECORDING) {
        return 0;
    }
    const struct callers callers = callers_find(called_from, settings.callers);
    bool is_new = false;
    const uint32_t site = sites_number(&callers, &is_new);
    if (is_new) {
        name_site(site, &callers);
    } else if (site == 0) {
        complain_of_too_many_sites();
    }
    return site;
}

/* ---- Children ---- */

/* 1 in the process that has written it, 0 in its children, however they were made. */
static volatile unsigned char *is_mine;
static unsigned char is_mine_by_handlers; /* where the system cannot do that: only after fork() */

static void claim_process(void) {
    if (is_mine == NULL) {
        const size_t page = (size_t)sysconf(_SC_PAGESIZE);
        void *memory = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        const bool works = memory != MAP_FAILED && madvise(memory, page, MADV_WIPEONFORK) == 0;
        is_mine = works ? memory : &is_mine_by_handlers;
    }
    *is_mine = 1;
}

static void begin_recording(void) {
    atomic_store(&state, RECORDING);
    claim_process();
    open_output();
}

/*
 * The parent's file must not be written to any more, and that is all to do if this child soon becomes another
 * program.
 */
static void become_child(void) {
    output_close();
    atomic_store(&state, settings.follows ? BEFORE_CHILD : OFF);
}

/* The trace of a child begins with what it has inherited. */
static void inherit(struct live_block *block) {
    block->slot = slots_take();
    put(&(struct trace_operation){.kind = TRACE_MALLOC, .slot = block->slot, .size = block->size});
}

static void begin_child(void) {
    begin_recording();
    slots_release_all();
    sites_forget();
    addresses_each(inherit);
    if (being_resized.address != 0) {
        inherit(&being_resized);
    }
}

/* ---- At fork() ---- */

/*
 * The only thread waits for nobody, and holds the lock already if a signal has interrupted it in a note and the handler
 * forks. Parent and child both go on with that note then: the same bytes at the same place of the same file.
 */
static bool is_locked_for_fork;

static void before_fork(void) {
    if (is_only_thread()) {
        return;
    }
    streams_lock_before_fork();
    pthread_mutex_lock(&mutex);
    is_locked_for_fork = true;
    is_inside = true; /* handlers of others that run meanwhile may allocate, and are not to wait for the lock */
}

static void after_fork_in_parent(void) {
    if (!is_locked_for_fork) {
        return;
    }
    is_inside = false;
    is_locked_for_fork = false;
    pthread_mutex_unlock(&mutex);
    streams_unlock_in_parent();
}

/* The child is another thread to the C library than the one that locked: it may not unlock, but may start anew. */
static void after_fork_in_child(void) {
    is_mine_by_handlers = 0;
    if (!is_locked_for_fork) {
        return;
    }
    mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    is_inside = false;
    is_locked_for_fork = false;
    streams_unlock_in_child();
}

/*
 * On the first allocation: handlers registered first are called last before a fork and first after it. Registering may
 * allocate; is_inside keeps that out.
 */
static void survive_forks(void) {
    static atomic_bool registered;
    if (!atomic_load_explicit(&registered, memory_order_relaxed) && !atomic_exchange(&registered, true)) {
        pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
    }
}

/* ---- Each note ---- */

static void decide(void) {
    if (environ == NULL) {
        return;
    }
    if (settings_read(&settings)) {
        begin_recording();
    } else {
        atomic_store(&state, OFF);
    }
}

/* Whether there is still something to record; errno is the caller's, and comes back at the end. */
static bool begin_note(int *saved_errno) {
    *saved_errno = errno;
    pthread_mutex_lock(&mutex);
    if (current_state() == UNDECIDED) {
        decide();
    }
    if (current_state() == RECORDING && *is_mine == 0) {
        become_child();
    }
    if (current_state() == BEFORE_CHILD) {
        begin_child();
    }
    return current_state() == RECORDING;
}

static void end_note(int saved_errno) {
    pthread_mutex_unlock(&mutex);
    errno = saved_errno;
}

/* A program that never allocates has a trace as well, without operations. */
__attribute__((constructor)) static void begin(void) {
    int saved_errno = 0;
    begin_note(&saved_errno);
    end_note(saved_errno);
}

bool recorder_enter(const void *site) {
    if (is_inside || current_state() == OFF) {
        return false;
    }
    is_inside = true;
    called_from = site;
    survive_forks();
    return true;
}

void recorder_leave(void) {
    is_inside = false;
}

static void forget(struct live_block block) {
    if (block.address != 0) {
        put(&(struct trace_operation){.kind = TRACE_FREE, .slot = block.slot});
        slots_release(block.slot);
    }
}

/*
 * If there is another block at that address, it was freed in a way that cannot be seen from here. Returns the block in
 * the table; NULL if there is no memory for it, which ends the recording.
 */
static struct live_block *keep(struct live_block block) {
    struct live_block former = {0, 0, 0};
    struct live_block *kept = addresses_insert(block, &former);
    if (kept == NULL) {
        stop("no memory for the table of blocks", 0);
    }
    forget(former);
    return kept;
}

/* What a trace can say of a size; 0 if it is too large. */
static uint32_t size_in_trace(size_t size) {
    if (size > UINT32_MAX) {
        stop("a block of 4 GiB or more, which no trace can have", 0);
        return 0;
    }
    return size == 0 ? 1 : (uint32_t)size;
}

static uint32_t alignment_in_trace(size_t alignment) {
    const uint32_t most = (uint32_t)1 << 31;
    return alignment > most ? most : (uint32_t)alignment;
}

/* Its slot is taken last: the lowest may be that of the block that was there. */
static void add(enum trace_kind kind, uintptr_t address, uint32_t size, size_t alignment) {
    struct live_block *block = keep((struct live_block){.address = address, .size = size});
    if (block == NULL) {
        return;
    }
    block->slot = slots_take();
    if (block->slot == SLOTS_NONE) {
        stop("too many blocks", 0);
        return;
    }
    const uint32_t site = current_site();
    put(&(struct trace_operation){
        .kind = kind, .slot = block->slot, .size = size, .alignment = alignment_in_trace(alignment), .site = site});
}

void recorder_allocated(enum trace_kind kind, const void *block, size_t size, size_t alignment) {
    int saved_errno = 0;
    if (begin_note(&saved_errno)) {
        const uint32_t told = size_in_trace(size);
        if (told != 0) {
            add(kind, (uintptr_t)block, told, alignment);
        }
    }
    end_note(saved_errno);
}

void recorder_freed(const void *block) {
    int saved_errno = 0;
    if (begin_note(&saved_errno)) {
        forget(addresses_remove((uintptr_t)block));
    }
    end_note(saved_errno);
}

/* Another thread may get its address as soon as it has moved, so it is taken out of the table before. */
void recorder_resizing(const void *block) {
    int saved_errno = 0;
    if (begin_note(&saved_errno)) {
        being_resized = addresses_remove((uintptr_t)block);
    }
    end_note(saved_errno);
}

/* The block as it was before. */
static struct live_block end_resizing(void) {
    const struct live_block before = being_resized;
    being_resized = (struct live_block){0, 0, 0};
    return before;
}

static void add_resized(struct live_block before, uintptr_t address, uint32_t size) {
    keep((struct live_block){.address = address, .slot = before.slot, .size = size});
    const uint32_t site = current_site();
    put(&(struct trace_operation){.kind = TRACE_REALLOC, .slot = before.slot, .size = size, .site = site});
}

void recorder_resized(const void *block, size_t size) {
    int saved_errno = 0;
    if (begin_note(&saved_errno)) {
        const struct live_block before = end_resizing();
        const uint32_t told = size_in_trace(size);
        if (told != 0 && before.address != 0) {
            add_resized(before, (uintptr_t)block, told);
        } else if (told != 0) {
            add(TRACE_MALLOC, (uintptr_t)block, told, 0);
        }
    }
    end_note(saved_errno);
}

void recorder_not_resized(void) {
    int saved_errno = 0;
    if (begin_note(&saved_errno)) {
        const struct live_block before = end_resizing();
        if (before.address != 0) {
            keep(before);
        }
    }
    end_note(saved_errno);
}

void recorder_resized_away(void) {
    int saved_errno = 0;
    if (begin_note(&saved_errno)) {
        forget(end_resizing());
    }
    end_note(saved_errno);
}
