/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A heap in a buffer, of which others take parts too: for any geometry, on the host and on the boards. */
#include "place.h"

static unsigned char buffer[24576];
static size_t end;

static struct ebb_span grow(void *context, size_t size) {
    (void)context;
    size_t given = size < sizeof buffer - end ? size : 0;
    end += given;
    return (struct ebb_span){.start = buffer + end - given, .size = given};
}

static const struct ebb_store store = {.grow = grow};

struct ebb_heap *place_heap(void) {
    return ebb_create(&store, NULL);
}

void place_take(size_t bytes) {
    end += bytes;
}
