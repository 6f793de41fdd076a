/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* For tools that measure nothing but ebb. */
#ifndef EBB_BENCH_SUBJECT_EBB_H
#define EBB_BENCH_SUBJECT_EBB_H

#include "subject.h"

#include <ebb/heap.h>

/* The heap of the last subject_begin(). */
struct ebb_heap *subject_heap(void);

#endif
