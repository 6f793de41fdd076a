/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The one heap of a process, behind one lock.
 *
 * It exists from the first call on, which the dynamic loader makes before any constructor has run, so nothing here
 * depends on one. It outlives every destructor, because the C library allocates and frees until the very end.
 */
#ifndef EBB_PROCESS_HEAP_H
#define EBB_PROCESS_HEAP_H

#include <ebb/heap.h>

#include <stdbool.h>
#include <stddef.h>

/*
 * Waits for the heap and keeps all other threads from it. Returns NULL if the system has no addresses or no memory for
 * a heap, which the next call tries again; process_heap_unlock() is due in any case. Keeps errno.
 */
struct ebb_heap *process_heap_lock(void);

/*
 * Lets other threads go on. Reports the fault that the heap has found since process_heap_lock(), if any, and aborts:
 * a program that frees twice or frees what is not its own has lost track of its memory, and going on makes it worse.
 * Only now, because whoever handles SIGABRT may want to allocate.
 */
void process_heap_unlock(void);

/* Between lock and unlock: has process_heap_unlock() report a pointer that cannot be from here, as there is no heap. */
void process_heap_refuse(const void *block);

/* Limits the region to `maximum` bytes. Returns false and changes nothing if it is larger than that already. */
bool process_heap_limit(size_t maximum);

/* Copies the figures to `statistics`; changes nothing if there is no heap. */
void process_heap_statistics(struct ebb_statistics *statistics);

#endif
