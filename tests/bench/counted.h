/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The store's functions in two layers: counted_* are what the heap calls, they call plain_* and add what that took to
 * apart_store. On a host, where nothing is counted, they only pass the call on.
 */
#ifndef EBB_BENCH_COUNTED_H
#define EBB_BENCH_COUNTED_H

#include <ebb/store.h>

#include <stddef.h>

struct ebb_span counted_grow(void *context, size_t size);
struct ebb_span plain_grow(void *context, size_t size);
size_t counted_shrink(void *context, size_t size);
size_t plain_shrink(void *context, size_t size);

#endif
