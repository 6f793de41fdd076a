/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report.h"

#include "../common/command_line.h"
#include "columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LABELS = 3, MOST_DIGITS = 32 };

struct row {
    const char *labels[LABELS]; /* trace, geometry, policy */
    double values[COLUMNS];
    const char *note; /* instead of values; NULL: none */
};

struct table {
    struct row *rows;
    size_t count;
    int label_widths[LABELS];
    int widths[COLUMNS];
};

static struct row row_of_case(const struct replay_case *one) {
    struct row row = {.labels = {one->file->name, one->core->name, one->policy->name}, .note = one->mistake};
    report_values(one, row.values);
    return row;
}

static struct row row_of_group(const struct report *report, size_t group) {
    const struct replay_case *first = report_case_in_group(report, group, 0);
    struct row row = {.labels = {"all", first->core->name, first->policy->name}};
    for (size_t trace = 1; trace < report->traces; trace++) {
        if (report_case_in_group(report, group, trace)->core != first->core) {
            row.labels[1] = "mixed";
        }
    }
    report_summary(report, group, row.values);
    return row;
}

static void collect_rows(struct table *self, const struct report *report) {
    for (size_t index = 0; index < report_cases(report); index++) {
        self->rows[self->count++] = row_of_case(&report->cases[index]);
    }
    for (size_t group = 0; report->traces > 1 && group < report_groups(report); group++) {
        self->rows[self->count++] = row_of_group(report, group);
    }
}

static int format_value(char *text, double value, int decimals) {
    return isnan(value) ? snprintf(text, MOST_DIGITS, "-") : snprintf(text, MOST_DIGITS, "%.*f", decimals, value);
}

static void widen(int *width, int needed) {
    *width = *width < needed ? needed : *width;
}

static void widen_for(struct table *self, const struct row *row) {
    char text[MOST_DIGITS];
    for (size_t label = 0; label < LABELS; label++) {
        widen(&self->label_widths[label], (int)strlen(row->labels[label]));
    }
    for (size_t column = 0; column < COLUMNS; column++) {
        widen(&self->widths[column], format_value(text, row->values[column], columns[column].decimals));
    }
}

/* A column without a value in any row was not asked for. */
static bool is_shown(const struct table *self, size_t column) {
    bool any = false;
    for (size_t row = 0; row < self->count; row++) {
        any = any || !isnan(self->rows[row].values[column]);
    }
    return any && columns[column].heading != NULL;
}

static void print_heading(const struct table *self, const char *const *labels, FILE *file) {
    for (size_t label = 0; label < LABELS; label++) {
        fprintf(file, "%s%-*s", label == 0 ? "" : "  ", self->label_widths[label], labels[label]);
    }
    for (size_t column = 0; column < COLUMNS; column++) {
        if (is_shown(self, column)) {
            fprintf(file, "  %*s", self->widths[column], columns[column].heading);
        }
    }
    fputc('\n', file);
}

static void print_values(const struct table *self, const struct row *row, FILE *file) {
    char text[MOST_DIGITS];
    for (size_t column = 0; column < COLUMNS; column++) {
        if (is_shown(self, column)) {
            format_value(text, row->values[column], columns[column].decimals);
            fprintf(file, "  %*s", self->widths[column], text);
        }
    }
}

static void print_row(const struct table *self, const struct row *row, FILE *file) {
    for (size_t label = 0; label < LABELS; label++) {
        fprintf(file, "%s%-*s", label == 0 ? "" : "  ", self->label_widths[label], row->labels[label]);
    }
    if (row->note == NULL) {
        print_values(self, row, file);
    } else {
        fprintf(file, "  %s", row->note);
    }
    fputc('\n', file);
}

void report_table(const struct report *self, FILE *file) {
    static const char *const labels[LABELS] = {"trace", "heap", "policy"};
    const size_t most = report_cases(self) + report_groups(self);
    struct table table = {.rows = allocate(most, sizeof *table.rows)};
    collect_rows(&table, self);
    for (size_t label = 0; label < LABELS; label++) {
        widen(&table.label_widths[label], (int)strlen(labels[label]));
    }
    for (size_t column = 0; column < COLUMNS; column++) {
        widen(&table.widths[column], columns[column].heading == NULL ? 0 : (int)strlen(columns[column].heading));
    }
    for (size_t row = 0; row < table.count; row++) {
        widen_for(&table, &table.rows[row]);
    }
    print_heading(&table, labels, file);
    for (size_t row = 0; row < table.count; row++) {
        print_row(&table, &table.rows[row], file);
    }
    free(table.rows);
}
