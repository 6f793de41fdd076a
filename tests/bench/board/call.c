/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "../call.h"

/* The compiler may make copying and clearing of its own out of anything, so the accounts are read right at the call. */
void make_call(struct call *call) {
    apart_store = apart_copy = apart_clear = (struct apart){0, 0};
    make_counted_call(call);
    call->store = apart_store;
    call->copying = apart_copy;
    call->clearing = apart_clear;
}
