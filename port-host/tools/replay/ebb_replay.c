/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The command ebb-replay: what it is told, done in order. */
#include "../common/command_line.h"
#include "events.h"
#include "jobs.h"
#include "options.h"
#include "report.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Files ---- */

/* NULL and "-" are. */
static bool is_standard_output(const char *path) {
    return path == NULL || strcmp(path, "-") == 0;
}

static bool is_folder(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* That a file cannot be written is found out before minutes of replays, and what it holds is kept until after them. */
static void require_place(const char *path) {
    if (is_standard_output(path)) {
        return;
    }
    if (is_folder(path)) {
        fail("%s: %s", path, strerror(EISDIR));
    }
    if (access(path, W_OK) == 0) {
        return;
    }
    const bool is_missing = errno == ENOENT;
    char *copy = copy_text(path);
    if (!is_missing || access(dirname(copy), W_OK) != 0) {
        fail("%s: %s", path, strerror(errno));
    }
    free(copy);
}

static bool is_same_file(const char *path, const char *other) {
    struct stat status;
    struct stat of_other;
    return stat(path, &status) == 0 && stat(other, &of_other) == 0 && S_ISREG(status.st_mode) &&
           status.st_dev == of_other.st_dev && status.st_ino == of_other.st_ino;
}

/* Where the name of an output was forgotten, the first trace stands in its place. */
static void require_no_trace(const char *path, const struct options *options) {
    for (size_t index = 0; !is_standard_output(path) && index < options->trace_count; index++) {
        const char *trace = options->traces[index];
        if (is_same_file(path, strcmp(trace, "-") == 0 ? "/dev/stdin" : trace)) {
            misuse("%s: is a trace to be replayed, and would be lost", path);
        }
    }
}

static void require_outputs(const struct options *options) {
    const char *const outputs[] = {options->output, options->timeline, options->events};
    for (size_t index = 0; index < sizeof outputs / sizeof outputs[0]; index++) {
        require_place(outputs[index]);
        require_no_trace(outputs[index], options);
    }
}

static FILE *open_output(const char *path) {
    if (is_standard_output(path)) {
        return stdout;
    }
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        fail("%s: %s", path, strerror(errno));
    }
    return file;
}

/* What could not be written is found out at the latest here. */
static void close_output(FILE *file, const char *path) {
    const bool lost = ferror(file) != 0 || (file == stdout ? fflush(file) : fclose(file)) != 0;
    if (lost) {
        fail("%s: %s", is_standard_output(path) ? "standard output" : path, strerror(errno));
    }
}

/* Those that cannot be read are said to be, and left out. */
static struct trace_file *load_traces(struct options *options) {
    struct trace_file *files = allocate(options->trace_count, sizeof *files);
    size_t good = 0;
    for (size_t index = 0; index < options->trace_count; index++) {
        struct trace_file *file = &files[good];
        if (trace_file_load(file, options->traces[index]) && trace_file_verify(file)) {
            good++;
        } else {
            trace_file_close(file);
        }
    }
    options->trace_count = good;
    return files;
}

static void close_traces(struct trace_file *files, size_t count) {
    for (size_t index = 0; index < count; index++) {
        trace_file_close(&files[index]);
    }
    free(files);
}

/* ---- Cases ---- */

struct work {
    const struct options *options;
    struct report report;
};

static const struct core *chosen_core(const struct core *core, const struct trace *trace) {
    return core != NULL ? core : core_for(trace->peak_live, (trace->flags & TRACE_FROM_64_BIT) != 0);
}

static struct replay_case make_case(const struct options *options, const struct trace_file *files, size_t index) {
    const size_t groups = options->core_count * options->policy_count;
    const struct trace_file *file = &files[index / groups];
    const struct core *core = options->cores[index % groups / options->policy_count];
    return (struct replay_case){
        .file = file,
        .core = chosen_core(core, &file->trace),
        .policy = &options->policies[index % options->policy_count],
    };
}

