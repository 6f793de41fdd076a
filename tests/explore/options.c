/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "Usage: explore_BITS_GRANULE [OPTION]...\n"
    "Explores all states of a small heap. Says how many there are, or the shortest way to one that is wrong.\n"
    "  --granules N       user space that the store has, in granules (default 6, at most 32)\n"
    "  --answers LIST     what the store may say: yes,refused,less,more,moved (the default, all of them)\n"
    "  --policies LIST    what the policy may change to, and begins with: grow,return,fixed,adaptive,limited\n"
    "                     (default return; see options.c)\n"
    "  --crumb BYTES      how much 'less' gives, and 'more' gives too much (default: a granule)\n"
    "  --gap BYTES        how far 'moved' moves the end (default: a granule)\n"
    "  --store-granule N  the store likes the region to end at multiples of N bytes (default: a granule)\n"
    "  --zero             the store promises zeroes\n"
    "  --depth N          calls from the start (default: no bound)\n"
    "  --states N         stop after so many states (default: no bound)\n"
    "  --close            fail if a bound was met\n"
    "  --help             show this\n"
    "Exit status: 0 nothing is wrong, 1 something is, or --close and not closed, 2 wrong usage.\n";

_Noreturn static void misuse(const char *option, const char *value) {
    fprintf(stderr, "explore: %s makes no sense with '%s'\nTry --help.\n", option, value);
    exit(2);
}

static size_t read_number(const char *option, const char *text, size_t least, size_t most) {
    char *end = NULL;
    unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value < least || value > most) {
        misuse(option, text);
    }
    return value;
}

/* Calls `add` for each name of a list that is separated by commas. */
static void read_list(struct options *self, const char *option, const char *list,
                      bool (*add)(struct options *self, const char *name, size_t length)) {
    for (const char *name = list;; name++) {
        size_t length = strcspn(name, ",");
        if (!add(self, name, length)) {
            misuse(option, list);
        }
        name += length;
        if (*name == '\0') {
            return;
        }
    }
}

static bool is_name(const char *known, const char *name, size_t length) {
    return strlen(known) == length && memcmp(known, name, length) == 0;
}

static bool add_answer(struct options *self, const char *name, size_t length) {
    static const char *const names[ANSWERS] = {"yes", "refused", "less", "more", "moved"};
    for (unsigned answer = 0; answer < ANSWERS; answer++) {
        if (is_name(names[answer], name, length)) {
            self->setting.answers |= 1u << answer;
            return true;
        }
    }
    return false;
}

/* Small enough to make a difference in a small heap. */
static struct ebb_policy policy_called(const char *name, const struct setting *setting) {
    struct ebb_geometry geometry = ebb_get_geometry();
    size_t granule = geometry.granule;
    size_t user = setting->granules * granule;
    switch (name[0]) {
    case 'g':
        return (struct ebb_policy){.strategy = EBB_GROW_ONLY, .quantum = granule};
    case 'r':
        return (struct ebb_policy){.strategy = EBB_GROW_AND_RETURN, .quantum = granule, .return_above = 2 * granule};
    case 'f':
        return (struct ebb_policy){.strategy = EBB_FIXED};
    case 'l':
        return (struct ebb_policy){.strategy = EBB_GROW_AND_RETURN,
                                   .quantum = 2 * granule,
                                   .maximum = geometry.control_block + geometry.header + user - 2 * granule};
    default:
        return (struct ebb_policy){.strategy = EBB_GROW_AND_RETURN, .move_price = (uint32_t)(user * 4)};
    }
}

static bool add_policy(struct options *self, const char *name, size_t length) {
    static const char *const names[] = {"grow", "return", "fixed", "adaptive", "limited"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (is_name(names[i], name, length) && self->policy_count < MOST_POLICIES) {
            self->policy_names[self->policy_count++] = names[i];
            return true;
        }
    }
    return false;
}

static void read_option(struct options *self, const char *option, const char *value) {
    struct setting *setting = &self->setting;
    if (strcmp(option, "--granules") == 0) {
        setting->granules = read_number(option, value, 2, MOST_GRANULES);
    } else if (strcmp(option, "--answers") == 0) {
        read_list(self, option, value, add_answer);
    } else if (strcmp(option, "--policies") == 0) {
        read_list(self, option, value, add_policy);
    } else if (strcmp(option, "--crumb") == 0) {
        setting->crumb = read_number(option, value, 1, 64);
    } else if (strcmp(option, "--gap") == 0) {
        setting->gap = read_number(option, value, 1, 64);
    } else if (strcmp(option, "--store-granule") == 0) {
        setting->store_granule = read_number(option, value, 1, 64);
    } else if (strcmp(option, "--depth") == 0) {
        self->most_depth = (uint32_t)read_number(option, value, 1, UINT32_MAX);
    } else if (strcmp(option, "--states") == 0) {
        self->most_states = (uint32_t)read_number(option, value, 1, UINT32_MAX);
    } else {
        fprintf(stderr, "explore: there is no option '%s'\nTry --help.\n", option);
        exit(2);
    }
}

static void set_defaults(struct options *self) {
    size_t granule = ebb_get_geometry().granule;
    *self = (struct options){.most_states = UINT32_MAX, .most_depth = UINT32_MAX};
    self->setting = (struct setting){.granules = 6, .crumb = granule, .gap = granule, .store_granule = granule};
}

/* What depends on other options, in whatever order those came. */
static void complete(struct options *self) {
    if (self->setting.answers == 0) {
        self->setting.answers = (1u << ANSWERS) - 1;
    }
    if (self->policy_count == 0) {
        self->policy_names[self->policy_count++] = "return";
    }
    for (size_t i = 0; i < self->policy_count; i++) {
        self->policies[i] = policy_called(self->policy_names[i], &self->setting);
    }
}

void options_read(struct options *self, int argc, char **argv) {
    set_defaults(self);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            fputs(usage, stdout);
            exit(0);
        } else if (strcmp(argv[i], "--zero") == 0) {
            self->setting.fresh_is_zero = true;
        } else if (strcmp(argv[i], "--close") == 0) {
            self->must_close = true;
        } else if (i + 1 < argc) {
            read_option(self, argv[i], argv[i + 1]);
            i++;
        } else {
            misuse(argv[i], "nothing after it");
        }
    }
    complete(self);
}

void options_print(const struct options *self) {
    const struct setting *setting = &self->setting;
    struct ebb_geometry geometry = ebb_get_geometry();
    /* A seal is as wide as what it seals. */
    size_t number_bits = geometry.header * 8 / (geometry.hardening == 2 ? 2 : 1);
    printf("numbers of %zu bits, granule %zu, %zu granules", number_bits, geometry.granule, setting->granules);
    for (size_t i = 0; i < self->policy_count; i++) {
        printf("%s%s", i == 0 ? ", " : "+", self->policy_names[i]);
    }
    printf(setting->fresh_is_zero ? ", zeroes" : "");
}

void options_print_start(const struct options *self) {
    for (size_t i = 0; i < self->policy_count; i++) {
        const struct ebb_policy *policy = &self->policies[i];
        printf(
            "    struct ebb_policy policy_%zu = {.strategy = %u, .maximum = %zu, .quantum = %zu, .return_above = %zu, "
            ".move_price = %u};\n",
            i, (unsigned)policy->strategy, policy->maximum, policy->quantum, policy->return_above,
            (unsigned)policy->move_price);
    }
    printf(
        "    struct ebb_heap *heap = ebb_create(&store, &policy_0); /* block_N: N granules above the first block */\n");
}
