/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "options.h"

#include "../../source/byte_count.h"
#include "../common/command_line.h"
#include "jobs.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "Usage: ebb-replay [OPTION]... TRACE...\n"
    "Replay recorded allocations on ebb, and print what memory they take.\n"
    "\n"
    "Heap:\n"
    "  -g, --geometry=BITS/GRANULE  16/8, 16/16, 32/8, 32/16 or all; several by several options\n"
    "                               (default: 32/16 for traces of 64-bit programs, else 16/8 or 32/8, by peak)\n"
    "  -s, --strategy=STRATEGY      return (default), grow or fixed\n"
    "  -m, --maximum=BYTES          the most that the heap may have (default: no limit)\n"
    "  -q, --quantum=BYTES          grow by so much at a time (default: adapt)\n"
    "  -a, --return-above=BYTES     with a quantum: idle bytes that a free may leave\n"
    "  -p, --move-price=BYTES       without: bytes idle for one call that a move of the end is worth\n"
    "  -P, --policy=POLICY          compare this policy: a strategy and settings, such as\n"
    "                               return,quantum=4K,above=8K or return,price=5000 or fixed,maximum=64K;\n"
    "                               several by several options; what it leaves open is as said above\n"
    "      --store-granule=BYTES    the end of the heap is best moved by multiples of this, such as a page\n"
    "\n"
    "Output:\n"
    "  -f, --format=FORMAT          table (default), csv or json\n"
    "  -o, --output=FILE            write to FILE instead of standard output\n"
    "  -t, --timeline=FILE          write memory and fragmentation over time to FILE, as CSV\n"
    "      --samples=N              samples over time (default: 100)\n"
    "  -e, --events=FILE            write every call of one replay to FILE, as JSON Lines, and nothing else\n"
    "      --no-search              do not search for the smallest maximum\n"
    "      --no-time                do not time the calls\n"
    "      --must-fit               exit with status 3 if a request fails\n"
    "\n"
    "  -j, --jobs=N                 replay N at once (default: the number of processors)\n"
    "  -h, --help                   show this help\n"
    "  -V, --version                show the version\n"
    "\n"
    "BYTES may end in K, M or G. TRACE - is standard input. The whole story is in the manual: man ebb-replay.\n";

enum { STORE_GRANULE = 256, SAMPLES, NO_SEARCH, NO_TIME, MUST_FIT };

