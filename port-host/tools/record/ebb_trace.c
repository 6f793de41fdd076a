/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The command ebb-trace: records, and makes whole traces of what was recorded, or of damaged ones. */
#include "../common/command_line.h"
#include "launch.h"
#include "salvage.h"

#include <ebb/version.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "Usage: ebb-trace [OPTION]... PROGRAM [ARGUMENT]...\n"
    "       ebb-trace --repair [OPTION]... TRACE...\n"
    "Record what a program allocates, for ebb-replay.\n"
    "\n"
    "  -o, --output=FILE  write the trace to FILE (default: PROGRAM.mtr in the current folder)\n"
    "  -f, --follow       record the processes that it starts as well, each in a file of its own, FILE with\n"
    "                     the process's number before its ending\n"
    "  -q, --quiet        do not say at the end what was recorded\n"
    "      --repair       make whole traces of cut or damaged ones, in place, or in a copy, the FILE of --output,\n"
    "                     as it must be if the program is still running\n"
    "  -h, --help         show this help\n"
    "  -V, --version      show the version\n"
    "\n"
    "Options for ebb-trace come before PROGRAM. The exit status is that of PROGRAM. The whole story is in the\n"
    "manual: man ebb-trace.\n";

struct options {
    char *output; /* an absolute path; NULL: not said */
    bool follows;
    bool is_quiet;
    bool repairs;
    char **operands;
    int operand_count;
};

/* ---- Command line ---- */

enum { REPAIR = 256 };

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"follow", no_argument, NULL, 'f'},
    {"quiet", no_argument, NULL, 'q'},
    {"repair", no_argument, NULL, REPAIR},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static void read_option(struct options *self, int letter) {
    switch (letter) {
    case 'o':
        free(self->output);
        self->output = copy_text(optarg);
        break;
    case 'f':
        self->follows = true;
        break;
    case 'q':
        self->is_quiet = true;
        break;
    case REPAIR:
        self->repairs = true;
        break;
    case 'h':
        fputs(help, stdout);
        exit(EXIT_SUCCESS);
    case 'V':
        printf("ebb-trace (ebb) %d.%d.%d\n", EBB_VERSION_MAJOR, EBB_VERSION_MINOR, EBB_VERSION_PATCH);
        exit(EXIT_SUCCESS);
    default: /* getopt has said what is wrong */
        fprintf(stderr, "Try '%s --help'.\n", tool_name);
        exit(LAUNCH_FAILED);
    }
}

static _Noreturn void misuse_trace(const char *what) {
    complain("%s", what);
    fprintf(stderr, "Try '%s --help'.\n", tool_name);
    exit(LAUNCH_FAILED);
}

static struct options read_options(int count, char **arguments) {
    struct options self = {.output = NULL};
    int letter = 0;
    /* "+": what comes behind the program's name is the program's. */
    while ((letter = getopt_long(count, arguments, "+o:fqhV", long_options, NULL)) != -1) {
        read_option(&self, letter);
    }
    self.operands = arguments + optind;
    self.operand_count = count - optind;
    if (self.operand_count == 0) {
        misuse_trace(self.repairs ? "which trace?" : "which program?");
    }
    if (self.repairs && self.output != NULL && self.operand_count > 1) {
        misuse_trace("--output takes one trace only");
    }
    return self;
}

/* ---- Making whole ---- */

/* What was lost, for people. */
static void report_loss(const char *path, const struct salvage *salvage, size_t file_size) {
    const size_t dropped = file_size - TRACE_HEADER_BYTES - salvage->stream_bytes;
    if (salvage->is_full) {
        complain("%s: ends where 4 GiB were live, which is all that a trace can say", path);
    } else if (!salvage->is_padded) {
        complain("%s: dropped %zu bytes behind the last whole operation: %s", path, dropped,
                 trace_explain(salvage->end));
    }
}

static void describe(const char *path, const struct trace *figures) {
    complain("%s: %u calls, at most %u bytes in %u blocks at once", path, (unsigned)figures->operations,
             (unsigned)figures->peak_live, (unsigned)figures->slots);
}

static bool has_header(const struct trace_file *file) {
    struct trace trace;
    const enum trace_status status = trace_open(&trace, file->bytes, file->size);
    const bool has_one = status == TRACE_OK || status == TRACE_LENGTH;
    if (!has_one) {
        complain("%s: %s", file->path, trace_explain(status));
    }
    return has_one;
}

