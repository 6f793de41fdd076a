/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The kernel's own rules, each with its borders. What Tock does, not what would be nice: a heap that is tested on this
 * kernel is only tested if the kernel is right.
 */
#include <board.h>
#include <cmocka.h>
#include <lives.h>

#include <string.h>

#define NO_SUCH_DRIVER 0x777

static uintptr_t first_break;
static unsigned char buffer[16];

static void nothing(void) {
}

static uintptr_t the_break(void) {
    return board_fact(BOARD_FACT_BREAK);
}

static bool brk(uintptr_t address) {
    struct board_answer answer = board_memop(BOARD_MEMOP_BRK, address);
    if (!answer.success) {
        assert_int_equal(answer.value, BOARD_ERROR_NOMEM);
    }
    return answer.success;
}

/* Asserts that the break can go to `address`, and that it is there then. */
static void assert_brk(uintptr_t address) {
    bool moved = brk(address);
    assert_true(moved);
    assert_int_equal(the_break(), address);
}

/* Asserts that it cannot, and that nothing has changed. */
static void assert_no_brk(uintptr_t address) {
    uintptr_t before = the_break();
    uintptr_t reachable = board_fact(BOARD_FACT_REACHABLE_END);
    bool moved = brk(address);
    assert_false(moved);
    assert_int_equal(the_break(), before);
    assert_int_equal(board_fact(BOARD_FACT_REACHABLE_END), reachable);
}

static uintptr_t round_up(uintptr_t address) {
    uintptr_t granule = board_fact(BOARD_FACT_GRANULE);
    return (address + granule - 1) / granule * granule;
}

static uintptr_t round_down(uintptr_t address) {
    return address / board_fact(BOARD_FACT_GRANULE) * board_fact(BOARD_FACT_GRANULE);
}

static unsigned char *at(uintptr_t address) {
    return (unsigned char *)address;
}

/* ---- Answers ---- */

static void addresses_are_told(void **state) {
    (void)state;
    uintptr_t ram_start = board_memop(BOARD_MEMOP_RAM_START, 0).value;
    uintptr_t ram_end = board_memop(BOARD_MEMOP_RAM_END, 0).value;
    assert_int_equal(ram_end - ram_start, BLOCK);
    assert_int_equal(board_memop(BOARD_MEMOP_GRANTS_START, 0).value, ram_end - BOARD_KERNEL_OWNED);
    uintptr_t code = (uintptr_t)addresses_are_told;
    assert_in_range(code, board_memop(BOARD_MEMOP_FLASH_START, 0).value, board_memop(BOARD_MEMOP_FLASH_END, 0).value);
    assert_in_range((uintptr_t)&ram_start, ram_start, first_break);
}

/* Kernels on 64-bit machines have variants of their own for what does not fit into 32 bits. */
static uintptr_t variant(uintptr_t of_32_bits, uintptr_t of_64_bits) {
    return sizeof(void *) > 4 ? of_64_bits : of_32_bits;
}

static void answers_have_tocks_variants(void **state) {
    (void)state;
    uintptr_t words[4] = {BOARD_MEMOP_SBRK, 0, 0, 0};
    board_syscall_memop(words);
    assert_int_equal(words[0], variant(BOARD_SUCCESS_U32, BOARD_SUCCESS_POINTER));
    assert_int_equal(words[1], first_break);
    words[0] = BOARD_MEMOP_BRK;
    board_syscall_memop(words);
    assert_int_equal(words[0], BOARD_SUCCESS);
    words[0] = BOARD_MEMOP_BRK;
    words[1] = 0;
    board_syscall_memop(words);
    assert_int_equal(words[0], BOARD_FAILURE);
    assert_int_equal(words[1], BOARD_ERROR_NOMEM);
    words[0] = BOARD_MEMOP_GRANTS_START;
    board_syscall_memop(words);
    assert_int_equal(words[0], variant(BOARD_SUCCESS_U32, BOARD_SUCCESS_ADDRESS));
    assert_int_equal(words[1], board_fact(BOARD_FACT_GRANTS_START));
}

