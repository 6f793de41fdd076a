/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "settings.h"

#include "../common/trace_name.h"
#include "callers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static size_t read_callers(void) {
    const char *wanted = secure_getenv("EBB_TRACE_SITES");
    const unsigned long count = wanted == NULL ? 0 : strtoul(wanted, NULL, 10);
    return count < CALLERS_MOST ? count : CALLERS_MOST;
}

bool settings_read(struct settings *self) {
    const char *output = secure_getenv("EBB_TRACE_OUTPUT");
    const char *process = secure_getenv("EBB_TRACE_PROCESS");
    if (output == NULL || process == NULL || strlen(output) >= sizeof self->output) {
        return false;
    }
    strcpy(self->output, output); // NOLINT(clang-analyzer-security.insecureAPI.strcpy): it fits
    self->main_process = (pid_t)strtol(process, NULL, 10);
    self->follows = secure_getenv("EBB_TRACE_FOLLOW") != NULL;
    self->callers = read_callers();
    return self->follows || getpid() == self->main_process;
}

/* ebb-trace has made it, empty: if it is not, this process was another program before, which has written it. */
static bool output_is_ours(const struct settings *self) {
    struct stat status;
    return getpid() == self->main_process &&
           (!self->follows || (stat(self->output, &status) == 0 && status.st_size == 0));
}

/* "a.mtr" becomes "a.1234.mtr" for process 1234, "a.1234.2.mtr" if there is such a file already, and so on. */
static void name_beside(const char *output, char *path, size_t size) {
    const int stem = (int)trace_stem_length(output);
    snprintf(path, size, "%.*s.%d" TRACE_ENDING, stem, output, (int)getpid());
    for (int number = 2; access(path, F_OK) == 0; number++) {
        snprintf(path, size, "%.*s.%d.%d" TRACE_ENDING, stem, output, (int)getpid(), number);
    }
}

void settings_choose_output(const struct settings *self, char *path, size_t size) {
    if (output_is_ours(self)) {
        snprintf(path, size, "%s", self->output);
    } else {
        name_beside(self->output, path, size);
    }
}
