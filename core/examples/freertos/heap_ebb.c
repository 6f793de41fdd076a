/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * FreeRTOS: the heap of a kernel. Compile this in place of the kernel's own heap_1.c to heap_4.c, together with the
 * core of ebb that has a fixed end, in the geometry of 16-bit numbers for heaps of up to 128 KiB, or else with
 * EBB_NUMBER_BITS=32. Where the kernel's portBYTE_ALIGNMENT is 16, as on RISC-V, compile the core with EBB_GRANULE=16.
 *
 * Settings of FreeRTOSConfig.h that count here: configTOTAL_HEAP_SIZE, configAPPLICATION_ALLOCATED_HEAP and
 * configUSE_MALLOC_FAILED_HOOK.
 */
#include "FreeRTOS.h"
#include "task.h"

#include <ebb/fixed.h>

#if defined(configAPPLICATION_ALLOCATED_HEAP) && configAPPLICATION_ALLOCATED_HEAP == 1
extern uint8_t ucHeap[configTOTAL_HEAP_SIZE];
#else
static _Alignas(8) uint8_t ucHeap[configTOTAL_HEAP_SIZE];
#endif

static struct ebb_heap *heap;
static size_t least_free;
static size_t allocations;
static size_t frees;

/* Not ebb_free_bytes(), which looks at each block: this is asked for at each allocation. */
static size_t free_bytes(void) {
    struct ebb_statistics figures;
    ebb_get_statistics(heap, &figures);
    const struct ebb_geometry geometry = ebb_get_geometry();
    return figures.region_bytes - geometry.control_block - geometry.header - figures.live_bytes;
}

/* A double free, or a pointer that never came from here. */
static void on_fault(void *context, enum ebb_fault fault, const void *address) {
    (void)context;
    (void)address;
    configASSERT(fault == 0);
}

/* At the first allocation, as the kernel has no call for it. Needs the scheduler suspended. */
static bool heap_is_there(void) {
    if (heap == NULL) {
        heap = ebb_create_fixed(ucHeap, sizeof ucHeap);
        if (heap == NULL) {
            return false;
        }
        configASSERT(ebb_get_geometry().granule % portBYTE_ALIGNMENT == 0);
        configASSERT(sizeof ucHeap <= ebb_get_geometry().largest_region);
        ebb_set_fault_handler(heap, on_fault, NULL);
        least_free = free_bytes();
    }
    return true;
}

static void *end_allocation(void *block) {
    if (block != NULL) {
        allocations += 1;
        const size_t now_free = free_bytes();
        least_free = now_free < least_free ? now_free : least_free;
    }
    (void)xTaskResumeAll();
#if defined(configUSE_MALLOC_FAILED_HOOK) && configUSE_MALLOC_FAILED_HOOK == 1
    if (block == NULL) {
        vApplicationMallocFailedHook();
    }
#endif
    return block;
}

/* begin: allocate */
void *pvPortMalloc(size_t size) {
    vTaskSuspendAll();
    return end_allocation(heap_is_there() ? ebb_alloc(heap, size) : NULL);
}
/* end: allocate */

void *pvPortCalloc(size_t count, size_t size) {
    vTaskSuspendAll();
    return end_allocation(heap_is_there() ? ebb_calloc(heap, count, size) : NULL);
}

void vPortFree(void *block) {
    if (block == NULL) {
        return;
    }
    vTaskSuspendAll();
    if (heap_is_there()) {
        ebb_free(heap, block);
        frees += 1;
    }
    (void)xTaskResumeAll();
}

void vPortInitialiseBlocks(void) {
    /* The kernel's interface has it; there is nothing to do. */
}

/* For an application that starts the scheduler again: the next call makes a new heap. */
void vPortHeapResetState(void) {
    heap = NULL;
    allocations = 0;
    frees = 0;
}

size_t xPortGetFreeHeapSize(void) {
    vTaskSuspendAll();
    const size_t size = heap_is_there() ? free_bytes() : 0;
    (void)xTaskResumeAll();
    return size;
}

size_t xPortGetMinimumEverFreeHeapSize(void) {
    vTaskSuspendAll();
    const size_t size = heap_is_there() ? least_free : 0;
    (void)xTaskResumeAll();
    return size;
}

void xPortResetHeapMinimumEverFreeHeapSize(void) {
    vTaskSuspendAll();
    least_free = heap_is_there() ? free_bytes() : 0;
    (void)xTaskResumeAll();
}

static bool count_free(void *context, const struct ebb_block *block) {
    HeapStats_t *stats = context;
    const bool is_free = block->kind == EBB_BLOCK_FREE || (block->kind == EBB_BLOCK_TOP && block->size > 0);
    if (is_free) {
        stats->xNumberOfFreeBlocks += 1;
        if (block->size > stats->xSizeOfLargestFreeBlockInBytes) {
            stats->xSizeOfLargestFreeBlockInBytes = block->size;
        }
        if (block->size < stats->xSizeOfSmallestFreeBlockInBytes) {
            stats->xSizeOfSmallestFreeBlockInBytes = block->size;
        }
    }
    return true;
}

/* Takes as long as there are blocks, with the scheduler suspended, as in the kernel's own heaps. */
void vPortGetHeapStats(HeapStats_t *stats) {
    *stats = (HeapStats_t){0};
    vTaskSuspendAll();
    if (heap_is_there()) {
        stats->xSizeOfSmallestFreeBlockInBytes = SIZE_MAX;
        ebb_walk(heap, count_free, stats);
        if (stats->xNumberOfFreeBlocks == 0) {
            stats->xSizeOfSmallestFreeBlockInBytes = 0;
        }
        stats->xAvailableHeapSpaceInBytes = free_bytes();
        stats->xMinimumEverFreeBytesRemaining = least_free;
        stats->xNumberOfSuccessfulAllocations = allocations;
        stats->xNumberOfSuccessfulFrees = frees;
    }
    (void)xTaskResumeAll();
}