static void shared_things_have_tocks_variants(void **state) {
    (void)state;
    uintptr_t words[4] = {BOARD_DRIVER_CONSOLE, 0, 0, 0};
    board_syscall_subscribe(words);
    assert_int_equal(words[0], variant(BOARD_SUCCESS_U32_U32, BOARD_SUCCESS_UPCALL));
    words[0] = NO_SUCH_DRIVER;
    board_syscall_subscribe(words);
    assert_int_equal(words[0], variant(BOARD_FAILURE_U32_U32, BOARD_FAILURE_UPCALL));
    void (*const calls[])(uintptr_t words[4]) = {board_syscall_allow_read_write, board_syscall_allow_read_only,
                                                 board_syscall_allow_userspace_readable};
    for (size_t index = 0; index < sizeof calls / sizeof calls[0]; index++) {
        uintptr_t buffers[4] = {BOARD_DRIVER_CONSOLE, 0, 0, 0};
        calls[index](buffers);
        assert_int_equal(buffers[0], variant(BOARD_SUCCESS_U32_U32, BOARD_SUCCESS_BUFFER));
        buffers[0] = NO_SUCH_DRIVER;
        calls[index](buffers);
        assert_int_equal(buffers[0], variant(BOARD_FAILURE_U32_U32, BOARD_FAILURE_BUFFER));
    }
}

static void other_operations_answer_as_in_tock(void **state) {
    (void)state;
    assert_int_equal(board_memop(BOARD_MEMOP_FLASH_REGIONS, 0).value, 0);
    assert_int_equal(board_memop(BOARD_MEMOP_FLASH_REGION_START, 0).value, BOARD_ERROR_FAIL);
    assert_int_equal(board_memop(BOARD_MEMOP_FLASH_REGION_END, 0).value, BOARD_ERROR_FAIL);
    assert_true(board_memop(BOARD_MEMOP_STACK_TOP, 1).success == true);
    assert_true(board_memop(BOARD_MEMOP_HEAP_START, 1).success == true);
    assert_int_equal(board_memop(12, 0).value, BOARD_ERROR_NOSUPPORT);
}

/* ---- Where the break can go ---- */

static void break_is_byte_exact(void **state) {
    (void)state;
    for (uintptr_t step = 1; step < 40; step++) {
        assert_brk(first_break + step);
    }
    assert_int_equal(board_memop(BOARD_MEMOP_SBRK, (uintptr_t)-3).value, first_break + 39);
    assert_int_equal(the_break(), first_break + 36);
}

static void start_of_heap_is_not_protected(void **state) {
    (void)state;
    assert_brk(first_break - 1);
    assert_brk(first_break);
}

static void nonsense_is_refused(void **state) {
    (void)state;
    uintptr_t ram_start = board_fact(BOARD_FACT_RAM_START);
    uintptr_t ram_end = board_fact(BOARD_FACT_RAM_END);
    uintptr_t addresses[] = {0, UINTPTR_MAX, ram_start - 1, ram_end, ram_end + 1, ram_end - 1};
    for (size_t index = 0; index < sizeof addresses / sizeof addresses[0]; index++) {
        assert_no_brk(addresses[index]);
    }
    uintptr_t increments[] = {(uintptr_t)1 << 30, -((uintptr_t)1 << 30), INTPTR_MAX, (uintptr_t)INTPTR_MIN};
    for (size_t index = 0; index < sizeof increments / sizeof increments[0]; index++) {
        assert_int_equal(board_memop(BOARD_MEMOP_SBRK, increments[index]).value, BOARD_ERROR_NOMEM);
        assert_int_equal(the_break(), first_break);
    }
}

static void highest_break_is_the_last_whose_rounded_end_is_below_the_grants(void **state) {
    (void)state;
    board_use_driver(0, 24);
    uintptr_t highest = round_down(board_fact(BOARD_FACT_GRANTS_START));
    assert_no_brk(board_fact(BOARD_FACT_GRANTS_START) + 1);
    assert_no_brk(highest + 1);
    assert_brk(highest);
    assert_int_equal(board_fact(BOARD_FACT_REACHABLE_END), highest);
}

static void refused_growth_is_not_partial(void **state) {
    (void)state;
    uintptr_t room = round_down(board_fact(BOARD_FACT_GRANTS_START)) - first_break;
    assert_int_equal(board_memop(BOARD_MEMOP_SBRK, room + 1).value, BOARD_ERROR_NOMEM);
    assert_int_equal(the_break(), first_break);
    assert_int_equal(board_memop(BOARD_MEMOP_SBRK, room).value, first_break);
}

/* ---- What can be touched ---- */

