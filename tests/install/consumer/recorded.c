/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Records what it allocates; on a host the recording comes out of standard output. With or without a fixed end. */
#include <ebb/buffer_store.h>
#include <ebb/fixed.h>
#include <ebb/recorder.h>

#if __STDC_HOSTED__
#include <stdio.h>
#endif

static void put_out(void *context, const void *bytes, size_t size) {
    (void)context;
#if __STDC_HOSTED__
    fwrite(bytes, 1, size, stdout);
#else
    (void)bytes;
    (void)size;
#endif
}

static unsigned char memory[2048];

static struct ebb_heap *make_heap(void) {
#ifdef WITH_FIXED_END
    return ebb_create_fixed(memory, sizeof memory);
#else
    static struct ebb_buffer_store store;
    ebb_buffer_store_init(&store, memory, sizeof memory);
    return ebb_create(&store.store, NULL);
#endif
}

int main(void) {
    static struct ebb_recorder recorder;
    struct ebb_heap *heap = make_heap();
    if (heap == NULL) {
        return 1;
    }
    ebb_recorder_start(&recorder, heap, put_out, NULL);
    ebb_recorder_wrap(&recorder);
    ebb_free(heap, ebb_alloc(heap, 20));
    ebb_recorder_wrap(NULL);
    ebb_recorder_stop(&recorder);
    /* Start, a snapshot's beginning and end, two calls, and the end. */
    return recorder.events == 6 ? 0 : 1;
}
