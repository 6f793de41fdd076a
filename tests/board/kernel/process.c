/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "process.h"

#include "layout.h"
#include "machine.h"

/* What the kernel's own part of each grant needs, and most drivers no more. */
#define GRANT_ALIGNMENT sizeof(uintptr_t)

struct process process;

static void fill_bytes(uintptr_t start, uintptr_t end, unsigned char value) {
    /* Volatile, or the compiler calls the app's memset. */
    for (volatile unsigned char *byte = (unsigned char *)start; byte < (unsigned char *)end; byte++) {
        *byte = value;
    }
}

/* In words where possible: the emulator looks up the protection at each touch of a page in which it changes. */
static void fill(uintptr_t start, uintptr_t end, unsigned char value) {
    uintptr_t first = (start + sizeof(uint32_t) - 1) / sizeof(uint32_t) * sizeof(uint32_t);
    uintptr_t at = first < end ? first : end;
    fill_bytes(start, at, value);
    for (; end - at >= sizeof(uint32_t); at += sizeof(uint32_t)) {
        *(volatile uint32_t *)at = value * UINT32_C(0x01010101);
    }
    fill_bytes(at, end, value);
}

size_t process_largest_block(void) {
    return (size_t)(board_ram_end - board_ram_start);
}

static size_t block_size(void) {
    return (size_t)(process.block_end - process.block_start);
}

static size_t chosen_block_size(size_t bytes) {
    if (bytes == 0) {
        return process.block_end == 0 ? process_largest_block() : block_size();
    }
    size_t rounded = protection_block_size(bytes);
    return rounded > process_largest_block() ? process_largest_block() : rounded;
}

/* The end of what the app can touch if its break is `app_break`. */
static uintptr_t rounded_end(uintptr_t app_break) {
    size_t granule = protection_granule(block_size());
    return (app_break + granule - 1) & ~(uintptr_t)(granule - 1);
}

/* Whether the app can have this break beside grants from `grants_start` on; if so, it is programmed. */
static bool protect(uintptr_t app_break, uintptr_t grants_start) {
    uintptr_t end = rounded_end(app_break);
    if (end > grants_start) {
        return false;
    }
    /* So that a write to it can be found. */
    if (!protection_is_real() && end < process.reachable_end) {
        fill(end, process.reachable_end, BOARD_RAM_FILL);
    }
    process.reachable_end = end;
    protection_set(process.block_start, block_size(), end);
    return true;
}

static void lay_out(void) {
    process.app_break = (uintptr_t)board_stack_top;
    process.allow_high_water_mark = process.block_start;
    process.kernel_memory_break = process.block_end - BOARD_KERNEL_OWNED;
    process.reachable_end = process.kernel_memory_break;
    for (size_t index = 0; index < BOARD_DRIVER_GRANT_COUNT; index++) {
        process.has_grant[index] = false;
    }
    fill(process.kernel_memory_break, process.block_end, BOARD_GRANT_FILL);
    protect(process.app_break, process.kernel_memory_break);
}

void process_reset(size_t bytes) {
    size_t size = chosen_block_size(bytes);
    process.block_start = (uintptr_t)board_ram_start;
    process.block_end = process.block_start + size;
    fill(process.block_start, process.block_end, BOARD_RAM_FILL);
    process.zeroing = true;
    lay_out();
}

void process_restart(void) {
    process.restarts++;
    lay_out();
}

bool process_brk(uintptr_t new_break) {
    if (new_break < process.allow_high_water_mark || new_break >= process.block_end) {
        return false;
    }
    if (new_break > process.kernel_memory_break) {
        return false;
    }
    if (!protect(new_break, process.kernel_memory_break)) {
        return false;
    }
    if (process.zeroing && new_break > process.app_break) {
        fill(process.app_break, new_break, 0);
    }
    process.app_break = new_break;
    return true;
}

bool process_ensure_grant(size_t index, size_t bytes) {
    if (process.has_grant[index]) {
        return true;
    }
    if (bytes > block_size()) {
        return false;
    }
    uintptr_t start = (process.kernel_memory_break - bytes) & ~(uintptr_t)(GRANT_ALIGNMENT - 1);
    if (start < process.app_break || start > process.kernel_memory_break) {
        return false;
    }
    if (!protect(process.app_break, start)) {
        return false;
    }
    fill(start, process.kernel_memory_break, BOARD_GRANT_FILL);
    process.kernel_memory_break = start;
    process.has_grant[index] = true;
    process.grants++;
    return true;
}

bool process_add_grant(size_t bytes) {
    for (size_t index = 0; index < BOARD_DRIVER_GRANT_COUNT; index++) {
        if (!process.has_grant[index]) {
            return process_ensure_grant(index, bytes);
        }
    }
    return false;
}

static bool lies_within(uintptr_t address, size_t size, uintptr_t start, uintptr_t end) {
    return address >= start && address <= end && size <= end - address;
}

bool process_owns(uintptr_t address, size_t size) {
    return lies_within(address, size, process.block_start, process.app_break);
}

bool process_owns_flash(uintptr_t address, size_t size) {
    return lies_within(address, size, (uintptr_t)board_flash_start, (uintptr_t)board_flash_end);
}

void process_pin(uintptr_t buffer_end) {
    if (buffer_end > process.allow_high_water_mark) {
        process.allow_high_water_mark = buffer_end;
        process.pins++;
    }
}

/* The first byte in [start, end) that has another value; 0 if there is none. */
static uintptr_t find_other(uintptr_t start, uintptr_t end, unsigned char value) {
    for (uintptr_t address = start; address < end; address++) {
        if (*(const unsigned char *)address != value) {
            return address;
        }
    }
    return 0;
}

bool process_grants_intact(void) {
    return find_other(process.kernel_memory_break, process.block_end, BOARD_GRANT_FILL) == 0;
}

uintptr_t process_stray_write(void) {
    if (protection_is_real()) {
        return 0;
    }
    uintptr_t nobodys = find_other(process.reachable_end, process.kernel_memory_break, BOARD_RAM_FILL);
    uintptr_t granted = find_other(process.kernel_memory_break, process.block_end, BOARD_GRANT_FILL);
    return nobodys != 0 ? nobodys : granted;
}
