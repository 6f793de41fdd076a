/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A secret for the seals of hardening level 2, from the random number generator of the system. */
#ifndef EBB_HOST_SECRET_H
#define EBB_HOST_SECRET_H

#include <ebb/heap.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Hardening level 2 only; else does nothing and returns true. Gives `heap` a secret that nobody can guess, as
 * ebb_set_secret() does, best right after ebb_create(). After fork() both processes have the same one.
 *
 * Returns false, and changes nothing, if and only if the system has no random bytes yet, as early when it boots, or
 * ebb_set_secret() does. Never waits, and keeps errno. One system call, and linear in the number of blocks.
 */
bool ebb_host_set_secret(struct ebb_heap *heap);

#ifdef __cplusplus
}
#endif

#endif