static void granule_is_that_of_the_machine(void **state) {
    (void)state;
#if defined(__ARM_ARCH_8M_MAIN__)
    assert_int_equal(board_fact(BOARD_FACT_GRANULE), 32);
#elif defined(__arm__)
    assert_int_equal(board_fact(BOARD_FACT_GRANULE), BLOCK / 16);
#else
    assert_int_equal(board_fact(BOARD_FACT_GRANULE), 4);
#endif
}

#if BOARD_IS_PROTECTED

/* At a number of breaks, the byte below the rounded end can be read and written, and the byte there cannot. */
static void rounded_end_is_where_touches_fault(void **state) {
    (void)state;
    uintptr_t granule = board_fact(BOARD_FACT_GRANULE);
    uintptr_t breaks[] = {first_break,
                          first_break + 1,
                          round_up(first_break + 5000),
                          round_up(first_break + 5000) + 1,
                          first_break + 3 * granule,
                          first_break};
    for (size_t index = 0; index < sizeof breaks / sizeof breaks[0]; index++) {
        assert_brk(breaks[index]);
        uintptr_t end = round_up(breaks[index]);
        assert_int_equal(board_fact(BOARD_FACT_REACHABLE_END), end);
        assert_false(board_read_faults(at(end - 1)) == true);
        assert_false(board_write_faults(at(end - 1)) == true);
        assert_true(board_read_faults(at(end)) == true);
        assert_true(board_write_faults(at(end)) == true);
    }
}

/* In steps of one granule over the whole block, so that both halves of the MPU's cover are seen. */
static void every_granule_can_be_the_last(void **state) {
    (void)state;
    uintptr_t highest = round_down(board_fact(BOARD_FACT_GRANTS_START));
    uintptr_t step = round_up(500);
    for (uintptr_t end = round_up(first_break); end <= highest; end += step) {
        assert_brk(end);
        assert_false(board_write_faults(at(end - 1)) == true);
        assert_true(board_write_faults(at(end)) == true);
        assert_true(board_read_faults(at(highest)) == true);
    }
}

static void kernel_and_grants_are_out_of_reach(void **state) {
    (void)state;
    assert_int_equal(board_use_driver(0, 100), 0);
    uintptr_t ram_end = board_fact(BOARD_FACT_RAM_END);
    assert_brk(round_down(board_fact(BOARD_FACT_GRANTS_START)));
    assert_true(board_read_faults(at(board_fact(BOARD_FACT_GRANTS_START))) == true);
    assert_true(board_write_faults(at(ram_end - 1)) == true);
    assert_true(board_read_faults(at(ram_end)) == true);
    assert_true(board_read_faults(at(board_fact(BOARD_FACT_RAM_START) - 1)) == true);
    assert_true(board_write_faults(at(board_memop(BOARD_MEMOP_FLASH_START, 0).value)) == true);
    assert_false(board_read_faults(at(board_memop(BOARD_MEMOP_FLASH_START, 0).value)) == true);
    assert_true(board_read_faults(at(board_memop(BOARD_MEMOP_FLASH_START, 0).value - 1)) == true);
}

#endif

/* ---- Zeroing ---- */

static bool all_bytes_are(uintptr_t start, uintptr_t end, unsigned char value) {
    for (uintptr_t address = start; address < end; address++) {
        if (*at(address) != value) {
            return false;
        }
    }
    return true;
}

static void growth_is_zeroed_also_after_a_shrink(void **state) {
    (void)state;
    assert_brk(first_break + 3000);
    assert_true(all_bytes_are(first_break, first_break + 3000, 0) == true);
    memset(at(first_break), 1, 3000);
    assert_brk(first_break + 1000);
    assert_brk(first_break + 3000);
    assert_true(all_bytes_are(first_break, first_break + 1000, 1) == true);
    assert_true(all_bytes_are(first_break + 1000, first_break + 3000, 0) == true);
}

/* Wherever it begins and ends within a word. */
static void growth_is_zeroed_to_the_byte(void **state) {
    (void)state;
    for (uintptr_t from = first_break; from < first_break + 8; from++) {
        for (uintptr_t to = from; to < from + 16; to++) {
            assert_brk(first_break + 32);
            memset(at(first_break), 1, 32);
            assert_brk(from);
            assert_brk(to);
            assert_true(all_bytes_are(first_break, from, 1) == true);
            assert_true(all_bytes_are(from, to, 0) == true);
            assert_true(to == board_fact(BOARD_FACT_REACHABLE_END) || *at(to) != 0);
        }
    }
}

