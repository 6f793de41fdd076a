/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* For tests of what not every hardening level promises. */
#ifndef UNIT_LEVEL_H
#define UNIT_LEVEL_H

#include "test.h"

#include <ebb/heap.h>

/* Skips the test, and says why. */
static inline void skip_at_this_level(const char *reason) {
    print_message("hardening level %u: %s\n", ebb_get_geometry().hardening, reason);
    skip();
}

/* For a test of what is promised from `level` on: below, `reason`. */
static inline void needs_level(unsigned level, const char *reason) {
    if (ebb_get_geometry().hardening < level) {
        skip_at_this_level(reason);
    }
}

/* For a test that cannot be made at `level` and above, because there `reason`. */
static inline void needs_level_below(unsigned level, const char *reason) {
    if (ebb_get_geometry().hardening >= level) {
        skip_at_this_level(reason);
    }
}

/* A secret that is always the same: so what seals are does not depend on addresses, nor which forgery is lucky. */
static inline void set_known_secret(struct ebb_heap *heap) {
    assert_true(ebb_set_secret(heap, UINT64_C(0x853c49e6748fea9b)));
}

#endif
