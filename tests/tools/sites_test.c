/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Each chain of callers has one number, in the order in which they came, up to the last one that there is. */
#include "sites.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct callers chain(uintptr_t innermost, uintptr_t next) {
    return (struct callers){{innermost, next}};
}

static void expect(uintptr_t innermost, uintptr_t next, uint32_t number, bool is_new) {
    const struct callers callers = chain(innermost, next);
    bool found_new = !is_new;

    assert_int_equal(sites_number(&callers, &found_new), number);
    assert_int_equal(found_new, is_new);
}

static void chains_are_told_apart_by_each_caller(void **state) {
    (void)state;
    sites_forget();
    expect(0x1000, 0, 1, true);
    expect(0x1000, 0x2000, 2, true);
    expect(0x2000, 0x1000, 3, true);
    expect(0x1000, 0, 1, false);
    expect(0x2000, 0x1000, 3, false);
    sites_forget();
    expect(0x2000, 0x1000, 1, true);
}

/* Addresses a few bytes apart, as those of calls are: all find their place, and again. */
static void there_are_as_many_as_promised(void **state) {
    (void)state;
    sites_forget();
    for (uint32_t site = 1; site <= SITES_MOST; site++) {
        expect(0x400000 + 5 * (uintptr_t)site, 0x800000 + site % 3, site, true);
    }
    expect(0x10, 0, 0, false);
    for (uint32_t site = SITES_MOST; site > 0; site--) {
        expect(0x400000 + 5 * (uintptr_t)site, 0x800000 + site % 3, site, false);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_are_told_apart_by_each_caller),
        cmocka_unit_test(there_are_as_many_as_promised),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