static void slack_above_the_break_is_not_zeroed(void **state) {
    (void)state;
    assert_brk(round_up(first_break) + 1);
    uintptr_t end = board_fact(BOARD_FACT_REACHABLE_END);
    assert_true(all_bytes_are(the_break(), end, BOARD_RAM_FILL) == true);
}

static void growth_is_not_zeroed_if_zeroing_is_off(void **state) {
    (void)state;
    board_set_zeroing(false);
    assert_brk(first_break + 3000);
    assert_true(all_bytes_are(first_break, first_break + 3000, BOARD_RAM_FILL) == true);
    memset(at(first_break), 1, 3000);
    assert_brk(first_break + 1000);
    assert_brk(first_break + 3000);
    uintptr_t kept = first_break + 3000;
#if !BOARD_IS_PROTECTED
    /* Beyond what was reachable, the kernel has left its own mark. */
    kept = round_up(first_break + 1000);
    assert_true(all_bytes_are(kept, first_break + 3000, BOARD_RAM_FILL) == true);
#endif
    assert_true(all_bytes_are(first_break, kept, 1) == true);
}

/* ---- High-water mark ---- */

/* The break goes so high that no more than `room` bytes are left for grants. */
static void leave_room(size_t room) {
    uintptr_t highest = round_down(board_fact(BOARD_FACT_GRANTS_START));
    assert_brk(highest);
    size_t slack = board_fact(BOARD_FACT_GRANTS_START) - highest;
    if (slack > room) {
        assert_int_equal(board_use_driver(BOARD_DRIVER_GRANT_COUNT - 1, slack - room), 0);
    }
}

static void allow_pins_the_break_at_the_buffers_end(void **state) {
    (void)state;
    assert_brk(first_break + 2000);
    assert_int_equal(board_allow_read_write(BOARD_DRIVER_CONSOLE, at(first_break + 100), 16), 0);
    assert_int_equal(board_fact(BOARD_FACT_HIGH_WATER_MARK), first_break + 116);
    assert_no_brk(first_break + 115);
    assert_brk(first_break + 116);
}

static void taking_the_buffer_back_does_not_unpin(void **state) {
    (void)state;
    assert_brk(first_break + 2000);
    assert_int_equal(board_allow_read_write(BOARD_DRIVER_CONSOLE, at(first_break + 100), 16), 0);
    assert_int_equal(board_allow_read_write(BOARD_DRIVER_CONSOLE, NULL, 0), 0);
    assert_int_equal(board_allow_read_write(BOARD_DRIVER_CONSOLE, buffer, sizeof buffer), 0);
    assert_no_brk(first_break + 115);
}

static void every_kind_of_allow_pins(void **state) {
    (void)state;
    assert_brk(first_break + 2000);
    assert_int_equal(board_allow_read_write(BOARD_DRIVER_CONSOLE, at(first_break), 1), 0);
    assert_int_equal(board_fact(BOARD_FACT_HIGH_WATER_MARK), first_break + 1);
    assert_int_equal(board_allow_read_only(BOARD_DRIVER_CONSOLE, at(first_break), 2), 0);
    assert_int_equal(board_fact(BOARD_FACT_HIGH_WATER_MARK), first_break + 2);
    assert_int_equal(board_allow_userspace_readable(BOARD_DRIVER_CONSOLE, at(first_break), 3), 0);
    assert_int_equal(board_fact(BOARD_FACT_HIGH_WATER_MARK), first_break + 3);
}

/* The kernel takes the buffer before the driver says that it knows no such one. */
static void allow_that_the_driver_refuses_pins_as_well(void **state) {
    (void)state;
    assert_brk(first_break + 2000);
    uintptr_t words[4] = {BOARD_DRIVER_CONSOLE, BOARD_DRIVER_ALLOW_COUNT, first_break + 100, 16};
    board_syscall_allow_read_write(words);
    assert_int_equal(words[1], BOARD_ERROR_NOSUPPORT);
    assert_int_equal(board_fact(BOARD_FACT_HIGH_WATER_MARK), first_break + 116);
    assert_no_brk(first_break + 115);
}

/* Here it has nobody to offer the buffer to. */
static void allow_to_no_driver_pins_nothing(void **state) {
    (void)state;
    assert_brk(first_break + 2000);
    assert_int_equal(board_allow_read_write(NO_SUCH_DRIVER, at(first_break + 100), 16), BOARD_ERROR_NODEVICE);
    assert_int_equal(board_fact(BOARD_FACT_HIGH_WATER_MARK), board_fact(BOARD_FACT_RAM_START));
    assert_brk(first_break);
}

