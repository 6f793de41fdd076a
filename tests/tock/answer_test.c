/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The answers of memop, and what the memory protection is taken for. */
#include "answer.h"
#include "protection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void success_without_a_value_has_none(void **state) {
    (void)state;
    assert_int_equal(ebb_tock_decode(128, 77), 0);
    assert_int_equal(ebb_tock_decode(128, UINTPTR_MAX), 0);
}

static void success_with_a_value_has_it(void **state) {
    (void)state;
    assert_int_equal(ebb_tock_decode(129, 0x20001234), 0x20001234);
#if UINTPTR_MAX > UINT32_MAX
    assert_int_equal(ebb_tock_decode(136, 0x20001234), 0x20001234);
    assert_int_equal(ebb_tock_decode(137, 0x20001234), 0x20001234);
#endif
}

/* Among them those that the kernel uses for other calls, whose second register holds something else. */
static void all_other_variants_are_refusals(void **state) {
    (void)state;
    for (uintptr_t variant = 0; variant < 1024; variant++) {
        if (variant != 128 && variant != 129 && variant != 136 && variant != 137) {
            assert_int_equal(ebb_tock_decode(variant, 0x20001234), EBB_TOCK_REFUSED);
        }
    }
    assert_int_equal(ebb_tock_decode(UINTPTR_MAX, 0x20001234), EBB_TOCK_REFUSED);
    assert_int_equal(ebb_tock_decode((uintptr_t)0 - 128, 0x20001234), EBB_TOCK_REFUSED);
}

static void a_power_of_two_is_protected_in_sixteenths(void **state) {
    (void)state;
    assert_int_equal(ebb_tock_cortex_m_protection_granule(512), 32);
    assert_int_equal(ebb_tock_cortex_m_protection_granule(8192), 512);
    assert_int_equal(ebb_tock_cortex_m_protection_granule(16384), 1024);
    assert_int_equal(ebb_tock_cortex_m_protection_granule(65536), 4096);
}

static void any_other_block_is_protected_to_32_bytes(void **state) {
    (void)state;
    assert_int_equal(ebb_tock_cortex_m_protection_granule(0), 32);
    assert_int_equal(ebb_tock_cortex_m_protection_granule(256), 32);
    assert_int_equal(ebb_tock_cortex_m_protection_granule(12928), 32);
    assert_int_equal(ebb_tock_cortex_m_protection_granule(65536 - 32), 32);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(success_without_a_value_has_none),
        cmocka_unit_test(success_with_a_value_has_it),
        cmocka_unit_test(all_other_variants_are_refusals),
        cmocka_unit_test(a_power_of_two_is_protected_in_sixteenths),
        cmocka_unit_test(any_other_block_is_protected_to_32_bytes),
    };
    return cmocka_run_group_tests_name("tock answer", tests, NULL, NULL);
}
