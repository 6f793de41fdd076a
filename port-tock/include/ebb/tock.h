/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The heap behind malloc in a Tock app. Nothing here has to be called: the heap starts at the first allocation, under
 * the default policy. It is no different from any other heap, and every function of ebb/heap.h takes it, but two: after
 * ebb_destroy(), malloc must not be called; and ebb_set_policy(), under EBB_FIXED without a maximum, leaves the heap
 * with what it has: ebb_tock_set_policy() is the one to call.
 */
#ifndef EBB_TOCK_H
#define EBB_TOCK_H

#include <ebb/heap.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Starts the heap under `policy` (NULL: the default). `fresh_is_zero` says that the kernel clears all memory that it
 * adds, as kernels after April 2026 do, also where the process had it before: calloc then need not clear it again.
 *
 * Returns false if and only if the heap runs already, could not be created, or not be put under the policy: see
 * ebb_create_default() and ebb_set_policy(). A later allocation or start tries again. Costs what these two do, and at
 * most five system calls.
 */
bool ebb_tock_start(const struct ebb_policy *policy, bool fresh_is_zero);

/*
 * Finds out whether the kernel clears memory that it adds, by giving some bytes back and taking them again: what
 * `fresh_is_zero` is to be where the kernel is not known.
 *
 *     ebb_tock_start(NULL, ebb_tock_kernel_clears());
 *
 * Returns true if and only if it could be tried, and what was dirty came back as zero. The break is where it was
 * afterwards, and the heap, if it runs, has not changed. Five system calls.
 */
bool ebb_tock_kernel_clears(void);

/*
 * Replaces the policy of the heap, and starts it under the default policy first if it does not run. EBB_FIXED without a
 * maximum takes all there is up to the grants, or up to the reserve. Returns false if it could not be started, or as
 * ebb_set_policy() does. Costs what that does, and the start of the heap if need be; ebb/tock_store.h says what that
 * takes of system calls.
 */
bool ebb_tock_set_policy(const struct ebb_policy *policy);

/*
 * Hardening level 2 only; at the others, starts the heap and nothing else. What seals the headers of the heap depends
 * on `secret` from now on, which nobody should be able to guess: eight bytes of the board's random number generator.
 * Until then it depends on addresses alone, which are the same each time the app starts: so whoever has the app's
 * binary can forge headers. To be called as early as there is entropy. Starts the heap under the default policy first
 * if it does not run.
 *
 * Returns false, and changes nothing, if the heap could not be started, or as ebb_set_secret() does. Linear in the
 * number of blocks, and the start of the heap if need be.
 */
bool ebb_tock_set_secret(uint64_t secret);

/* The heap, for the functions of ebb/heap.h. Starts it if it does not run, at that cost; NULL if that fails. */
struct ebb_heap *ebb_tock_heap(void);

/*
 * Reserves `bytes` for the grants of drivers that the app uses for the first time from now on, giving back idle memory
 * if it has to, and starts the heap under the default policy first if it does not run. The heap leaves that much free,
 * measured as the board's memory protection rounds its end, until grants take it: a reserve of what all drivers to come
 * need is used up when they all have come. Replaces an earlier reserve; 0 ends it.
 *
 * Returns whether that much is free now. If not, the heap does not grow; what is in use stays. Also false if the heap
 * could not be started. Costs four system calls, what ebb_trim() does, and the start of the heap if need be.
 */
bool ebb_tock_reserve(size_t bytes);

/*
 * Gives back all idle memory at the end of the heap and returns how many bytes the kernel took, as ebb_trim() does; 0
 * if the heap does not run. For an app that is about to use a driver for the first time, or whose driver has answered
 * that there is no memory; ebb_tock_relieve() is for the latter.
 */
size_t ebb_tock_trim(void);

/*
 * Relief, for an app that makes its system calls by itself: to be called with the error code of a subscribe, allow or
 * command that failed, as the kernel has it; libtock-c's drivers return it negated. If that is NOMEM, as when the
 * driver's grant did not fit, gives back what ebb_tock_trim() does. Returns whether there is more room now, so that the
 * call is worth trying again:
 *
 *     do {
 *         error = subscribe_to_my_driver();
 *     } while (error != 0 && ebb_tock_relieve(error));
 *
 * That ends, as soon as nothing is left to give back: so what is tried must not allocate, or it takes each time what
 * the next trim gives back, for ever if the grant never fits. Costs what ebb_trim() does.
 */
bool ebb_tock_relieve(uint32_t error);

/* Copies the figures of the heap to `statistics`; all zero if it does not run. Constant. */
void ebb_tock_get_statistics(struct ebb_statistics *statistics);

#ifdef __cplusplus
}
#endif

#endif
