/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Stands in for the kernel: as much of the interface of FreeRTOS.h, and of an application's FreeRTOSConfig.h, as the
 * heap needs and offers. The kernel's own headers take this one's place in a real program.
 */
#ifndef EXAMPLE_FREERTOS_H
#define EXAMPLE_FREERTOS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef configTOTAL_HEAP_SIZE
#define configTOTAL_HEAP_SIZE ((size_t)8192)
#endif
#define configUSE_MALLOC_FAILED_HOOK 1
#define portBYTE_ALIGNMENT 8
#define configASSERT(condition) example_assert(condition, #condition)

typedef long BaseType_t;

typedef struct {
    size_t xAvailableHeapSpaceInBytes;
    size_t xSizeOfLargestFreeBlockInBytes;
    size_t xSizeOfSmallestFreeBlockInBytes;
    size_t xNumberOfFreeBlocks;
    size_t xMinimumEverFreeBytesRemaining;
    size_t xNumberOfSuccessfulAllocations;
    size_t xNumberOfSuccessfulFrees;
} HeapStats_t;

void *pvPortMalloc(size_t size);
void *pvPortCalloc(size_t count, size_t size);
void vPortFree(void *block);
void vPortInitialiseBlocks(void);
size_t xPortGetFreeHeapSize(void);
size_t xPortGetMinimumEverFreeHeapSize(void);
void xPortResetHeapMinimumEverFreeHeapSize(void);
void vPortGetHeapStats(HeapStats_t *stats);
void vPortHeapResetState(void);

void vApplicationMallocFailedHook(void);
void example_assert(bool holds, const char *condition);

#endif
