/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "jobs.h"

#include "../common/command_line.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct jobs {
    size_t count;
    void (*job)(void *context, size_t index);
    void *context;

    pthread_mutex_t mutex; /* over the rest */
    pthread_cond_t changed;
    size_t begun;
    size_t done;
};

size_t jobs_processors(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
}

static bool take(struct jobs *self, size_t *index) {
    pthread_mutex_lock(&self->mutex);
    const bool any = self->begun < self->count;
    *index = self->begun;
    self->begun += any;
    pthread_mutex_unlock(&self->mutex);
    return any;
}

static void note_done(struct jobs *self) {
    pthread_mutex_lock(&self->mutex);
    self->done++;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->mutex);
}

static void *work(void *context) {
    struct jobs *self = context;
    size_t index = 0;
    while (take(self, &index)) {
        self->job(self->context, index);
        note_done(self);
    }
    return NULL;
}

/* Until the next job is done, or for a fifth of a second: then the terminal may want a new line. */
static void await_change(struct jobs *self) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 200000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&self->changed, &self->mutex, &until);
}

static void show(const struct jobs *self, const char *what, time_t began) {
    const long long seconds = (long long)(time(NULL) - began);
    fprintf(stderr, "\r%s %zu of %zu, %lld s\033[K", what, self->done, self->count, seconds);
}

static void watch(struct jobs *self, const char *what) {
    const bool shown = isatty(STDERR_FILENO);
    const time_t began = time(NULL);
    pthread_mutex_lock(&self->mutex);
    do {
        if (shown) {
            show(self, what, began);
        }
        if (self->done < self->count) {
            await_change(self);
        }
    } while (self->done < self->count);
    pthread_mutex_unlock(&self->mutex);
    if (shown) {
        fputs("\r\033[K", stderr);
    }
}

void jobs_run(size_t count, size_t threads, const char *what, void (*job)(void *context, size_t index), void *context) {
    struct jobs self = {.count = count, .job = job, .context = context};
    const size_t used = threads < count ? threads : count;
    pthread_t *workers = allocate(used, sizeof *workers);
    pthread_mutex_init(&self.mutex, NULL);
    pthread_cond_init(&self.changed, NULL);
    for (size_t index = 0; index < used; index++) {
        const int error = pthread_create(&workers[index], NULL, work, &self);
        if (error != 0) {
            fail("cannot start a thread: %s", strerror(error));
        }
    }
    watch(&self, what);
    for (size_t index = 0; index < used; index++) {
        pthread_join(workers[index], NULL);
    }
    free(workers);
    pthread_cond_destroy(&self.changed);
    pthread_mutex_destroy(&self.mutex);
}
