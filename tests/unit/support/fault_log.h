/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Remembers what a heap told its fault handler. */
#ifndef UNIT_FAULT_LOG_H
#define UNIT_FAULT_LOG_H

#include <ebb/heap.h>

#include <setjmp.h>
#include <stdint.h>

struct fault_log {
    uint32_t count;
    enum ebb_fault fault;
    const void *address;
};

/* Empties `self` and makes it the fault handler of `heap`. */
void fault_log_attach(struct fault_log *self, struct ebb_heap *heap);

/* Asserts that exactly one fault, of this kind and at this address, was told since the last look; then forgets it. */
void fault_log_expect(struct fault_log *self, enum ebb_fault fault, const void *address);

/* The same for a block that was freed and may have been swallowed by a larger one: freed, or no block any longer. */
void fault_log_expect_gone(struct fault_log *self, const void *address);

/* Asserts that nothing was told since the last look. */
void fault_log_expect_none(const struct fault_log *self);

/* A fault handler that remembers nothing, and leaves the call that it is told of: to where this was set. */
extern jmp_buf fault_log_way_out;
_Noreturn void fault_log_leave(void *context, enum ebb_fault fault, const void *address);

#endif