static void allow_refused_for_want_of_a_grant_pins_as_well(void **state) {
    (void)state;
    leave_room(BOARD_GRANT_DEFAULT_SIZE - 8);
    assert_int_equal(board_allow_read_only(BOARD_DRIVER_GRANT, at(first_break), 16), BOARD_ERROR_NOMEM);
    assert_int_equal(board_fact(BOARD_FACT_HIGH_WATER_MARK), first_break + 16);
}

static void empty_or_invalid_allow_pins_nothing(void **state) {
    (void)state;
    uintptr_t mark = board_fact(BOARD_FACT_HIGH_WATER_MARK);
    assert_brk(first_break + 2000);
    assert_int_equal(board_allow_read_write(BOARD_DRIVER_CONSOLE, at(first_break + 100), 0), 0);
    assert_int_equal(board_allow_read_write(BOARD_DRIVER_CONSOLE, at(first_break + 1999), 2), BOARD_ERROR_INVAL);
    assert_int_equal(board_allow_read_write(BOARD_DRIVER_CONSOLE, at(first_break), SIZE_MAX), BOARD_ERROR_INVAL);
    assert_int_equal(board_fact(BOARD_FACT_HIGH_WATER_MARK), mark);
}

static void constants_can_be_shared_read_only_and_pin_nothing(void **state) {
    (void)state;
    static const char constant[] = "constant";
    uintptr_t mark = board_fact(BOARD_FACT_HIGH_WATER_MARK);
    assert_int_equal(board_allow_read_only(BOARD_DRIVER_CONSOLE, constant, sizeof constant), 0);
    assert_int_equal(board_allow_read_write(BOARD_DRIVER_CONSOLE, at((uintptr_t)constant), sizeof constant),
                     BOARD_ERROR_INVAL);
    assert_int_equal(board_fact(BOARD_FACT_HIGH_WATER_MARK), mark);
}

static void console_pins_nothing_and_needs_no_grant(void **state) {
    (void)state;
    uintptr_t mark = board_fact(BOARD_FACT_HIGH_WATER_MARK);
    uintptr_t grants = board_fact(BOARD_FACT_GRANTS_START);
    assert_brk(first_break + 100);
    memset(at(first_break), ' ', 10);
    board_write((const char *)at(first_break), 10);
    board_print("\n");
    assert_int_equal(board_fact(BOARD_FACT_HIGH_WATER_MARK), mark);
    assert_int_equal(board_fact(BOARD_FACT_GRANTS_START), grants);
}

static void console_refuses_what_is_not_the_apps(void **state) {
    (void)state;
    uintptr_t address = the_break() - 1;
    struct board_answer answer = board_command(BOARD_DRIVER_CONSOLE, BOARD_CONSOLE_WRITE, address, 2);
    assert_false(answer.success);
    assert_int_equal(answer.value, BOARD_ERROR_INVAL);
}

/* ---- Grants ---- */

static void first_use_takes_a_grant_from_the_top(void **state) {
    (void)state;
    uintptr_t top = board_fact(BOARD_FACT_GRANTS_START);
    assert_int_equal(board_use_driver(0, 97), 0);
    uintptr_t first = (top - 97) & ~(sizeof(void *) - 1);
    assert_int_equal(board_fact(BOARD_FACT_GRANTS_START), first);
    assert_int_equal(board_use_driver(1, 8), 0);
    assert_int_equal(board_fact(BOARD_FACT_GRANTS_START), first - 8);
}

static void later_use_takes_nothing(void **state) {
    (void)state;
    assert_int_equal(board_use_driver(0, 100), 0);
    uintptr_t grants = board_fact(BOARD_FACT_GRANTS_START);
    assert_int_equal(board_use_driver(0, 100), 0);
    assert_int_equal(board_allow_read_write(BOARD_DRIVER_GRANT, NULL, 0), 0);
    assert_int_equal(board_fact(BOARD_FACT_GRANTS_START), grants);
}

static void first_allow_takes_a_grant_too(void **state) {
    (void)state;
    uintptr_t top = board_fact(BOARD_FACT_GRANTS_START);
    assert_int_equal(board_allow_read_only(BOARD_DRIVER_GRANT + 5, buffer, sizeof buffer), 0);
    assert_int_equal(board_fact(BOARD_FACT_GRANTS_START), top - BOARD_GRANT_DEFAULT_SIZE);
}

