/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "answer.h"
#include "bench.h"
#include "layout.h"
#include "process.h"
#include "syscall.h"

static bool move_break(uintptr_t new_break) {
    uintptr_t old_break = process.app_break;
    uintptr_t old_end = process.reachable_end;
    bool moved = !bench_refuses(new_break) && process_brk(new_break);
    bench_count_break_call(moved, old_break, old_end);
    return moved;
}

static void brk(uintptr_t words[4]) {
    bench_meddle();
    if (move_break(words[1])) {
        answer_success(words);
    } else {
        answer_failure(words, BOARD_ERROR_NOMEM);
    }
}

static void sbrk(uintptr_t words[4]) {
    bench_meddle();
    uintptr_t old_break = process.app_break;
    if (move_break(old_break + words[1])) {
        answer_pointer(words, old_break);
    } else {
        answer_failure(words, BOARD_ERROR_NOMEM);
    }
}

void syscall_memop(uintptr_t words[4]) {
    switch (words[0]) {
    case BOARD_MEMOP_BRK:
        brk(words);
        break;
    case BOARD_MEMOP_SBRK:
        sbrk(words);
        break;
    case BOARD_MEMOP_RAM_START:
        answer_pointer(words, process.block_start);
        break;
    case BOARD_MEMOP_RAM_END:
        answer_pointer(words, process.block_end);
        break;
    case BOARD_MEMOP_FLASH_START:
        answer_pointer(words, (uintptr_t)board_flash_start);
        break;
    case BOARD_MEMOP_FLASH_END:
        answer_pointer(words, (uintptr_t)board_flash_end);
        break;
    case BOARD_MEMOP_GRANTS_START:
        answer_address(words, process.kernel_memory_break);
        break;
    case BOARD_MEMOP_FLASH_REGIONS:
        answer_value(words, 0);
        break;
    case BOARD_MEMOP_FLASH_REGION_START:
    case BOARD_MEMOP_FLASH_REGION_END:
        answer_failure(words, BOARD_ERROR_FAIL);
        break;
    case BOARD_MEMOP_STACK_TOP:
    case BOARD_MEMOP_HEAP_START:
        answer_success(words);
        break;
    default:
        answer_failure(words, BOARD_ERROR_NOSUPPORT);
        break;
    }
}
