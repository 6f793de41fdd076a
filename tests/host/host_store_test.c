/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The host store, callback by callback, with the system's real memory protection and with system calls that fail. */

#include "bytes.h"
#include "process.h"
#include "wrapped_calls.h"

#include <ebb/heap.h>
#include <ebb/host_store.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

enum { PAGES_RESERVED = 16 };

static const size_t mebibyte = (size_t)1024 * 1024;

static size_t page_size(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* ---- System calls that can be made to fail, and are counted ---- */

static bool refusing;
static unsigned calls;

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int descriptor, off_t offset) {
    calls++;
    if (refusing) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return __real_mmap(address, size, protection, flags, descriptor, offset);
}

int __wrap_mprotect(void *address, size_t size, int protection) {
    calls++;
    if (refusing) {
        errno = ENOMEM;
        return -1;
    }
    return __real_mprotect(address, size, protection);
}

int __wrap_munmap(void *address, size_t size) {
    calls++;
    if (refusing) {
        errno = ENOMEM;
        return -1;
    }
    return __real_munmap(address, size);
}

/* ---- A store for each test ---- */

static struct ebb_span grow(struct ebb_host_store *host, size_t size) {
    return host->store.grow(host->store.context, size);
}

static size_t shrink(struct ebb_host_store *host, size_t size) {
    return host->store.shrink(host->store.context, size);
}

static int set_up(void **state) {
    static struct ebb_host_store host;
    *state = &host;
    return ebb_host_store_init(&host, PAGES_RESERVED * page_size());
}

static int tear_down(void **state) {
    refusing = false;
    return ebb_host_store_destroy(*state);
}

/* ---- Tests ---- */

static void test_says_what_it_is(void **state) {
    const struct ebb_host_store *host = *state;
    assert_int_equal(host->store.granule, page_size());
    assert_true(host->store.fresh_is_zero);
    assert_non_null(host->store.shrink);
}

static void test_nothing_is_accessible_at_first(void **state) {
    const struct ebb_host_store *host = *state;
    assert_int_equal(host->committed, 0);
    assert_true(touch_faults(host->base));
    assert_true(touch_faults(host->base + host->reserved - 1));
}

static void test_grows_by_whole_zero_pages(void **state) {
    struct ebb_host_store *host = *state;
    const struct ebb_span first = grow(host, 1);
    assert_ptr_equal(first.start, host->base);
    assert_int_equal(first.size, page_size());
    assert_true(bytes_are(first.start, 0, first.size));
    memset(first.start, 0xA5, first.size);

    const struct ebb_span second = grow(host, page_size() + 1);
    assert_ptr_equal(second.start, host->base + page_size());
    assert_int_equal(second.size, 2 * page_size());
    assert_true(bytes_are(second.start, 0, second.size));
}

static void test_touch_from_the_end_on_faults(void **state) {
    struct ebb_host_store *host = *state;
    grow(host, 3 * page_size());
    assert_false(touch_faults(host->base + 3 * page_size() - 1));
    assert_true(touch_faults(host->base + 3 * page_size()));

    assert_int_equal(shrink(host, page_size()), page_size());
    assert_false(touch_faults(host->base + 2 * page_size() - 1));
    assert_true(touch_faults(host->base + 2 * page_size()));
}

/* As the system lists them, line by line: "start-end rw-p ...". Of the piece of memory that holds `address`. */
static void read_permissions(const void *address, char permissions[5]) {
    unsigned long long end = 0;
    char line[500];
    FILE *pieces = fopen("/proc/self/maps", "re");
    assert_non_null(pieces);
    while (end <= (uintptr_t)address) {
        char *rest = NULL;
        assert_non_null(fgets(line, sizeof line, pieces));
        (void)strtoull(line, &rest, 16);
        end = strtoull(rest + 1, &rest, 16);
        memcpy(permissions, rest + 1, 4);
    }
    permissions[4] = '\0';
    (void)fclose(pieces);
}

static void test_heap_memory_is_no_code(void **state) {
    struct ebb_host_store *host = *state;
    char permissions[5];
    grow(host, 4 * page_size());
    shrink(host, page_size());
    grow(host, page_size());
    read_permissions(host->base, permissions);
    assert_string_equal(permissions, "rw-p");
    read_permissions(host->base + host->committed, permissions);
    assert_string_equal(permissions, "---p");
}

static void test_returned_pages_come_back_zero(void **state) {
    struct ebb_host_store *host = *state;
    const size_t size = 4 * page_size();
    grow(host, size);
    memset(host->base, 0xA5, size);
    assert_int_equal(shrink(host, 3 * page_size()), 3 * page_size());
    assert_int_equal(grow(host, 3 * page_size()).size, 3 * page_size());
    assert_int_equal(host->base[page_size() - 1], 0xA5);
    assert_true(bytes_are(host->base + page_size(), 0, 3 * page_size()));
}

