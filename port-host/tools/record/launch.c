/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "launch.h"

#include "../common/command_line.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- The library ---- */

/* Where this program is, the library lies beside it in a build, and as the build says if they are installed. */
static const char *const places[] = {"", EBB_TRACE_LIBRARY_FOLDER};

static bool find_library(char *path, size_t size) {
    char self[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0) {
        return false;
    }
    self[length] = '\0';
    *strrchr(self, '/') = '\0';
    for (size_t index = 0; index < sizeof places / sizeof places[0]; index++) {
        snprintf(path, size, "%s/%s%s", self, places[index], EBB_TRACE_LIBRARY);
        if (access(path, R_OK) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- The program ---- */

/* Who ignores that children end does not learn how; the program is to ignore it all the same, if it was meant to. */
static struct sigaction inherited;

static void be_told_of_children(void) {
    const struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(SIGCHLD, &action, &inherited);
}

static void set_preload(const char *library) {
    const char *others = getenv("LD_PRELOAD");
    const bool any = others != NULL && *others != '\0';
    char *all = compose_text("%s%s%s", library, any ? ":" : "", any ? others : "");
    setenv("LD_PRELOAD", all, 1);
    free(all);
}

static void set_environment(const struct launch *self, const char *library) {
    char number[32];
    snprintf(number, sizeof number, "%d", (int)getpid());
    set_preload(library);
    setenv("EBB_TRACE_OUTPUT", self->output, 1);
    setenv("EBB_TRACE_PROCESS", number, 1);
    unsetenv("EBB_TRACE_SITES");
    if (self->callers > 0) {
        snprintf(number, sizeof number, "%u", self->callers);
        setenv("EBB_TRACE_SITES", number, 1);
    }
    unsetenv("EBB_TRACE_FOLLOW");
    if (self->follows) {
        setenv("EBB_TRACE_FOLLOW", "1", 1);
    }
}

static _Noreturn void become_program(const struct launch *self, const char *library) {
    sigaction(SIGCHLD, &inherited, NULL);
    set_environment(self, library);
    execvp(self->command[0], self->command);
    const int error = errno;
    complain("%s: %s", self->command[0], strerror(error));
    _exit(error == ENOENT ? LAUNCH_NOT_FOUND : LAUNCH_NOT_EXECUTABLE);
}

/* ---- Signals ---- */

static volatile sig_atomic_t program; /* 0: it has ended, and its number may be another's */

static void pass_on(int number) {
    const int saved_errno = errno;
    if (program != 0) {
        kill((pid_t)program, number);
    }
    errno = saved_errno;
}

/* What is sent to this process alone is meant for the program; what the keyboard sends reaches it anyway. */
static const struct {
    int number;
    void (*handler)(int number);
} signals[] = {{SIGTERM, pass_on}, {SIGHUP, pass_on}, {SIGINT, SIG_IGN}, {SIGQUIT, SIG_IGN}};

enum { SIGNALS = sizeof signals / sizeof signals[0] };

static void handle_signals(struct sigaction before[SIGNALS]) {
    for (size_t index = 0; index < SIGNALS; index++) {
        const struct sigaction action = {.sa_handler = signals[index].handler, .sa_flags = SA_RESTART};
        sigaction(signals[index].number, &action, &before[index]);
    }
}

static void leave_signals(const struct sigaction before[SIGNALS]) {
    for (size_t index = 0; index < SIGNALS; index++) {
        sigaction(signals[index].number, &before[index], NULL);
    }
}

/* ---- Both ---- */

static int wait_for_program(void) {
    int status = 0;
    pid_t ended = 0;
    while (ended != (pid_t)program && (ended >= 0 || errno == EINTR)) {
        ended = wait(&status);
    }
    program = 0;
    return WIFSIGNALED(status) ? LAUNCH_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

/* For as long as whoever waits for this process likes. */
static void wait_for_others(const struct sigaction before[SIGNALS]) {
    struct sigaction ours[SIGNALS];
    leave_signals(before);
    while (wait(NULL) >= 0 || errno == EINTR) {
    }
    handle_signals(ours);
}

int launch(const struct launch *self) {
    char library[PATH_MAX * 2];
    if (!find_library(library, sizeof library)) {
        complain("%s is neither beside ebb-trace nor in %s from there", EBB_TRACE_LIBRARY, EBB_TRACE_LIBRARY_FOLDER);
        return LAUNCH_FAILED;
    }
    if (strpbrk(library, " :") != NULL) {
        complain("%s: the dynamic loader cannot preload from a path with a space or a colon", library);
        return LAUNCH_FAILED;
    }
    if (self->follows) {
        prctl(PR_SET_CHILD_SUBREAPER, 1); /* so that what children leave behind is waited for as well */
    }
    be_told_of_children();
    fflush(NULL);
    program = (sig_atomic_t)fork();
    if (program < 0) {
        complain("cannot start a process: %s", strerror(errno));
        return LAUNCH_FAILED;
    }
    if (program == 0) {
        become_program(self, library);
    }
    struct sigaction before[SIGNALS];
    handle_signals(before);
    const int status = wait_for_program();
    if (self->follows) {
        wait_for_others(before);
    }
    return status;
}