static void first_subscribe_takes_a_grant_too(void **state) {
    (void)state;
    uintptr_t top = board_fact(BOARD_FACT_GRANTS_START);
    assert_int_equal(board_subscribe(BOARD_DRIVER_GRANT + 3, nothing), 0);
    assert_int_equal(board_fact(BOARD_FACT_GRANTS_START), top - BOARD_GRANT_DEFAULT_SIZE);
    assert_int_equal(board_subscribe(BOARD_DRIVER_GRANT + 3, NULL), 0);
    assert_int_equal(board_fact(BOARD_FACT_GRANTS_START), top - BOARD_GRANT_DEFAULT_SIZE);
}

static void subscribe_fails_as_in_tock(void **state) {
    (void)state;
    uintptr_t top = board_fact(BOARD_FACT_GRANTS_START);
    uintptr_t foreign[4] = {BOARD_DRIVER_GRANT, 0, board_fact(BOARD_FACT_RAM_END), 0};
    board_syscall_subscribe(foreign);
    assert_int_equal(foreign[1], BOARD_ERROR_INVAL);
    assert_int_equal(board_subscribe(NO_SUCH_DRIVER, nothing), BOARD_ERROR_NODEVICE);
    assert_int_equal(board_fact(BOARD_FACT_GRANTS_START), top);
    uintptr_t beyond[4] = {BOARD_DRIVER_GRANT, BOARD_DRIVER_UPCALL_COUNT, 0, 0};
    board_syscall_subscribe(beyond);
    assert_int_equal(beyond[1], BOARD_ERROR_NOSUPPORT);
    assert_int_equal(board_fact(BOARD_FACT_GRANTS_START), top - BOARD_GRANT_DEFAULT_SIZE);
}

/* Whatever an app does first with a driver, without room for the grant it is told NOMEM, and nothing else happens. */
static void every_first_use_without_room_is_refused(void **state) {
    (void)state;
    leave_room(BOARD_GRANT_DEFAULT_SIZE - 8);
    uintptr_t grants = board_fact(BOARD_FACT_GRANTS_START);
    assert_int_equal(board_subscribe(BOARD_DRIVER_GRANT, nothing), BOARD_ERROR_NOMEM);
    assert_int_equal(board_allow_read_write(BOARD_DRIVER_GRANT, buffer, sizeof buffer), BOARD_ERROR_NOMEM);
    assert_int_equal(board_allow_read_only(BOARD_DRIVER_GRANT, buffer, sizeof buffer), BOARD_ERROR_NOMEM);
    assert_int_equal(board_use_driver(0, BOARD_GRANT_DEFAULT_SIZE), BOARD_ERROR_NOMEM);
    assert_int_equal(board_fact(BOARD_FACT_GRANTS_START), grants);
    assert_brk(first_break);
    assert_int_equal(board_subscribe(BOARD_DRIVER_GRANT, nothing), 0);
}

static void there_are_so_many_drivers(void **state) {
    (void)state;
    assert_int_equal(board_use_driver(BOARD_DRIVER_GRANT_COUNT - 1, 8), 0);
    assert_int_equal(board_use_driver(BOARD_DRIVER_GRANT_COUNT, 8), BOARD_ERROR_NODEVICE);
}

/* To the byte: the grant's start may touch the rounded end, and not be below it. */
static void grant_fits_exactly_or_is_refused(void **state) {
    (void)state;
    uintptr_t top = board_fact(BOARD_FACT_GRANTS_START);
    uintptr_t limit = round_down((top - 2500) & ~(uintptr_t)7);
    assert_brk(limit - 3);
    assert_int_equal(board_fact(BOARD_FACT_REACHABLE_END), limit);
    assert_int_equal(board_use_driver(0, top - limit + 1), BOARD_ERROR_NOMEM);
    assert_int_equal(board_fact(BOARD_FACT_GRANTS_START), top);
    assert_int_equal(board_use_driver(0, top - limit), 0);
    assert_int_equal(board_fact(BOARD_FACT_GRANTS_START), limit);
    assert_no_brk(limit + 1);
    assert_brk(limit);
}

