/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A scheduler that only counts how deep it is suspended; what the kernel would call when something is wrong. */
#include "FreeRTOS.h"
#include "task.h"

#include <stdio.h>
#include <stdlib.h>

static unsigned suspended;

void vTaskSuspendAll(void) {
    suspended += 1;
}

BaseType_t xTaskResumeAll(void) {
    if (suspended == 0) {
        puts("The scheduler was resumed without being suspended.");
        exit(1);
    }
    suspended -= 1;
    return 0;
}

/* The hook is the application's: it runs with the scheduler as it was. */
void vApplicationMallocFailedHook(void) {
    printf("The hook for failed allocations is called, the scheduler %s.\n", suspended == 0 ? "runs" : "is suspended");
}

void example_assert(bool holds, const char *condition) {
    if (!holds) {
        printf("Assertion failed: %s; the scheduler %s.\n", condition, suspended == 0 ? "runs" : "is suspended");
    }
}
