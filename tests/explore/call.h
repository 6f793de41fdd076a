/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Carries out one operation in a world, and looks whether it did what the public headers promise. */
#ifndef EXPLORE_CALL_H
#define EXPLORE_CALL_H

#include "operation.h"

/* Returns NULL, or what was wrong. `policies` is what the operation's policy is a number of. */
const char *call_perform(struct world *world, const struct operation *operation, const struct ebb_policy *policies);

#endif
