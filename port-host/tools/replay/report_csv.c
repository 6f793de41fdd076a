/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report.h"

#include "columns.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* As RFC 4180 has it: quotation marks only where they are needed. */
static void print_text(const char *text, FILE *file) {
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (; *text != '\0'; text++) {
        fputs(*text == '"' ? "\"\"" : (const char[]){*text, '\0'}, file);
    }
    fputc('"', file);
}

static void print_labels(const struct replay_case *one, FILE *file) {
    print_text(one->file->name, file);
    fprintf(file, ",%s,", one->core->name);
    print_text(one->policy->name, file);
}

static void print_case(const struct replay_case *one, FILE *file) {
    double values[COLUMNS];
    report_values(one, values);
    print_labels(one, file);
    for (size_t column = 0; column < COLUMNS; column++) {
        fputc(',', file);
        if (!isnan(values[column])) {
            fprintf(file, "%.*f", columns[column].decimals, values[column]);
        }
    }
    fputc('\n', file);
}

void report_csv(const struct report *self, FILE *file) {
    fputs("trace,geometry,policy", file);
    for (size_t column = 0; column < COLUMNS; column++) {
        fprintf(file, ",%s", columns[column].name);
    }
    fputc('\n', file);
    for (size_t index = 0; index < report_cases(self); index++) {
        if (self->cases[index].mistake == NULL) {
            print_case(&self->cases[index], file);
        }
    }
}

static void print_samples(const struct replay_case *one, FILE *file) {
    for (uint32_t index = 0; index < one->timeline.count; index++) {
        const struct sample *sample = &one->timeline.samples[index];
        print_labels(one, file);
        fprintf(file, ",%" PRIu32 ",%zu,%zu,%zu,%zu,%.4f\n", sample->operation, sample->live, sample->region,
                sample->free, sample->largest_free, sample_fragmentation(sample));
    }
}

void report_timeline(const struct report *self, FILE *file) {
    fputs("trace,geometry,policy,operation,live,region,free,largest_free,fragmentation\n", file);
    for (size_t index = 0; index < report_cases(self); index++) {
        print_samples(&self->cases[index], file);
    }
}
