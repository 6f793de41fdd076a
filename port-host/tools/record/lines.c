/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "lines.h"

#include "../common/command_line.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A file, since a pipe's other end might wait for its output to be read. */
static FILE *write_addresses(const uintptr_t *addresses, size_t count) {
    FILE *file = tmpfile();
    for (size_t index = 0; file != NULL && index < count; index++) {
        fprintf(file, "0x%" PRIxPTR "\n", addresses[index]);
    }
    if (file != NULL && fflush(file) == 0) {
        rewind(file);
    }
    return file;
}

/* Starts it with that input; what it says goes to `output`. False if it cannot be started. */
static bool start(const char *path, FILE *input, int output, pid_t *process) {
    static char program[] = "addr2line";
    static char functions[] = "--functions";
    static char demangle[] = "--demangle";
    char file[PATH_MAX + 16];
    if ((size_t)snprintf(file, sizeof file, "--exe=%s", path) >= sizeof file) {
        return false;
    }
    char *command[] = {program, functions, demangle, file, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(input), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const int error = posix_spawnp(process, program, &actions, NULL, command, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0;
}

/* The next line without its end, or NULL; to be freed. */
static char *read_line(FILE *file) {
    char *line = NULL;
    size_t room = 0;
    const ssize_t length = getline(&line, &room, file);
    if (length <= 0) {
        free(line);
        return NULL;
    }
    line[length - 1] = line[length - 1] == '\n' ? '\0' : line[length - 1];
    return line;
}

/* "/build/x/file.c:12 (discriminator 3)" becomes "file.c:12"; what has no line number is not known. */
static char *shorten(char *text) {
    char *slash = text == NULL ? NULL : strrchr(text, '/');
    char *name = slash == NULL ? text : slash + 1;
    char *colon = name == NULL ? NULL : strrchr(name, ':');
    const bool is_known = colon != NULL && name[0] != '?' && colon[1] >= '1' && colon[1] <= '9';
    char *copy = NULL;
    if (is_known) {
        colon[1 + strspn(colon + 1, "0123456789")] = '\0';
        copy = copy_text(name);
    }
    free(text);
    return copy;
}

static char *known(char *function) {
    if (function != NULL && function[0] == '?') {
        free(function);
        return NULL;
    }
    return function;
}

static void read_lines(struct line *lines, size_t count, int descriptor) {
    FILE *file = fdopen(descriptor, "r");
    for (size_t index = 0; file != NULL && index < count; index++) {
        lines[index].function = known(read_line(file));
        lines[index].place = shorten(read_line(file));
    }
    if (file != NULL) {
        fclose(file);
    } else {
        close(descriptor);
    }
}

struct line *lines_find(const char *path, const uintptr_t *addresses, size_t count) {
    struct line *lines = allocate(count, sizeof *lines);
    FILE *input = write_addresses(addresses, count);
    int ends[2];
    if (input == NULL || pipe2(ends, O_CLOEXEC) != 0) {
        return lines;
    }
    pid_t process = 0;
    const bool started = start(path, input, ends[1], &process);
    close(ends[1]);
    read_lines(lines, started ? count : 0, ends[0]);
    if (started) {
        waitpid(process, NULL, 0);
    }
    fclose(input);
    return lines;
}

void lines_free(struct line *lines, size_t count) {
    for (size_t index = 0; index < count; index++) {
        free(lines[index].function);
        free(lines[index].place);
    }
    free(lines);
}
