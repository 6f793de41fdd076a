/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * What the environment says to a process that runs on libebb-malloc.so:
 *
 *   EBB_MAXIMUM=N       The heap never holds more than N bytes; K, M or G behind the number multiply by 1024 each.
 *                       Rounded down to whole pages. Requests beyond it fail with ENOMEM.
 *   EBB_STATISTICS=1    A line of figures goes to standard error when the process exits.
 *   EBB_STATISTICS=/F   The line is appended to the file /F instead, one line for each process.
 *
 * A setting that makes no sense ends the process before main() with a message and status 127, as the dynamic loader
 * does with what it cannot load: a limit that is silently ignored is worse than none. Processes that end by _exit()
 * or a signal, or become another program by exec(), print no line. Ignored in set-user-ID programs.
 */

#include "byte_count.h"
#include "message.h"
#include "process_heap.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void add_setting(struct message *message, const char *name, const char *value) {
    message_add(message, "ebb: ");
    message_add(message, name);
    message_add(message, "=");
    message_add(message, value);
    message_add(message, ": ");
}

static _Noreturn void refuse_setting(const char *name, const char *value, const char *reason) {
    struct message message = {.length = 0};
    add_setting(&message, name, value);
    message_add(&message, reason);
    message_write(&message, STDERR_FILENO);
    _exit(127);
}

/* ---- EBB_MAXIMUM ---- */

static const char *const maximum_name = "EBB_MAXIMUM";

static void apply_maximum(void) {
    const char *value = secure_getenv(maximum_name);
    if (value == NULL) {
        return;
    }
    size_t bytes = 0;
    if (!byte_count_read(value, &bytes) || bytes == 0) {
        refuse_setting(maximum_name, value, "not a number of bytes, such as 500000, 800K, 64M or 2G");
    }
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t maximum = bytes / page * page;
    if (maximum == 0 || !process_heap_limit(maximum)) {
        refuse_setting(maximum_name, value, "less than the process needs to start");
    }
}

/* ---- EBB_STATISTICS ---- */

static const char *const statistics_name = "EBB_STATISTICS";

/* A copy, because programs change their environment. Empty: none wanted. "1": standard error. */
static char statistics_target[PATH_MAX];

static void note_statistics_target(void) {
    const char *value = secure_getenv(statistics_name);
    if (value == NULL || strcmp(value, "0") == 0 || strcmp(value, "") == 0) {
        return;
    }
    if (strcmp(value, "1") != 0 && value[0] != '/') {
        refuse_setting(statistics_name, value, "neither 0, nor 1, nor the path of a file from the root on");
    }
    const size_t size = strlen(value) + 1;
    if (size > sizeof statistics_target) {
        refuse_setting(statistics_name, value, "path too long");
    }
    memcpy(statistics_target, value, size);
}

static void add_figure(struct message *message, const char *name, size_t figure) {
    message_add(message, " ");
    message_add(message, name);
    message_add(message, "=");
    message_add_number(message, figure);
}

static void describe_process(struct message *message) {
    struct ebb_statistics figures = {0};
    process_heap_statistics(&figures);
    message_add(message, "ebb: ");
    message_add(message, program_invocation_short_name);
    add_figure(message, "pid", (size_t)getpid());
    add_figure(message, "live", figures.live_bytes);
    add_figure(message, "peak_live", figures.peak_live_bytes);
    add_figure(message, "region", figures.region_bytes);
    add_figure(message, "peak_region", figures.peak_region_bytes);
    add_figure(message, "largest_request", figures.largest_request);
    add_figure(message, "failed", figures.failed_requests);
    add_figure(message, "grows", figures.grows);
    add_figure(message, "shrinks", figures.shrinks);
    add_figure(message, "refusals", figures.refusals);
}

/* Returns 0, or the number of the error. */
static int append_to_file(struct message *message, const char *path) {
    const int descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        return errno;
    }
    const int error = message_write(message, descriptor);
    close(descriptor);
    return error;
}

static void complain_of_file(const char *path, int error) {
    struct message complaint = {.length = 0};
    add_setting(&complaint, statistics_name, path);
    message_add(&complaint, strerror(error));
    message_write(&complaint, STDERR_FILENO);
}

/* ---- When ---- */

/* The heap is long at work by now; the environment cannot be read before the C library has been set up. */
__attribute__((constructor)) static void read_settings(void) {
    apply_maximum();
    note_statistics_target();
}

/* The file is opened only now: a descriptor held open all along would change the numbers that the program gets. */
__attribute__((destructor)) static void write_statistics(void) {
    struct message message = {.length = 0};
    if (statistics_target[0] == '\0') {
        return;
    }
    describe_process(&message);
    if (strcmp(statistics_target, "1") == 0) {
        message_write(&message, STDERR_FILENO);
        return;
    }
    const int error = append_to_file(&message, statistics_target);
    if (error != 0) {
        complain_of_file(statistics_target, error);
    }
}
