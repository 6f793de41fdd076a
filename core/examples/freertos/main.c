/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What an application sees of the heap: the kernel's functions, and nothing of ebb. */
#include "FreeRTOS.h"

#include <stdio.h>

static void tell(const char *when) {
    HeapStats_t stats;
    vPortGetHeapStats(&stats);
    printf("%-18s %5u bytes free, never fewer than %5u, in %u pieces, the largest of %5u\n", when,
           (unsigned)stats.xAvailableHeapSpaceInBytes, (unsigned)stats.xMinimumEverFreeBytesRemaining,
           (unsigned)stats.xNumberOfFreeBlocks, (unsigned)stats.xSizeOfLargestFreeBlockInBytes);
}

/* As before the scheduler is started again: nobody may free then what was allocated before. */
static void reset(void) {
    void *block = pvPortMalloc(1000);
    vPortHeapResetState();
    tell("Reset:");
    vPortHeapResetState();
    vPortFree(block);
}

int main(void) {
    tell("At the start:");
    const size_t at_start = xPortGetFreeHeapSize();

    /* Control blocks and stacks of three tasks, a queue. */
    void *control[3];
    void *stack[3];
    for (unsigned i = 0; i < 3; i++) {
        control[i] = pvPortMalloc(92);
        stack[i] = pvPortMalloc(1024);
    }
    unsigned char *queue = pvPortCalloc(10, 24);
    tell("Three tasks:");
    printf("The queue is %s.\n", queue != NULL && queue[0] == 0 && queue[239] == 0 ? "clear" : "not clear");

    vPortFree(stack[1]);
    vPortFree(control[1]);
    tell("One task gone:");

    if (pvPortMalloc(configTOTAL_HEAP_SIZE) == NULL) {
        puts("More than there is: refused.");
    }
    vPortFree(stack[1]);

    for (unsigned i = 0; i < 3; i += 2) {
        vPortFree(stack[i]);
        vPortFree(control[i]);
    }
    vPortFree(queue);
    vPortFree(NULL);
    tell("All gone:");

    xPortResetHeapMinimumEverFreeHeapSize();
    const size_t now = xPortGetFreeHeapSize();
    printf("%s\n",
           now == at_start && xPortGetMinimumEverFreeHeapSize() == now ? "Nothing is lost." : "Memory is lost.");
    reset();
    return 0;
}
