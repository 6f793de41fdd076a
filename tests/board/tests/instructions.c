/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The instruction counter is exact, and tells the kernel's instructions from the app's. */
#include <board.h>
#include <cmocka.h>

#if defined(__arm__)
#define HUNDRED_INSTRUCTIONS ".rept 100\n\tadd r0, r0, #1\n\t.endr"
#define SCRATCH "r0"
#else
#define HUNDRED_INSTRUCTIONS ".rept 100\n\taddi t0, t0, 1\n\t.endr"
#define SCRATCH "t0"
#endif

static void nothing(void) {
}

static void hundred(void) {
    __asm__ volatile(HUNDRED_INSTRUCTIONS : : : SCRATCH, "memory");
}

/* Not inlined, so that what surrounds the call is the same, however the compiler orders it. */
__attribute__((noinline)) static uint32_t cost_of(void (*code)(void)) {
    uint32_t before = board_instructions();
    code();
    return board_instructions() - before;
}

/* Exact: a hundred more instructions are a hundred more, not about a hundred, whenever they are counted. */
static void instructions_are_counted_one_by_one(void **state) {
    (void)state;
    /* Volatile, or the compiler makes a copy of cost_of() for each of them. */
    void (*volatile code)(void) = nothing;
    uint32_t surroundings = cost_of(code);
    code = hundred;
    for (int round = 0; round < 50; round++) {
        assert_int_equal(cost_of(code) - surroundings, 100);
    }
}

/* Instructions from just before a memop until just after it: the call itself and the second look are included. */
static uint32_t instructions_around(uintptr_t operation, uintptr_t argument) {
#if defined(__arm__)
    register uintptr_t first __asm__("r0") = operation;
    register uintptr_t second __asm__("r1") = argument;
    uint32_t before;
    uint32_t after;
    __asm__ volatile("ldr %0, [%4]\n\t"
                     "svc 5\n\t"
                     "ldr %1, [%4]"
                     : "=&r"(before), "=&r"(after), "+r"(first), "+r"(second)
                     : "r"(BOARD_TIMER)
                     : "r2", "r3", "memory");
    return board_instructions_in(before - after);
#else
    register uintptr_t first __asm__("a0") = operation;
    register uintptr_t second __asm__("a1") = argument;
    register uintptr_t class_number __asm__("a4") = BOARD_CLASS_MEMOP;
    uintptr_t before;
    uintptr_t after;
    __asm__ volatile(".option push\n\t"
                     ".option arch, +zicsr\n\t"
                     "csrr %0, instret\n\t"
                     "ecall\n\t"
                     "csrr %1, instret\n\t"
                     ".option pop"
                     : "=&r"(before), "=&r"(after), "+r"(first), "+r"(second)
                     : "r"(class_number)
                     : "a2", "a3", "memory");
    return (uint32_t)(after - before);
#endif
}

/* What the app itself executed of that. */
static uint32_t own_instructions_around(uintptr_t operation, uintptr_t argument) {
    /* Reading the fact is a call as well, always of the same length, and is not yet counted in what it returns. */
    uint32_t first = (uint32_t)board_fact(BOARD_FACT_KERNEL_INSTRUCTIONS);
    uint32_t second = (uint32_t)board_fact(BOARD_FACT_KERNEL_INSTRUCTIONS);
    uint32_t both = instructions_around(operation, argument);
    uint32_t third = (uint32_t)board_fact(BOARD_FACT_KERNEL_INSTRUCTIONS);
    return both - ((third - second) - (second - first));
}

/* However long the kernel takes, the app's own share is two: the call and the second look. */
static void kernel_instructions_can_be_told_apart(void **state) {
    (void)state;
    assert_int_equal(own_instructions_around(BOARD_MEMOP_RAM_START, 0), 2);
    assert_int_equal(own_instructions_around(BOARD_MEMOP_SBRK, 4000), 2);
    assert_int_equal(own_instructions_around(BOARD_MEMOP_SBRK, (uintptr_t)-4000), 2);
    assert_int_equal(own_instructions_around(BOARD_MEMOP_BRK, 0), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instructions_are_counted_one_by_one),
        cmocka_unit_test(kernel_instructions_can_be_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
