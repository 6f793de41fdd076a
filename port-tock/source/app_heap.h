/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The heap of an app, of which there is one. */
#ifndef EBB_SOURCE_APP_HEAP_H
#define EBB_SOURCE_APP_HEAP_H

#include <ebb/tock.h>

/* All that this port keeps in static memory. NULL: not started. Zero at the start of the app, before any code runs. */
extern struct ebb_heap *ebb_tock_app_heap;

/* The heap, started under the default policy if it does not run yet; NULL if that fails, to be tried again. */
static inline struct ebb_heap *ebb_tock_running_heap(void) {
    struct ebb_heap *heap = ebb_tock_app_heap;
    return heap != NULL ? heap : ebb_tock_heap();
}

#endif