/* The case that ebb is there for. */
static void shrinking_makes_room_once_the_rounded_end_has_dropped(void **state) {
    (void)state;
    uintptr_t granule = board_fact(BOARD_FACT_GRANULE);
    uintptr_t highest = round_down(board_fact(BOARD_FACT_GRANTS_START));
    uintptr_t size = board_fact(BOARD_FACT_GRANTS_START) - highest + 8;
    assert_brk(highest);
    assert_int_equal(board_use_driver(0, size), BOARD_ERROR_NOMEM);
    assert_brk(highest - granule + 1);
    assert_int_equal(board_use_driver(0, size), BOARD_ERROR_NOMEM);
    assert_brk(round_down(highest - 8));
    assert_int_equal(board_use_driver(0, size), 0);
}

static void absurd_grant_is_refused(void **state) {
    (void)state;
    assert_int_equal(board_use_driver(0, SIZE_MAX), BOARD_ERROR_NOMEM);
    assert_int_equal(board_use_driver(0, (size_t)1 << 31), BOARD_ERROR_NOMEM);
    assert_int_equal(board_use_driver(0, BLOCK), BOARD_ERROR_NOMEM);
}

/* ---- What a test can make happen ---- */

static void foreign_move_comes_just_before_the_call(void **state) {
    (void)state;
    board_inject_move(2, 64);
    assert_int_equal(board_memop(BOARD_MEMOP_SBRK, 100).value, first_break);
    assert_int_equal(board_memop(BOARD_MEMOP_SBRK, 100).value, first_break + 164);
    assert_int_equal(board_memop(BOARD_MEMOP_SBRK, 0).value, first_break + 264);
}

static void grant_of_another_driver_comes_just_before_the_call(void **state) {
    (void)state;
    uintptr_t top = board_fact(BOARD_FACT_GRANTS_START);
    assert_int_equal(board_use_driver(0, 8), 0);
    board_inject_grant(2, 80);
    assert_brk(first_break + 100);
    assert_int_equal(board_fact(BOARD_FACT_GRANTS_START), top - 8);
    assert_no_brk(top - 8);
    assert_int_equal(board_fact(BOARD_FACT_GRANTS_START), top - 88);
    /* The driver after the last one that had a grant. */
    assert_int_equal(board_use_driver(1, 80), 0);
    assert_int_equal(board_fact(BOARD_FACT_GRANTS_START), top - 88);
}

static void refusals_come_when_planned(void **state) {
    (void)state;
    uintptr_t refusals = board_fact(BOARD_FACT_BREAK_REFUSALS);
    board_inject_refusals(2, 2);
    assert_brk(first_break + 1);
    assert_no_brk(first_break + 2);
    assert_no_brk(first_break + 3);
    assert_brk(first_break + 4);
    assert_int_equal(board_fact(BOARD_FACT_BREAK_REFUSALS), refusals + 2);
}

static void limit_is_exact_and_can_be_lifted(void **state) {
    (void)state;
    board_limit_break(first_break + 5);
    assert_brk(first_break + 5);
    assert_no_brk(first_break + 6);
    assert_brk(first_break);
    board_limit_break(0);
    assert_brk(first_break + 6);
}

static void what_a_limit_allowed_and_what_it_refused_is_kept(void **state) {
    (void)state;
    board_limit_break(first_break + 100);
    assert_int_equal(board_fact(BOARD_FACT_HIGHEST_BREAK), first_break);
    assert_int_equal(board_fact(BOARD_FACT_LOWEST_REFUSED), 0);
    assert_brk(first_break + 80);
    assert_brk(first_break + 90);
    assert_no_brk(first_break + 300);
    assert_no_brk(first_break + 101);
    assert_no_brk(first_break + 200);
    assert_brk(first_break);
    assert_int_equal(board_fact(BOARD_FACT_HIGHEST_BREAK), first_break + 90);
    assert_int_equal(board_fact(BOARD_FACT_LOWEST_REFUSED), first_break + 101);
    board_limit_break(0);
    assert_int_equal(board_fact(BOARD_FACT_HIGHEST_BREAK), first_break);
    assert_no_brk(UINTPTR_MAX);
    assert_int_equal(board_fact(BOARD_FACT_LOWEST_REFUSED), 0);
}