static const struct option long_options[] = {
    {"geometry", required_argument, NULL, 'g'},
    {"strategy", required_argument, NULL, 's'},
    {"maximum", required_argument, NULL, 'm'},
    {"quantum", required_argument, NULL, 'q'},
    {"return-above", required_argument, NULL, 'a'},
    {"move-price", required_argument, NULL, 'p'},
    {"policy", required_argument, NULL, 'P'},
    {"store-granule", required_argument, NULL, STORE_GRANULE},
    {"format", required_argument, NULL, 'f'},
    {"output", required_argument, NULL, 'o'},
    {"timeline", required_argument, NULL, 't'},
    {"samples", required_argument, NULL, SAMPLES},
    {"events", required_argument, NULL, 'e'},
    {"no-search", no_argument, NULL, NO_SEARCH},
    {"no-time", no_argument, NULL, NO_TIME},
    {"must-fit", no_argument, NULL, MUST_FIT},
    {"jobs", required_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

/* What can only be understood when all options are read. */
struct pending {
    struct ebb_policy base;
    const char **policies; /* room for as many as there are arguments */
};

static void add_core(struct options *self, const struct core *core) {
    for (size_t index = 0; index < self->core_count; index++) {
        if (self->cores[index] == core) {
            return;
        }
    }
    self->cores[self->core_count++] = core;
}

static void read_geometry(struct options *self, const char *value) {
    if (strcmp(value, "all") == 0) {
        for (size_t index = 0; index < CORES; index++) {
            add_core(self, cores[index]);
        }
        return;
    }
    const struct core *core = core_named(value);
    if (core == NULL) {
        misuse("the geometry is 16/8, 16/16, 32/8, 32/16 or all, not '%s'", value);
    }
    add_core(self, core);
}

static void read_format(struct options *self, const char *value) {
    static const char *const formats[] = {[REPORT_TABLE] = "table", [REPORT_CSV] = "csv", [REPORT_JSON] = "json"};
    for (size_t format = 0; format < sizeof formats / sizeof formats[0]; format++) {
        if (strcmp(formats[format], value) == 0) {
            self->format = (enum report_format)format;
            return;
        }
    }
    misuse("the format is table, csv or json, not '%s'", value);
}

static size_t number_in(const char *value, const char *option, size_t least, size_t most) {
    size_t number = 0;
    if (!byte_count_read(value, &number) || number < least || number > most) {
        misuse("%s takes a number from %zu to %zu, not '%s'", option, least, most, value);
    }
    return number;
}

static void read_store_granule(struct options *self, const char *value) {
    const size_t granule = number_in(value, "--store-granule", 1, (size_t)1 << 30);
    if ((granule & (granule - 1)) != 0) {
        misuse("--store-granule takes a power of two, not '%s'", value);
    }
    self->settings.store_granule = granule;
}

/* Returns whether the option is one for a setting of the policy. */
static bool read_setting(struct ebb_policy *policy, int letter, const char *value) {
    static const struct {
        int letter;
        const char *setting;
        const char *option;
    } settings[] = {
        {'s', "strategy", "--strategy"},  {'m', "maximum", "--maximum"},  {'q', "quantum", "--quantum"},
        {'a', "above", "--return-above"}, {'p', "price", "--move-price"},
    };
    for (size_t index = 0; index < sizeof settings / sizeof settings[0]; index++) {
        if (settings[index].letter == letter) {
            policy_set(policy, settings[index].setting, value, settings[index].option);
            return true;
        }
    }
    return false;
}

static void read_output_option(struct options *self, int letter, const char *value) {
    switch (letter) {
    case 'f':
        read_format(self, value);
        break;
    case 'o':
        self->output = value;
        break;
    case 't':
        self->timeline = value;
        break;
    case 'e':
        self->events = value;
        break;
    default:
        self->settings.samples = (uint32_t)number_in(value, "--samples", 1, 1000000);
    }
}

static void read_option(struct options *self, struct pending *pending, int letter) {
    switch (letter) {
    case 'g':
        read_geometry(self, optarg);
        break;
    case STORE_GRANULE:
        read_store_granule(self, optarg);
        break;
    case 'P':
        pending->policies[self->policy_count++] = optarg;
        break;
    case NO_SEARCH:
        self->settings.searches = false;
        break;
    case NO_TIME:
        self->settings.times = false;
        break;
    case MUST_FIT:
        self->must_fit = true;
        break;
    case 'j':
        self->jobs = number_in(optarg, "--jobs", 1, 1024);
        break;
    case 'h':
        show_help(help, EXIT_FAILURE);
    case 'V':
        show_version(EXIT_FAILURE);
    case '?': /* getopt has said what is wrong */
        suggest_help(EXIT_MISUSE);
    default:
        if (!read_setting(&pending->base, letter, optarg)) {
            read_output_option(self, letter, optarg);
        }
    }
}

static void settle_policies(struct options *self, const struct pending *pending) {
    self->policies = allocate(self->policy_count + 1, sizeof *self->policies);
    for (size_t index = 0; index < self->policy_count; index++) {
        self->policies[index] = policy_read(pending->policies[index], &pending->base);
    }
    if (self->policy_count == 0) {
        self->policies[self->policy_count++] = policy_named(&pending->base);
    }
}

static void check(const struct options *self) {
    if (self->trace_count == 0) {
        misuse("which trace?");
    }
    if (self->events != NULL && (self->trace_count > 1 || self->policy_count > 1 || self->core_count > 1)) {
        misuse("--events shows one replay: one trace, one geometry, one policy");
    }
}

struct options options_read(int count, char **arguments) {
    struct options self = {.settings = {.samples = 100, .searches = true, .times = true}, .jobs = jobs_processors()};
    struct pending pending = {.policies = allocate((size_t)count, sizeof *pending.policies)};
    int letter = 0;
    while ((letter = getopt_long(count, arguments, "g:s:m:q:a:p:P:f:o:t:e:j:hV", long_options, NULL)) != -1) {
        read_option(&self, &pending, letter);
    }
    if (self.core_count == 0) {
        self.core_count = 1; /* NULL */
    }
    settle_policies(&self, &pending);
    free(pending.policies);
    self.traces = arguments + optind;
    self.trace_count = (size_t)(count - optind);
    check(&self);
    return self;
}

void options_close(struct options *self) {
    for (size_t index = 0; index < self->policy_count; index++) {
        free(self->policies[index].name);
    }
    free(self->policies);
}
