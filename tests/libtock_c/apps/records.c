/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Records what it allocates. */
#include <stdio.h>
#include <stdlib.h>

#include <ebb/recorder.h>
#include <ebb/tock.h>

static struct ebb_recorder recorder;

static void *volatile kept;

static void put_out(void *context, const void *bytes, size_t size) {
    (void)context;
    fwrite(bytes, 1, size, stdout);
}

int main(void) {
    ebb_recorder_start(&recorder, ebb_tock_heap(), put_out, NULL);
    ebb_recorder_wrap(&recorder);
    kept = malloc(10);
    free(kept);
    ebb_recorder_wrap(NULL);
    ebb_recorder_stop(&recorder);
    return 0;
}