/* Makes the file at `path` whole; false, having said why, if that cannot be done. */
static bool make_whole(const char *path, bool is_quiet) {
    struct trace_file file;
    bool done = trace_file_load(&file, path) && has_header(&file);
    if (done) {
        const struct salvage salvage = salvage_read(&file);
        const int error = salvage_write(&salvage, path);
        done = error == 0;
        if (!done) {
            complain("%s: %s", path, strerror(error));
        } else {
            report_loss(path, &salvage, file.size);
        }
        if (done && !is_quiet) {
            describe(path, &salvage.figures);
        }
    }
    trace_file_close(&file);
    return done;
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
    }
    trace_file_close(&file);
    return done;
}

static int repair(const struct options *options) {
    bool done = true;
    for (int index = 0; index < options->operand_count; index++) {
        const char *path = options->operands[index];
        if (options->output != NULL) {
            done = copy_file(path, options->output) && make_whole(options->output, options->is_quiet);
        } else {
            done = make_whole(path, options->is_quiet) && done;
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
        fail("cannot tell the current folder: %s", strerror(errno));
    }
    const size_t size = strlen(folder) + strlen(path) + 2;
    char *whole = allocate(size, 1);
    snprintf(whole, size, "%s/%s", folder, path);
    return whole;
}

static char *output_for(const struct options *options) {
    if (options->output != NULL) {
        return absolute(options->output);
    }
    const char *slash = strrchr(options->operands[0], '/');
    char name[NAME_MAX + 1];
    snprintf(name, sizeof name, "%s.mtr", slash == NULL ? options->operands[0] : slash + 1);
    return absolute(name);
}

/* The program finds it empty, and so knows that it is the first to write to it. */
static void create_output(const char *path) {
    const int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        complain("%s: %s", path, strerror(errno));
        exit(LAUNCH_FAILED);
    }
    close(descriptor);
}

/* As the recorder leaves it: a header that says nothing, with something behind it. */
static bool is_unfinished(const char *path) {
    struct trace_file file;
    struct trace header = {.operations = 1};
    const bool is_cut = trace_file_load(&file, path) && file.size > TRACE_HEADER_BYTES &&
                        trace_open(&header, file.bytes, file.size) == TRACE_LENGTH;
    trace_file_close(&file);
    return is_cut && header.operations == 0;
}

/* All files of other processes: "a.*.mtr" beside "a.mtr". */
static void finish_others(const struct options *options, const char *output) {
    static const char ending[] = ".mtr";
    const size_t length = strlen(output);
    const size_t stem = length > 4 && strcmp(output + length - 4, ending) == 0 ? length - 4 : length;
    char pattern[PATH_MAX + 16];
    snprintf(pattern, sizeof pattern, "%.*s.[0-9]*%s", (int)stem, output, ending);
    glob_t found;
    if (glob(pattern, 0, NULL, &found) == 0) {
        for (size_t index = 0; index < found.gl_pathc; index++) {
            if (is_unfinished(found.gl_pathv[index])) {
                make_whole(found.gl_pathv[index], options->is_quiet);
            }
        }
        globfree(&found);
    }
}

static bool is_empty(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && status.st_size == 0;
}

static bool finish(const struct options *options, const char *output) {
    if (options->follows) {
        finish_others(options, output);
    }
    if (is_empty(output)) {
        complain("%s: nothing was recorded: %s is linked statically, or of another kind than ebb-trace, or changes its "
                 "user",
                 output, options->operands[0]);
        unlink(output);
        return false;
    }
    return make_whole(output, options->is_quiet);
}

static bool has_started(int status) {
    return status != LAUNCH_FAILED && status != LAUNCH_NOT_EXECUTABLE && status != LAUNCH_NOT_FOUND;
}

static int record(const struct options *options) {
    char *output = output_for(options);
    create_output(output);
    int status = launch(&(struct launch){.command = options->operands, .output = output, .follows = options->follows});
    if (is_empty(output) && !has_started(status)) {
        unlink(output);
    } else if (!finish(options, output)) {
        status = LAUNCH_FAILED;
    }
    free(output);
    return status;
}

int main(int count, char **arguments) {
    tool_name = "ebb-trace";
    struct options options = read_options(count, arguments);
    const int status = options.repairs ? repair(&options) : record(&options);
    free(options.output);
    return status;
}
