/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The control block, compiled with debug information, for the test that compares it with what the extension says. */
#include "control.h"

extern struct ebb_heap layout;
struct ebb_heap layout;