static void test_shrinks_by_whole_pages_at_most(void **state) {
    struct ebb_host_store *host = *state;
    grow(host, 4 * page_size());
    assert_int_equal(shrink(host, page_size() - 1), 0);
    assert_int_equal(shrink(host, 2 * page_size() - 1), page_size());
    assert_int_equal(shrink(host, SIZE_MAX), 3 * page_size());
    assert_int_equal(shrink(host, page_size()), 0);
    assert_int_equal(host->committed, 0);
}

static void test_gives_what_is_left_then_refuses(void **state) {
    struct ebb_host_store *host = *state;
    grow(host, (PAGES_RESERVED - 2) * page_size());
    assert_int_equal(grow(host, 5 * page_size()).size, 2 * page_size());
    assert_int_equal(grow(host, 1).size, 0);
    assert_int_equal(grow(host, SIZE_MAX).size, 0);
    assert_false(touch_faults(host->base + host->reserved - 1));

    assert_int_equal(shrink(host, page_size()), page_size());
    assert_int_equal(grow(host, SIZE_MAX).size, page_size());
}

static void test_refusals_of_the_system_change_nothing(void **state) {
    struct ebb_host_store *host = *state;
    grow(host, 2 * page_size());
    memset(host->base, 0xA5, 2 * page_size());
    refusing = true;
    errno = EILSEQ;
    assert_int_equal(grow(host, 1).size, 0);
    assert_int_equal(shrink(host, page_size()), 0);
    assert_int_equal(errno, EILSEQ);
    assert_int_equal(ebb_host_store_destroy(host), ENOMEM);
    refusing = false;
    assert_int_equal(host->committed, 2 * page_size());
    assert_int_equal(host->base[2 * page_size() - 1], 0xA5);
    assert_int_equal(grow(host, 1).size, page_size());
    assert_int_equal(shrink(host, page_size()), page_size());
}

static void test_init_reports_errno(void **state) {
    (void)state;
    struct ebb_host_store host;
    struct ebb_host_store before;
    memset(&host, 0x5A, sizeof host);
    memset(&before, 0x5A, sizeof before);
    assert_int_equal(ebb_host_store_init(&host, 0), EINVAL);
    assert_int_equal(ebb_host_store_init(&host, SIZE_MAX), ENOMEM);
    assert_int_equal(ebb_host_store_init(&host, SIZE_MAX / 2), ENOMEM);
    refusing = true;
    assert_int_equal(ebb_host_store_init(&host, page_size()), ENOMEM);
    refusing = false;
    assert_memory_equal(&host, &before, sizeof host);
}

static void test_reserve_is_rounded_up_to_pages(void **state) {
    (void)state;
    struct ebb_host_store host;
    assert_int_equal(ebb_host_store_init(&host, page_size() + 1), 0);
    assert_int_equal(host.reserved, 2 * page_size());
    assert_int_equal(ebb_host_store_destroy(&host), 0);
}

static void test_each_call_is_one_of_the_system_or_none(void **state) {
    (void)state;
    struct ebb_host_store host;
    calls = 0;
    assert_int_equal(ebb_host_store_init(&host, 8 * page_size()), 0);
    assert_int_equal(calls, 1);
    assert_int_equal(grow(&host, 2 * page_size()).size, 2 * page_size());
    assert_int_equal(calls, 2);
    assert_int_equal(shrink(&host, page_size()), page_size());
    assert_int_equal(calls, 3);
    assert_int_equal(shrink(&host, page_size() - 1), 0);
    assert_int_equal(calls, 3);
    assert_int_equal(grow(&host, SIZE_MAX).size, 7 * page_size());
    assert_int_equal(calls, 4);
    assert_int_equal(grow(&host, 1).size, 0);
    assert_int_equal(calls, 4);
    assert_int_equal(ebb_host_store_destroy(&host), 0);
    assert_int_equal(calls, 5);
}

static void test_destroyed_store_refuses(void **state) {
    struct ebb_host_store *host = *state;
    unsigned char *base = host->base;
    grow(host, 1);
    assert_int_equal(ebb_host_store_destroy(host), 0);
    assert_true(touch_faults(base));
    assert_int_equal(host->reserved, 0);
    assert_int_equal(host->committed, 0);
    assert_null(host->base);
    assert_int_equal(grow(host, 1).size, 0);
    assert_int_equal(shrink(host, page_size()), 0);
    assert_int_equal(ebb_host_store_destroy(host), 0);
}