static void calls_and_moves_are_counted(void **state) {
    (void)state;
    uintptr_t calls = board_fact(BOARD_FACT_BREAK_CALLS);
    uintptr_t moves = board_fact(BOARD_FACT_BREAK_MOVES);
    assert_brk(first_break + 1);
    assert_brk(first_break + 1);
    assert_no_brk(0);
    assert_int_equal(board_fact(BOARD_FACT_BREAK_CALLS), calls + 3);
    assert_int_equal(board_fact(BOARD_FACT_BREAK_MOVES), moves + 1);
}

static void shrinks_that_free_nothing_are_counted(void **state) {
    (void)state;
    uintptr_t vain = board_fact(BOARD_FACT_VAIN_SHRINKS);
    uintptr_t end = round_up(first_break) + 2 * board_fact(BOARD_FACT_GRANULE);
    assert_brk(end);
    assert_brk(end - 1);
    assert_int_equal(board_fact(BOARD_FACT_VAIN_SHRINKS), vain + 1);
    assert_brk(end - board_fact(BOARD_FACT_GRANULE));
    assert_brk(end);
    assert_brk(end);
    assert_int_equal(board_fact(BOARD_FACT_VAIN_SHRINKS), vain + 1);
}

/* ---- One life for each test: break, grants and mark are as at the start ---- */

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(addresses_are_told),
    cmocka_unit_test(answers_have_tocks_variants),
    cmocka_unit_test(shared_things_have_tocks_variants),
    cmocka_unit_test(other_operations_answer_as_in_tock),
    cmocka_unit_test(break_is_byte_exact),
    cmocka_unit_test(start_of_heap_is_not_protected),
    cmocka_unit_test(nonsense_is_refused),
    cmocka_unit_test(highest_break_is_the_last_whose_rounded_end_is_below_the_grants),
    cmocka_unit_test(refused_growth_is_not_partial),
    cmocka_unit_test(granule_is_that_of_the_machine),
#if BOARD_IS_PROTECTED
    cmocka_unit_test(rounded_end_is_where_touches_fault),
    cmocka_unit_test(every_granule_can_be_the_last),
    cmocka_unit_test(kernel_and_grants_are_out_of_reach),
#endif
    cmocka_unit_test(growth_is_zeroed_also_after_a_shrink),
    cmocka_unit_test(growth_is_zeroed_to_the_byte),
    cmocka_unit_test(slack_above_the_break_is_not_zeroed),
    cmocka_unit_test(growth_is_not_zeroed_if_zeroing_is_off),
    cmocka_unit_test(allow_pins_the_break_at_the_buffers_end),
    cmocka_unit_test(taking_the_buffer_back_does_not_unpin),
    cmocka_unit_test(every_kind_of_allow_pins),
    cmocka_unit_test(allow_that_the_driver_refuses_pins_as_well),
    cmocka_unit_test(allow_to_no_driver_pins_nothing),
    cmocka_unit_test(allow_refused_for_want_of_a_grant_pins_as_well),
    cmocka_unit_test(empty_or_invalid_allow_pins_nothing),
    cmocka_unit_test(constants_can_be_shared_read_only_and_pin_nothing),
    cmocka_unit_test(console_pins_nothing_and_needs_no_grant),
    cmocka_unit_test(console_refuses_what_is_not_the_apps),
    cmocka_unit_test(first_use_takes_a_grant_from_the_top),
    cmocka_unit_test(later_use_takes_nothing),
    cmocka_unit_test(first_allow_takes_a_grant_too),
    cmocka_unit_test(first_subscribe_takes_a_grant_too),
    cmocka_unit_test(subscribe_fails_as_in_tock),
    cmocka_unit_test(every_first_use_without_room_is_refused),
    cmocka_unit_test(there_are_so_many_drivers),
    cmocka_unit_test(grant_fits_exactly_or_is_refused),
    cmocka_unit_test(shrinking_makes_room_once_the_rounded_end_has_dropped),
    cmocka_unit_test(absurd_grant_is_refused),
    cmocka_unit_test(foreign_move_comes_just_before_the_call),
    cmocka_unit_test(grant_of_another_driver_comes_just_before_the_call),
    cmocka_unit_test(refusals_come_when_planned),
    cmocka_unit_test(limit_is_exact_and_can_be_lifted),
    cmocka_unit_test(what_a_limit_allowed_and_what_it_refused_is_kept),
    cmocka_unit_test(calls_and_moves_are_counted),
    cmocka_unit_test(shrinks_that_free_nothing_are_counted),
};

int main(void) {
    first_break = the_break();
    return run_tests_in_lives(tests);
}
