/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The heap of an app, of which there is one. */
#ifndef EBB_SOURCE_APP_HEAP_H
#define EBB_SOURCE_APP_HEAP_H

#include <ebb/tock.h>
#include <ebb/tock_store.h>

/* All that this port keeps in static memory. NULL: not started. Zero at the start of the app, before any code runs. */
extern struct ebb_heap *ebb_tock_app_heap;

/* Its store: right below it. The heap has to run. */
static inline struct ebb_tock_store *ebb_tock_app_store(void) {
    return (struct ebb_tock_store *)ebb_tock_app_heap - 1;
}

#endif
