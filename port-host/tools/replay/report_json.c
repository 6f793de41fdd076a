/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report.h"

#include "columns.h"
#include "json.h"

#include <inttypes.h>
#include <math.h>

static void print_values(const double *values, FILE *file) {
    for (size_t column = 0; column < COLUMNS; column++) {
        fprintf(file, ", \"%s\": ", columns[column].name);
        if (isnan(values[column])) {
            fputs("null", file);
        } else {
            fprintf(file, "%.*f", columns[column].decimals, values[column]);
        }
    }
}

/* Short, as there may be many: [operation, live, region, free, largest_free]. */
static void print_timeline(const struct timeline *timeline, FILE *file) {
    fputs(", \"timeline\": [", file);
    for (uint32_t index = 0; index < timeline->count; index++) {
        const struct sample *sample = &timeline->samples[index];
        fprintf(file, "%s[%" PRIu32 ", %zu, %zu, %zu, %zu]", index == 0 ? "" : ", ", sample->operation, sample->live,
                sample->region, sample->free, sample->largest_free);
    }
    fputc(']', file);
}

static void print_labels(const char *trace, const struct replay_case *one, FILE *file) {
    fputs("{\"trace\": ", file);
    json_write_string(file, trace);
    fprintf(file, ", \"geometry\": \"%s\", \"policy\": ", one->core->name);
    json_write_string(file, one->policy->name);
}

static void print_case(const struct replay_case *one, FILE *file) {
    double values[COLUMNS];
    report_values(one, values);
    print_labels(one->file->name, one, file);
    if (one->mistake != NULL) {
        fputs(", \"error\": ", file);
        json_write_string(file, one->mistake);
    }
    print_values(values, file);
    print_timeline(&one->timeline, file);
    fputc('}', file);
}

static void print_summary(const struct report *self, size_t group, FILE *file) {
    double values[COLUMNS];
    report_summary(self, group, values);
    print_labels("all", report_case_in_group(self, group, 0), file);
    print_values(values, file);
    fputc('}', file);
}

void report_json(const struct report *self, FILE *file) {
    fputs("{\"cases\": [", file);
    for (size_t index = 0; index < report_cases(self); index++) {
        fputs(index == 0 ? "\n  " : ",\n  ", file);
        print_case(&self->cases[index], file);
    }
    fputs("\n], \"summaries\": [", file);
    for (size_t group = 0; group < report_groups(self); group++) {
        fputs(group == 0 ? "\n  " : ",\n  ", file);
        print_summary(self, group, file);
    }
    fputs("\n]}\n", file);
}
