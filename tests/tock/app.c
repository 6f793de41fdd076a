/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include <ebb/tock.h>

#include "app_heap.h"
#include "boards.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app.h"

struct _reent thread;

int *__errno(void) {
    return &thread.error;
}

void boot(const struct fake_board *board) {
    fake_boot(board);
    ebb_tock_app_heap = NULL;
    thread = (struct _reent){0, 0};
}

uintptr_t boot_with_idle(size_t idle) {
    static const struct ebb_policy keep = {.strategy = EBB_GROW_ONLY};
    boot(&riscv);
    assert_true(ebb_tock_start(&keep, false));
    free(malloc(idle));
    fake_forget_counts();
    return fake_break();
}

void assert_no_error(void) {
    assert_int_equal(thread.error, 0);
    assert_int_equal(thread.rest, 0);
}

void assert_error(int error) {
    assert_int_equal(thread.error, error);
    thread.error = 0;
    assert_no_error();
}

size_t live_bytes(void) {
    struct ebb_statistics figures;
    ebb_tock_get_statistics(&figures);
    return figures.live_bytes;
}
