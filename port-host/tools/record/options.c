/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "options.h"

#include "../common/command_line.h"
#include "callers.h"
#include "launch.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const char help[] =
    "Usage: ebb-trace [OPTION]... PROGRAM [ARGUMENT]...\n"
    "       ebb-trace --repair [OPTION]... TRACE...\n"
    "Record what a program allocates, for ebb-replay.\n"
    "\n"
    "  -o, --output=FILE  write the trace to FILE (default: PROGRAM.mtr in the current folder)\n"
    "  -f, --follow       record the processes that it starts as well, each in a file of its own, FILE with\n"
    "                     the process's number before its ending\n"
    "  -s, --sites[=N]    record who calls as well: the function that calls the allocator, and with N up to 8 those\n"
    "                     around it (default: 1)\n"
    "  -q, --quiet        do not say at the end what was recorded\n"
    "      --repair       make whole traces of cut or damaged ones, in place, or in a copy, the FILE of --output,\n"
    "                     as it must be if the program is still running\n"
    "  -h, --help         show this help\n"
    "  -V, --version      show the version\n"
    "\n"
    "Options for ebb-trace come before PROGRAM. The exit status is that of PROGRAM. The whole story is in the\n"
    "manual: man ebb-trace.\n";

enum { REPAIR = 256 };

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'}, {"follow", no_argument, NULL, 'f'},
    {"sites", optional_argument, NULL, 's'},  {"quiet", no_argument, NULL, 'q'},
    {"repair", no_argument, NULL, REPAIR},    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},      {NULL, 0, NULL, 0},
};

/* As misuse(), with a status that cannot be taken for the program's. */
static _Noreturn void refuse(const char *what) {
    complain("%s", what);
    suggest_help(LAUNCH_FAILED);
}

static unsigned read_callers(const char *text) {
    if (text == NULL) {
        return 1;
    }
    const bool is_digit = text[0] >= '1' && text[0] < '1' + CALLERS_MOST && text[1] == '\0';
    if (!is_digit) {
        refuse("--sites takes a number from 1 to 8");
    }
    return (unsigned)(text[0] - '0');
}

static void read_option(struct options *self, int letter) {
    switch (letter) {
    case 'o':
        self->output = optarg;
        break;
    case 'f':
        self->follows = true;
        break;
    case 's':
        self->callers = read_callers(optarg);
        break;
    case 'q':
        self->is_quiet = true;
        break;
    case REPAIR:
        self->repairs = true;
        break;
    case 'h':
        show_help(help, LAUNCH_FAILED);
    case 'V':
        show_version(LAUNCH_FAILED);
    default: /* getopt has said what is wrong */
        suggest_help(LAUNCH_FAILED);
    }
}

struct options options_read(int count, char **arguments) {
    struct options self = {.output = NULL};
    int letter = 0;
    /* "+": what comes behind the program's name is the program's. */
    while ((letter = getopt_long(count, arguments, "+o:fs::qhV", long_options, NULL)) != -1) {
        read_option(&self, letter);
    }
    self.operands = arguments + optind;
    self.operand_count = count - optind;
    if (self.operand_count == 0) {
        refuse(self.repairs ? "which trace?" : "which program?");
    }
    if (self.repairs && self.output != NULL && self.operand_count > 1) {
        refuse("--output takes one trace only");
    }
    return self;
}
