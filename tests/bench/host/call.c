/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* On a host nothing is counted; memory is what matters there. */
#include "call.h"
#include "counted.h"

typedef uintptr_t any_function(uintptr_t first, uintptr_t second, uintptr_t third);

/*
 * Fewer parameters, or pointers instead of integers, make no difference in the calling conventions of the hosts that
 * there are. A typed call for each function would be free of this assumption, but then the board, which must pass its
 * arguments in registers by hand, would replay by other code than this.
 */
void make_call(struct call *call) {
    any_function *function = (any_function *)call->function;

    call->result = function(call->argument[0], call->argument[1], call->argument[2]);
    call->instructions = 0;
}

struct ebb_span counted_grow(void *context, size_t size) {
    return plain_grow(context, size);
}

size_t counted_shrink(void *context, size_t size) {
    return plain_shrink(context, size);
}
