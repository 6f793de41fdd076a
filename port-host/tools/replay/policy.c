/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "policy.h"

#include "../../source/byte_count.h"
#include "../common/command_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const strategies[] = {
    [EBB_GROW_AND_RETURN] = "return",
    [EBB_GROW_ONLY] = "grow",
    [EBB_FIXED] = "fixed",
};

enum { STRATEGIES = sizeof strategies / sizeof strategies[0] };

static void set_strategy(struct ebb_policy *policy, const char *value, const char *where) {
    for (uint32_t strategy = 0; strategy < STRATEGIES; strategy++) {
        if (strcmp(strategies[strategy], value) == 0) {
            policy->strategy = strategy;
            return;
        }
    }
    misuse("%s: the strategy is return, grow or fixed, not '%s'", where, value);
}

static size_t bytes_in(const char *value, const char *where) {
    size_t bytes = 0;
    if (!byte_count_read(value, &bytes)) {
        misuse("%s: not a number of bytes, such as 4000 or 4K: '%s'", where, value);
    }
    return bytes;
}

static void set_move_price(struct ebb_policy *policy, const char *value, const char *where) {
    const size_t price = bytes_in(value, where);
    if (price > UINT32_MAX) {
        misuse("%s: the price of a move must fit 32 bits: '%s'", where, value);
    }
    policy->move_price = (uint32_t)price;
}

void policy_set(struct ebb_policy *policy, const char *setting, const char *value, const char *where) {
    if (strcmp(setting, "strategy") == 0) {
        set_strategy(policy, value, where);
    } else if (strcmp(setting, "maximum") == 0) {
        policy->maximum = bytes_in(value, where);
    } else if (strcmp(setting, "quantum") == 0) {
        policy->quantum = bytes_in(value, where);
    } else if (strcmp(setting, "above") == 0) {
        policy->return_above = bytes_in(value, where);
    } else if (strcmp(setting, "price") == 0) {
        set_move_price(policy, value, where);
    } else {
        misuse("%s: there is no setting '%s', only strategy, maximum, quantum, above and price", where, setting);
    }
}

struct named_policy policy_read(const char *text, const struct ebb_policy *base) {
    struct named_policy self = {.name = copy_text(text), .policy = *base};
    char *copy = copy_text(text);
    char *rest = NULL;
    for (char *word = strtok_r(copy, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest)) {
        char *equals = strchr(word, '=');
        if (equals == NULL) {
            policy_set(&self.policy, "strategy", word, text);
        } else {
            *equals = '\0';
            policy_set(&self.policy, word, equals + 1, text);
        }
    }
    free(copy);
    return self;
}

struct named_policy policy_named(const struct ebb_policy *policy) {
    char text[200];
    int length = snprintf(text, sizeof text, "%s", strategies[policy->strategy]);
    const struct {
        const char *name;
        size_t value;
    } settings[] = {{"quantum", policy->quantum},
                    {"above", policy->return_above},
                    {"price", policy->move_price},
                    {"maximum", policy->maximum}};
    for (size_t index = 0; index < sizeof settings / sizeof settings[0]; index++) {
        if (settings[index].value != 0) {
            length += snprintf(text + length, sizeof text - (size_t)length, ",%s=%zu", settings[index].name,
                               settings[index].value);
        }
    }
    return (struct named_policy){.name = copy_text(text), .policy = *policy};
}
