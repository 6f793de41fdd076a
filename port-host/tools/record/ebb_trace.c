/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The command ebb-trace: records, or makes damaged traces whole. */
#include "../common/command_line.h"
#include "../common/trace_file.h"
#include "../common/trace_name.h"
#include "launch.h"
#include "options.h"
#include "whole.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opens a trace that is this tool's until it is closed: no other may write to it meanwhile. -1, having said why. */
static int claim(const char *path, int flags) {
    const int descriptor = open(path, flags | O_CLOEXEC | O_NONBLOCK, 0666);
    if (descriptor < 0) {
        complain("%s: %s", path, strerror(errno));
        return -1;
    }
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        complain("%s: is being recorded by another ebb-trace: name another file by --output", path);
        close(descriptor);
        return -1;
    }
    return descriptor;
}

/* ---- Repairing ---- */

static bool copy_file(const char *from, const char *to) {
    struct trace_file file;
    bool done = trace_file_load(&file, from);
    if (done) {
        FILE *copy = fopen(to, "wxe");
        done = copy != NULL && fwrite(file.bytes, 1, file.size, copy) == file.size;
        done = copy != NULL && fclose(copy) == 0 && done;
        if (!done) {
            complain("%s: %s", to, strerror(errno));
        }
        if (copy != NULL && !done) {
            unlink(to);
        }
    }
    trace_file_close(&file);
    return done;
}

static bool repair_in_place(const char *path, const struct whole *wanted) {
    const int descriptor = claim(path, O_RDONLY);
    const bool done = descriptor >= 0 && whole_make(path, wanted);
    if (descriptor >= 0) {
        close(descriptor);
    }
    return done;
}

static int repair(const struct options *options) {
    const struct whole wanted = {.is_quiet = options->is_quiet};
    bool done = true;
    for (int index = 0; index < options->operand_count; index++) {
        const char *path = options->operands[index];
        if (options->output != NULL) {
            done = copy_file(path, options->output) && whole_make(options->output, &wanted);
        } else {
            done = repair_in_place(path, &wanted) && done;
        }
    }
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ---- Recording ---- */

/* The program may be somewhere else, or go there, before it opens the file. */
static char *absolute(const char *path) {
    char folder[PATH_MAX];
    if (path[0] == '/') {
        return copy_text(path);
    }
    if (getcwd(folder, sizeof folder) == NULL) {
        complain("cannot tell the current folder: %s", strerror(errno));
        exit(LAUNCH_FAILED);
    }
    return compose_text("%s/%s", folder, path);
}

static char *output_for(const struct options *options) {
    if (options->output != NULL) {
        return absolute(options->output);
    }
    const char *slash = strrchr(options->operands[0], '/');
    char *name = compose_text("%s" TRACE_ENDING, slash == NULL ? options->operands[0] : slash + 1);
    char *output = absolute(name);
    free(name);
    return output;
}

/* Whether nothing is lost with what is in a file: it may be the program itself, where --output was given no name. */
static bool may_be_overwritten(int descriptor) {
    unsigned char header[TRACE_HEADER_BYTES];
    struct trace trace;
    const ssize_t size = pread(descriptor, header, sizeof header, 0);
    const enum trace_status status = size < 0 ? TRACE_NOT_A_TRACE : trace_open(&trace, header, (size_t)size);
    return size == 0 || (status != TRACE_NOT_A_TRACE && status != TRACE_HEADER_CUT);
}

/* Returns the claim. The program finds the file empty, and so knows that it is the first to write to it. */
static int create_output(const char *path) {
    struct stat status;
    const int descriptor = claim(path, O_RDWR | O_CREAT);
    if (descriptor < 0) {
        exit(LAUNCH_FAILED);
    }
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        complain("%s: not a regular file, which a trace has to be until the program has ended", path);
        exit(LAUNCH_FAILED);
    }
    if (!may_be_overwritten(descriptor)) {
        complain("%s: exists, and is no trace", path);
        exit(LAUNCH_FAILED);
    }
    if (ftruncate(descriptor, 0) != 0) {
        complain("%s: %s", path, strerror(errno));
        exit(LAUNCH_FAILED);
    }
    return descriptor;
}

static bool is_empty(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && status.st_size == 0;
}

static bool finish(const struct options *options, const char *output) {
    const struct whole wanted = {.is_quiet = options->is_quiet, .names_sites = true};
    if (options->follows) {
        whole_make_others(output, &wanted);
    }
    if (is_empty(output)) {
        complain("%s: nothing was recorded: if nothing else is wrong, %s is linked statically, or of another kind than "
                 "ebb-trace, or changes its user",
                 output, options->operands[0]);
        unlink(output);
        return false;
    }
    return whole_make(output, &wanted);
}

static bool has_started(int status) {
    return status != LAUNCH_FAILED && status != LAUNCH_NOT_EXECUTABLE && status != LAUNCH_NOT_FOUND;
}

static int record(const struct options *options) {
    char *output = output_for(options);
    const int descriptor = create_output(output);
    int status = launch(&(struct launch){
        .command = options->operands, .output = output, .follows = options->follows, .callers = options->callers});
    if (is_empty(output) && !has_started(status)) {
        unlink(output);
    } else if (!finish(options, output)) {
        status = LAUNCH_FAILED;
    }
    close(descriptor);
    free(output);
    return status;
}

/*
 * A standard descriptor that is closed would be the trace's, and what is said to the user would go there. The program
 * finds it closed as before.
 */
static void occupy_standard_descriptors(void) {
    int descriptor = 0;
    do {
        descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
    } while (descriptor >= 0 && descriptor <= STDERR_FILENO);
    if (descriptor >= 0) {
        close(descriptor);
    }
}

int main(int count, char **arguments) {
    tool_name = "ebb-trace";
    occupy_standard_descriptors();
    const struct options options = options_read(count, arguments);
    return options.repairs ? repair(&options) : record(&options);
}
