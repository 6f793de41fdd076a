/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "fault_log.h"

#include "test.h"

static void record(void *context, enum ebb_fault fault, const void *address) {
    struct fault_log *self = context;
    self->count++;
    self->fault = fault;
    self->address = address;
}

static void forget(struct fault_log *self) {
    self->count = 0;
    self->fault = (enum ebb_fault)0;
    self->address = NULL;
}

void fault_log_attach(struct fault_log *self, struct ebb_heap *heap) {
    forget(self);
    ebb_set_fault_handler(heap, record, self);
}

void fault_log_expect(struct fault_log *self, enum ebb_fault fault, const void *address) {
    assert_int_equal(self->count, 1);
    assert_int_equal(self->fault, fault);
    assert_ptr_equal(self->address, address);
    forget(self);
}

void fault_log_expect_gone(struct fault_log *self, const void *address) {
    assert_int_equal(self->count, 1);
    assert_true(self->fault == EBB_FAULT_FREED || self->fault == EBB_FAULT_CORRUPT);
    assert_ptr_equal(self->address, address);
    forget(self);
}

void fault_log_expect_none(const struct fault_log *self) {
    assert_int_equal(self->count, 0);
}

jmp_buf fault_log_way_out;

_Noreturn void fault_log_leave(void *context, enum ebb_fault fault, const void *address) {
    (void)context;
    (void)fault;
    (void)address;
    longjmp(fault_log_way_out, 1);
}
