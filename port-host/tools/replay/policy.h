/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Policies as they are written on a command line: "return,quantum=4K,above=8K". */
#ifndef EBB_REPLAY_POLICY_H
#define EBB_REPLAY_POLICY_H

#include <ebb/heap.h>

struct named_policy {
    char *name; /* as it is written; from malloc() */
    struct ebb_policy policy;
};

/*
 * Reads one setting, such as "quantum" and "4K"; complains and ends the program, naming `where`, if it makes no
 * sense.
 */
void policy_set(struct ebb_policy *policy, const char *setting, const char *value, const char *where);

/* Reads a strategy and settings, separated by commas, on top of `base`; ends the program as policy_set() does. */
struct named_policy policy_read(const char *text, const struct ebb_policy *base);

/* Calls a policy what policy_read() would read it from. */
struct named_policy policy_named(const struct ebb_policy *policy);

#endif
