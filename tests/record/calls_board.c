/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* An app on an emulated board, which knows its C library's malloc only. */
#include "calls.h"

#include <ebb/tock.h>

#include <board.h>

/* What a C library has in stdlib.h; compilers for RISC-V come without one. */
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *aligned_alloc(size_t alignment, size_t size);
void *realloc(void *block, size_t size);
void free(void *block);

struct ebb_heap *calls_heap(void) {
    return ebb_tock_heap();
}

void *calls_alloc(size_t size) {
    return malloc(size);
}

void *calls_calloc(size_t size) {
    return calloc(1, size);
}

void *calls_aligned_alloc(size_t alignment, size_t size) {
    return aligned_alloc(alignment, size);
}

void *calls_realloc(void *block, size_t size) {
    return realloc(block, size);
}

void calls_free(void *block) {
    free(block);
}

/* begin: output */
void calls_put_out(void *context, const void *bytes, size_t size) {
    (void)context;
    board_write(bytes, size);
}
/* end: output */

void calls_say(const char *name, uint32_t first, uint32_t second) {
    board_print("@%s %u %u\n", name, (unsigned)first, (unsigned)second);
}

uint32_t calls_instructions(void) {
#if BOARD_COUNTS_INSTRUCTIONS
    return board_instructions() - (uint32_t)board_fact(BOARD_FACT_KERNEL_INSTRUCTIONS);
#else
    return 0;
#endif
}
