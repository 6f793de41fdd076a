/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Touches, last of all, what the protection forbids: TOUCH says what. Coming back from that is a failure. */
#include <board.h>

#define TOUCH_RETURNED 1 /* the first byte that is not reachable after the break has gone down */
#define TOUCH_GRANT 2    /* the first byte of a grant */
#define TOUCH_KERNEL 3   /* the last byte of the block, which the kernel keeps for itself */
#define TOUCH_CODE 4     /* a write to the app's own code */
#define TOUCH_STACK 5    /* a byte below the stack */
#define TOUCH_EXECUTE 6  /* an instruction in RAM */

#define STEP 2000
#define GRANT_SIZE 600

typedef void function(void);

static uintptr_t returned_memory(void) {
    board_memop(BOARD_MEMOP_SBRK, STEP);
    *(volatile unsigned char *)(board_fact(BOARD_FACT_BREAK) - 1) = 1;
    board_memop(BOARD_MEMOP_SBRK, (uintptr_t)-STEP);
    *(volatile unsigned char *)(board_fact(BOARD_FACT_REACHABLE_END) - 1) = 1;
    return board_fact(BOARD_FACT_REACHABLE_END);
}

static uintptr_t grant(void) {
    board_use_driver(0, GRANT_SIZE);
    return board_fact(BOARD_FACT_GRANTS_START);
}

static uintptr_t forbidden_address(void) {
    switch (TOUCH) {
    case TOUCH_RETURNED:
        return returned_memory();
    case TOUCH_GRANT:
        return grant();
    case TOUCH_KERNEL:
        return board_fact(BOARD_FACT_RAM_END) - 1;
    case TOUCH_CODE:
        return board_memop(BOARD_MEMOP_FLASH_START, 0).value;
    case TOUCH_STACK:
        return board_fact(BOARD_FACT_RAM_START) - 1;
    default:
        return board_fact(BOARD_FACT_BREAK) - 16;
    }
}

int main(void) {
    uintptr_t address = forbidden_address();
    board_print("touching 0x%zx\n", (size_t)address);
    if (TOUCH == TOUCH_EXECUTE) {
        /* Bit 0 says Thumb code on ARM, and is ignored on RISC-V. */
        ((function *)(address | 1))();
    } else {
        *(volatile unsigned char *)address = 1;
    }
    board_print("nothing happened\n");
    return 1;
}