static struct report make_report(const struct options *options, const struct trace_file *files) {
    struct report report = {
        .traces = options->trace_count, .cores = options->core_count, .policies = options->policy_count};
    report.cases = allocate(report_cases(&report), sizeof *report.cases);
    for (size_t index = 0; index < report_cases(&report); index++) {
        report.cases[index] = make_case(options, files, index);
    }
    return report;
}

static void measure(void *context, size_t index) {
    const struct work *work = context;
    case_measure(&work->report.cases[index], &work->options->settings);
}

static void time_calls(void *context, size_t index) {
    const struct work *work = context;
    case_time(&work->report.cases[index], &work->options->settings);
}

/* ---- Output ---- */

static void write_report(const struct report *report, const struct options *options) {
    void (*const writers[])(const struct report *, FILE *) = {
        [REPORT_TABLE] = report_table, [REPORT_CSV] = report_csv, [REPORT_JSON] = report_json};
    FILE *file = open_output(options->output);
    writers[options->format](report, file);
    close_output(file, options->output);
    if (options->timeline != NULL) {
        file = open_output(options->timeline);
        report_timeline(report, file);
        close_output(file, options->timeline);
    }
}

/* Mistakes have a place in the table and in JSON; who reads CSV, or only the exit status, is to see them as well. */
static bool complain_of_mistakes(const struct report *report) {
    bool any = false;
    for (size_t index = 0; index < report_cases(report); index++) {
        const struct replay_case *one = &report->cases[index];
        if (one->mistake != NULL) {
            complain("%s on %s under %s: %s", one->file->path, one->core->name, one->policy->name, one->mistake);
            any = true;
        }
    }
    return any;
}

enum { EXIT_DOES_NOT_FIT = 3 };

static int exit_status(const struct report *report, const struct options *options) {
    uint32_t failed = 0;
    for (size_t index = 0; index < report_cases(report); index++) {
        failed |= report->cases[index].failed;
    }
    if (complain_of_mistakes(report)) {
        return EXIT_FAILURE;
    }
    return options->must_fit && failed != 0 ? EXIT_DOES_NOT_FIT : EXIT_SUCCESS;
}

static int replay_all(const struct options *options, const struct trace_file *files) {
    struct work work = {.options = options, .report = make_report(options, files)};
    const size_t count = report_cases(&work.report);
    jobs_run(count, options->jobs, "replayed", measure, &work);
    if (options->settings.times) {
        jobs_run(count, 1, "timed", time_calls, &work);
    }
    write_report(&work.report, options);
    const int status = exit_status(&work.report, options);
    for (size_t index = 0; index < count; index++) {
        case_close(&work.report.cases[index]);
    }
    free(work.report.cases);
    return status;
}

static int write_events(const struct options *options, const struct trace_file *files) {
    const struct replay_case one = make_case(options, files, 0);
    struct replay replay;
    FILE *file = open_output(options->events);
    case_open_replay(&one, &options->settings, one.policy->policy.maximum, &replay);
    events_write(&replay, one.file->name, file);
    close_output(file, options->events);
    if (replay.heap == NULL) {
        complain("%s on %s under %s: no heap can be created", one.file->path, one.core->name, one.policy->name);
    }
    replay_close(&replay);
    return replay.heap != NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int count, char **arguments) {
    tool_name = "ebb-replay";
    struct options options = options_read(count, arguments);
    require_outputs(&options);
    const size_t wanted = options.trace_count;
    struct trace_file *files = load_traces(&options);
    const bool all_read = options.trace_count == wanted;
    int status = EXIT_SUCCESS;
    if (options.trace_count > 0) {
        status = (options.events == NULL ? replay_all : write_events)(&options, files);
    }
    close_traces(files, options.trace_count);
    options_close(&options);
    return all_read ? status : EXIT_FAILURE;
}
