/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A backing store on virtual memory, for hosted systems with mmap(). */
#ifndef EBB_HOST_STORE_H
#define EBB_HOST_STORE_H

#include <ebb/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A range of addresses is reserved once, so that nobody else can settle behind the region. Only the pages below the
 * end are there: a touch of anything from the end on is a fault (SIGSEGV), and pages given back are really given back
 * to the system and come back zero. The end moves by whole pages: a grow adds more than asked for, a shrink takes
 * less, where the size is no multiple of a page. A grow close to the end of the range adds what is left of it.
 * A maximum should end with a page, or nothing goes back any more once the heap has had all of it: see ebb/store.h.
 *
 * The caller owns this record and keeps it for as long as the heap lives. After fork() the child has a store of its
 * own with the same content.
 */
struct ebb_host_store {
    struct ebb_store store; /* what ebb_create() takes */
    unsigned char *base;    /* start of the range */
    size_t reserved;        /* bytes of the range */
    size_t committed;       /* bytes, counted from the start of the range, that the heap holds */
};

/*
 * Reserves addresses for `size` bytes, rounded up to whole pages, and makes `self` an empty store on them. Reserving
 * takes no memory: it counts against a limit on addresses (RLIMIT_AS), not against the memory of the system.
 *
 * Returns 0, or what mmap() left in errno: ENOMEM if there are not that many addresses in one piece, EINVAL if `size`
 * is 0. Then `self` is unchanged. One system call.
 */
int ebb_host_store_init(struct ebb_host_store *self, size_t size);

/*
 * Gives back the whole range, whatever the heap holds, and makes `self` a store that refuses everything. Returns 0, or
 * what munmap() left in errno; then nothing has changed. One system call.
 */
int ebb_host_store_destroy(struct ebb_host_store *self);

#ifdef __cplusplus
}
#endif

#endif
