/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* libtock-c's system calls, on a board. */
#include <board.h>
#include <libtock/tock.h>

syscall_return_t command(uint32_t driver, uint32_t command, int arg1, int arg2) {
    uintptr_t words[4] = {driver, command, (uintptr_t)arg1, (uintptr_t)arg2};
    board_syscall_command(words);
    return (syscall_return_t){.type = (syscall_rtype_t)words[0],
                              .data = {(uint32_t)words[1], (uint32_t)words[2], (uint32_t)words[3]}};
}

static bool succeeded(const uintptr_t words[4]) {
    return words[0] >= BOARD_SUCCESS;
}

static statuscode_t status_of(const uintptr_t words[4]) {
    return succeeded(words) ? TOCK_STATUSCODE_SUCCESS : (statuscode_t)words[1];
}

subscribe_return_t subscribe(uint32_t driver, uint32_t subscribe, subscribe_upcall uc, void *userdata) {
    uintptr_t words[4] = {driver, subscribe, (uintptr_t)uc, (uintptr_t)userdata};
    board_syscall_subscribe(words);
    return (subscribe_return_t){.success = succeeded(words), .status = status_of(words)};
}

allow_rw_return_t allow_readwrite(uint32_t driver, uint32_t allow, void *ptr, size_t size) {
    uintptr_t words[4] = {driver, allow, (uintptr_t)ptr, size};
    board_syscall_allow_read_write(words);
    return (allow_rw_return_t){.success = succeeded(words), .status = status_of(words)};
}

allow_ro_return_t allow_readonly(uint32_t driver, uint32_t allow, const void *ptr, size_t size) {
    uintptr_t words[4] = {driver, allow, (uintptr_t)ptr, size};
    board_syscall_allow_read_only(words);
    return (allow_ro_return_t){.success = succeeded(words), .status = status_of(words)};
}

allow_userspace_r_return_t allow_userspace_read(uint32_t driver, uint32_t allow, void *ptr, size_t size) {
    uintptr_t words[4] = {driver, allow, (uintptr_t)ptr, size};
    board_syscall_allow_userspace_readable(words);
    return (allow_userspace_r_return_t){.success = succeeded(words), .status = status_of(words)};
}

bool driver_exists(uint32_t driver) {
    return command(driver, 0, 0, 0).type >= TOCK_SYSCALL_SUCCESS;
}
