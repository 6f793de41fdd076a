/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Goes before each source of core in the checked library: what is public has another name there, so that heap.c beside
 * this file can stand between the program and core. And core copies memory by functions that no tool looks into.
 */
#ifndef EBB_CHECKED_CORE_NAMES_H
#define EBB_CHECKED_CORE_NAMES_H

#define ebb_create core_create
#define ebb_create_default core_create_default
#define ebb_destroy core_destroy
#define ebb_set_secret core_set_secret
#define ebb_set_fault_handler core_set_fault_handler
#define ebb_set_policy core_set_policy
#define ebb_get_policy core_get_policy
#define ebb_alloc core_alloc
#define ebb_calloc core_calloc
#define ebb_aligned_alloc core_aligned_alloc
#define ebb_realloc core_realloc
#define ebb_free core_free
#define ebb_free_sized core_free_sized
#define ebb_usable_size core_usable_size
#define ebb_trim core_trim
#define ebb_get_statistics core_get_statistics
#define ebb_free_bytes core_free_bytes
#define ebb_largest_free core_largest_free
#define ebb_walk core_walk
#define ebb_check core_check

#define memcpy core_memcpy
#define memmove core_memmove
#define memset core_memset

#endif
