/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A backing store on shared memory: the heap's region is a file that other processes can map, at any address. */
#ifndef SHARED_STORE_H
#define SHARED_STORE_H

#include <ebb/store.h>

struct shared_store {
    struct ebb_store store;
    unsigned char *base; /* where it is mapped here, with room for the largest size */
    size_t reserved;
    size_t size; /* of the file, which is the heap's region */
    int file;
};

/* Returns whether there is one now, empty, that can grow to `reserved` bytes. */
bool shared_store_init(struct shared_store *self, const char *name, size_t reserved);

void shared_store_destroy(struct shared_store *self);

#endif
