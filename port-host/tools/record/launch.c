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

static volatile sig_atomic_t program;

static void pass_on(int number) {
    const int saved_errno = errno;
    kill((pid_t)program, number);
    errno = saved_errno;
}

/* What is sent to this process alone is meant for the program; what the keyboard sends reaches it anyway. */
static void set_signals(void) {
    struct sigaction action = {.sa_handler = pass_on, .sa_flags = SA_RESTART};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGQUIT, &action, NULL);
}

/* ---- Both ---- */

static int wait_for(pid_t main_process, bool all) {
    int status = 0;
    int main_status = 0;
    for (pid_t ended = wait(&status); ended >= 0 || errno == EINTR; ended = wait(&status)) {
        if (ended == main_process) {
            main_status = status;
        }
        if (ended == main_process && !all) {
            break;
        }
    }
    return WIFSIGNALED(main_status) ? LAUNCH_SIGNAL + WTERMSIG(main_status) : WEXITSTATUS(main_status);
}

int launch(const struct launch *self) {
    char library[PATH_MAX * 2];
    if (!find_library(library, sizeof library)) {
        complain("%s is not where it was installed", EBB_TRACE_LIBRARY);
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
    set_signals();
    return wait_for((pid_t)program, self->follows);
}
