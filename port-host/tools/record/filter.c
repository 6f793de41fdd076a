/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "filter.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* A file, as the other end of a pipe might wait for its output to be read first. */
void filter_open(struct filter *self) {
    *self = (struct filter){.input = tmpfile()};
}

static bool start(struct filter *self, char *const *command, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(self->input), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const int error = posix_spawnp(&self->process, command[0], &actions, NULL, command, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        self->process = 0;
    }
    return error == 0;
}

void filter_run(struct filter *self, char *const *command) {
    int ends[2];
    if (self->input == NULL || fflush(self->input) != 0 || pipe2(ends, O_CLOEXEC) != 0) {
        return;
    }
    rewind(self->input);
    if (start(self, command, ends[1])) {
        self->output = fdopen(ends[0], "r");
    }
    if (self->output == NULL) {
        close(ends[0]);
    }
    close(ends[1]);
}

char *filter_read(struct filter *self) {
    char *line = NULL;
    size_t room = 0;
    const ssize_t length = self->output == NULL ? -1 : getline(&line, &room, self->output);
    if (length <= 0) {
        free(line);
        return NULL;
    }
    if (line[length - 1] == '\n') {
        line[length - 1] = '\0';
    }
    return line;
}

void filter_close(struct filter *self) {
    if (self->output != NULL) {
        fclose(self->output);
    }
    if (self->process != 0) {
        waitpid(self->process, NULL, 0);
    }
    if (self->input != NULL) {
        fclose(self->input);
    }
}
