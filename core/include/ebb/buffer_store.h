/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A backing store on a plain buffer, for bare metal and for tests. */
#ifndef EBB_BUFFER_STORE_H
#define EBB_BUFFER_STORE_H

#include <ebb/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The caller owns both the buffer and this record of it, and keeps both for as long as the heap lives. */
struct ebb_buffer_store {
    struct ebb_store store; /* what ebb_create() takes */
    unsigned char *buffer;  /* its start */
    size_t size;            /* bytes of the buffer */
    size_t used;            /* bytes, counted from the start of the buffer, that the heap holds */
};

/*
 * Makes `self` a store that grows into `buffer`, of `size` bytes (0 or more), from its start. It gives less than it is
 * asked for when the buffer ends before that, and takes back all that it is offered. Cannot fail. Constant time.
 *
 * None of it is promised to be zero.
 */
void ebb_buffer_store_init(struct ebb_buffer_store *self, void *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
