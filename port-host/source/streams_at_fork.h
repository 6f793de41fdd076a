/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The list of the C library's streams, at fork(). glibc locks it for that, after all handlers; and who holds it waits
 * for streams, whose readers allocate. So a handler that locks what allocation needs has to lock the list before, or
 * three threads may wait for each other: one that forks, one in fflush(NULL), one in getline().
 *
 * The lock is recursive, and its functions are visible in each glibc, but in none of its headers. A C library without
 * them has no such order.
 */
#ifndef EBB_STREAMS_AT_FORK_H
#define EBB_STREAMS_AT_FORK_H

#include <stddef.h>

void glibc_lock_streams(void) __asm__("_IO_list_lock") __attribute__((weak));
void glibc_unlock_streams(void) __asm__("_IO_list_unlock") __attribute__((weak));
void glibc_reset_streams(void) __asm__("_IO_list_resetlock") __attribute__((weak));

static inline void streams_lock_before_fork(void) {
    if (glibc_lock_streams != NULL) {
        glibc_lock_streams();
    }
}

static inline void streams_unlock_in_parent(void) {
    if (glibc_unlock_streams != NULL) {
        glibc_unlock_streams();
    }
}

/* Where there was one thread only, the C library has left it as it was. */
static inline void streams_unlock_in_child(void) {
    if (glibc_reset_streams != NULL) {
        glibc_reset_streams();
    }
}

#endif
