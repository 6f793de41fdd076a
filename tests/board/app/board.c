/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include <board.h>

void board_write(const char *text, size_t length) {
    board_command(BOARD_DRIVER_CONSOLE, BOARD_CONSOLE_WRITE, (uintptr_t)text, length);
}

void board_exit(int code) {
    uintptr_t words[4] = {BOARD_EXIT_TERMINATE, (uintptr_t)code, 0, 0};
    board_syscall_exit(words);
    __builtin_unreachable();
}

void board_exit_and_restart(void) {
    uintptr_t words[4] = {BOARD_EXIT_RESTART, 0, 0, 0};
    board_syscall_exit(words);
    __builtin_unreachable();
}

void board_restart(size_t ram_bytes, uintptr_t word) {
    board_command(BOARD_DRIVER_BENCH, BOARD_BENCH_RESTART, ram_bytes, word);
    __builtin_unreachable();
}

static struct board_answer decode(const uintptr_t words[4]) {
    return (struct board_answer){.success = words[0] >= BOARD_SUCCESS, .value = words[1]};
}

struct board_answer board_memop(unsigned operation, uintptr_t argument) {
    uintptr_t words[4] = {operation, argument, 0, 0};
    board_syscall_memop(words);
    return decode(words);
}

struct board_answer board_command(uintptr_t driver, uintptr_t command, uintptr_t first, uintptr_t second) {
    uintptr_t words[4] = {driver, command, first, second};
    board_syscall_command(words);
    return decode(words);
}

static uintptr_t error_of(const uintptr_t words[4]) {
    return words[0] >= BOARD_SUCCESS ? 0 : words[1];
}

uintptr_t board_allow_read_write(uintptr_t driver, void *buffer, size_t size) {
    uintptr_t words[4] = {driver, 0, (uintptr_t)buffer, size};
    board_syscall_allow_read_write(words);
    return error_of(words);
}

uintptr_t board_allow_read_only(uintptr_t driver, const void *buffer, size_t size) {
    uintptr_t words[4] = {driver, 0, (uintptr_t)buffer, size};
    board_syscall_allow_read_only(words);
    return error_of(words);
}

uintptr_t board_allow_userspace_readable(uintptr_t driver, void *buffer, size_t size) {
    uintptr_t words[4] = {driver, 0, (uintptr_t)buffer, size};
    board_syscall_allow_userspace_readable(words);
    return error_of(words);
}

uintptr_t board_subscribe(uintptr_t driver, void (*upcall)(void)) {
    uintptr_t words[4] = {driver, 0, (uintptr_t)upcall, 0};
    board_syscall_subscribe(words);
    return error_of(words);
}

uintptr_t board_use_driver(unsigned index, size_t size) {
    struct board_answer answer = board_command(BOARD_DRIVER_GRANT + index, BOARD_GRANT_USE, size, 0);
    return answer.success ? 0 : answer.value;
}

uintptr_t board_fact(enum board_fact fact) {
    return board_command(BOARD_DRIVER_BENCH, BOARD_BENCH_READ, fact, 0).value;
}

void board_set_zeroing(bool zeroing) {
    board_command(BOARD_DRIVER_BENCH, BOARD_BENCH_ZEROING, zeroing, 0);
}

void board_inject_move(unsigned n, intptr_t bytes) {
    board_command(BOARD_DRIVER_BENCH, BOARD_BENCH_INJECT_MOVE, n, (uintptr_t)bytes);
}

void board_inject_grant(unsigned n, size_t size) {
    board_command(BOARD_DRIVER_BENCH, BOARD_BENCH_INJECT_GRANT, n, size);
}

void board_inject_refusals(unsigned n, unsigned count) {
    board_command(BOARD_DRIVER_BENCH, BOARD_BENCH_INJECT_REFUSE, n, count);
}

void board_limit_break(uintptr_t highest) {
    board_command(BOARD_DRIVER_BENCH, BOARD_BENCH_LIMIT_BREAK, highest, 0);
}