static void test_reserving_takes_no_memory(void **state) {
    (void)state;
    const size_t before = resident_bytes();
    struct ebb_host_store host;
    assert_int_equal(ebb_host_store_init(&host, 4096 * mebibyte), 0);
    assert_in_range(resident_bytes(), 0, before + RESIDENT_SLACK);
    assert_int_equal(ebb_host_store_destroy(&host), 0);
}

static size_t resident_pages(unsigned char *start, size_t pages) {
    unsigned char present[64];
    assert_in_range(pages, 1, sizeof present);
    assert_int_equal(mincore(start, pages * page_size(), present), 0);
    size_t count = 0;
    for (size_t i = 0; i < pages; i++) {
        count += present[i] & 1;
    }
    return count;
}

static void test_returned_pages_leave_memory(void **state) {
    struct ebb_host_store *host = *state;
    grow(host, PAGES_RESERVED * page_size());
    memset(host->base, 0xA5, PAGES_RESERVED * page_size());
    assert_int_equal(resident_pages(host->base, PAGES_RESERVED), PAGES_RESERVED);
    shrink(host, (PAGES_RESERVED - 1) * page_size());
    assert_int_equal(resident_pages(host->base, PAGES_RESERVED), 1);
}

static void test_resident_set_falls(void **state) {
    (void)state;
    struct ebb_host_store host;
    const size_t size = 64 * mebibyte;
    assert_int_equal(ebb_host_store_init(&host, size), 0);
    const size_t before = resident_bytes();
    assert_int_equal(grow(&host, size).size, size);
    memset(host.base, 0xA5, size);
    const size_t full = resident_bytes();
    assert_int_equal(shrink(&host, size), size);
    const size_t after = resident_bytes();
    print_message("resident: %zu KiB, full %zu KiB, shrunk %zu KiB\n", before / 1024, full / 1024, after / 1024);
    assert_true(full >= before + size);
    assert_true(after <= before + RESIDENT_SLACK);
    assert_int_equal(ebb_host_store_destroy(&host), 0);
}

static void grow_and_write(void *context) {
    struct ebb_host_store *host = context;
    memset(host->base, 0x5A, page_size());
    const struct ebb_span added = grow(host, page_size());
    memset(added.start, 0x5A, added.size);
    if (added.size != page_size() || shrink(host, SIZE_MAX) != 2 * page_size()) {
        _exit(1);
    }
}

static void test_fork_gives_the_child_its_own(void **state) {
    struct ebb_host_store *host = *state;
    grow(host, page_size());
    memset(host->base, 0xA5, page_size());
    assert_int_equal(run_in_child(grow_and_write, host), 0);
    assert_int_equal(host->base[0], 0xA5);
    assert_true(touch_faults(host->base + page_size()));
}

static void test_heap_gives_its_pages_back(void **state) {
    struct ebb_host_store *host = *state;
    struct ebb_heap *heap = ebb_create(&host->store, NULL);
    assert_non_null(heap);
    const size_t size = 10 * page_size();
    unsigned char *block = ebb_alloc(heap, size);
    assert_non_null(block);
    memset(block, 0xA5, size);
    assert_in_range(host->committed, size, PAGES_RESERVED * page_size());
    ebb_free(heap, block);
    ebb_trim(heap);
    assert_in_range(host->committed, 1, page_size());
    assert_true(touch_faults(block + size - 1));

    struct ebb_statistics figures;
    ebb_get_statistics(heap, &figures);
    assert_int_equal(figures.region_bytes, host->committed);
    assert_int_equal(ebb_destroy(heap), 0);
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_says_what_it_is),
        STORE_TEST(test_nothing_is_accessible_at_first),
        STORE_TEST(test_grows_by_whole_zero_pages),
        STORE_TEST(test_touch_from_the_end_on_faults),
        STORE_TEST(test_heap_memory_is_no_code),
        STORE_TEST(test_returned_pages_come_back_zero),
        STORE_TEST(test_shrinks_by_whole_pages_at_most),
        STORE_TEST(test_gives_what_is_left_then_refuses),
        STORE_TEST(test_refusals_of_the_system_change_nothing),
        cmocka_unit_test(test_init_reports_errno),
        cmocka_unit_test(test_reserve_is_rounded_up_to_pages),
        cmocka_unit_test(test_each_call_is_one_of_the_system_or_none),
        STORE_TEST(test_destroyed_store_refuses),
        cmocka_unit_test(test_reserving_takes_no_memory),
        STORE_TEST(test_returned_pages_leave_memory),
        cmocka_unit_test(test_resident_set_falls),
        STORE_TEST(test_fork_gives_the_child_its_own),
        STORE_TEST(test_heap_gives_its_pages_back),
    };
    return cmocka_run_group_tests_name("host store", tests, NULL, NULL);
}
