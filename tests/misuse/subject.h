/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The allocator that is misused. One program misuses one subject: subject_ebb.c or subject_libc.c. */
#ifndef MISUSE_SUBJECT_H
#define MISUSE_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A fresh heap. `noise` is what nobody knows beforehand: a subject with a secret makes it of that.
 * Returns false if that cannot be done a second time in one process.
 */
bool subject_begin(uint32_t noise);

/* Whether subject_begin() can be called again. */
bool subject_begins_again(void);

/* As the C library's functions. */
void *subject_alloc(size_t size);
void *subject_calloc(size_t count, size_t size);
void *subject_aligned_alloc(size_t alignment, size_t size);
void *subject_realloc(void *block, size_t size);
void subject_free(void *block);

/* Returns false, and does nothing, if the subject has no such function. */
bool subject_free_sized(void *block, size_t size);

/* The bytes of `block` that may be used. */
size_t subject_usable_bytes(void *block);

/* Gives back what is idle at the end. Returns false if the subject does not do that. */
bool subject_trim(void);

/* Where the heap is now. */
unsigned char *subject_region(void);
size_t subject_region_bytes(void);

/* Whether memory around the heap is as it was at the beginning. */
bool subject_surroundings_are_intact(void);

/* A block in use of a second heap; NULL if the subject has only one. */
void *subject_block_of_another_heap(void);

/* How often the subject has reported a fault since the beginning. */
unsigned subject_reports(void);

#endif
