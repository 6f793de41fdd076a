/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* One call of an allocator, made in such a way that its instructions can be counted. */
#ifndef EBB_BENCH_CALL_H
#define EBB_BENCH_CALL_H

#include <stdint.h>

/* What a call spends in functions that are counted apart from it. */
struct apart {
    uintptr_t instructions;
    uintptr_t calls;
};

/* Each board's counted_call.S knows how this begins: words, in this order. */
struct call {
    uintptr_t function;
    uintptr_t argument[3];
    uintptr_t result;
    uintptr_t instructions; /* of the call, or its time where only that can be had; 0 where nothing can count */
    struct apart store;     /* of these, in the store's functions */
    struct apart copying;   /* in memcpy() and memmove() */
    struct apart clearing;  /* in memset() */
};

/* Calls `function` with the arguments and fills in the result and all counts. */
void make_call(struct call *call);

/* The board's part of it: the first six words only. */
void make_counted_call(struct call *call);

/* Where the layers around the store's functions, memcpy() and the like add to. */
extern struct apart apart_store;
extern struct apart apart_copy;
extern struct apart apart_clear;

/* An empty function, and the same behind the layer that counts the store apart: what they cost, counting costs. */
void nothing(void);
void counted_nothing(void);

#endif
