/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Another program that answers each line of input with lines of output, such as addr2line. */
#ifndef EBB_RECORD_FILTER_H
#define EBB_RECORD_FILTER_H

#include <stdio.h>
#include <sys/types.h>

struct filter {
    FILE *input;  /* to be written before filter_run() */
    FILE *output; /* to be read after it; NULL if the program cannot be run */
    pid_t process;
};

/* Begins with an empty input. filter_close() follows. */
void filter_open(struct filter *self);

/* Runs the program that is named first, which is looked for in PATH, with these arguments, NULL behind the last one. */
void filter_run(struct filter *self, char *const *command);

/* The next line of output without its end; NULL if there is none. To be freed. */
char *filter_read(struct filter *self);

void filter_close(struct filter *self);

#endif
