/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* One call of an allocator, made in such a way that its instructions can be counted. */
#ifndef EBB_BENCH_CALL_H
#define EBB_BENCH_CALL_H

#include <stdint.h>

/* board/call.S knows this layout: words, in this order. */
struct call {
    uintptr_t function;
    uintptr_t argument[3];
    uintptr_t result;
    uintptr_t instructions; /* retired by the call, as counted; 0 where nothing can count */
};

/* Calls `function` with the arguments and fills in the result and the count. */
void make_call(struct call *call);

/* What a call spends in functions that are counted apart from it: the store's, copying, clearing. */
struct apart {
    uintptr_t instructions;
    uintptr_t calls;
};

extern struct apart apart_store;
extern struct apart apart_copy;
extern struct apart apart_clear;

#endif
