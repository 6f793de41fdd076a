/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * What valgrind's memcheck and the address sanitizer are told of a heap. Which of them watches, if any, shows when the
 * program runs. Without either, a call of these costs a few instructions and does nothing.
 */
#ifndef EBB_CHECKED_WATCH_H
#define EBB_CHECKED_WATCH_H

#include <stdbool.h>
#include <stddef.h>

/* Between these, the calling thread may touch all memory. They do not nest. */
void watch_pause(void);
void watch_resume(void);

/* No program may touch this memory of a heap. */
void watch_hide(const void *start, size_t size);

/* The memory is no longer of a heap. */
void watch_forget(const void *start, size_t size);

/* A block came to be, for the program to use `size` bytes of it. */
void watch_alloc(const void *block, size_t size, bool is_zero);

/* A block is gone, which had `room` bytes up to the next one. */
void watch_free(const void *block, size_t room);

/* The program has been told that all `room` bytes of a block, of which it asked for `size`, may be used. */
void watch_widen(const void *block, size_t size, size_t room);

/* How many of the first `room` bytes of a block the program may use: what it asked for. `room` if nobody watches. */
size_t watch_size(const void *block, size_t room);

/* Which bytes of a block the program has written, while the block is resized; nothing if nobody wants to know. */
struct watch_written {
    unsigned char *bits; /* NULL: not known */
    size_t size;         /* bytes of the block */
};

/* What is known of the `size` bytes that the program may use of a block, before it is resized. */
struct watch_written watch_written(const void *block, size_t size);

/* `old`, of `old_room` bytes up to the next block, has become `block`, of `size` bytes for the program. */
void watch_resized(const void *old, size_t old_room, const void *block, size_t size, struct watch_written written);

/* The block was not resized: gives up what was known of it. */
void watch_not_resized(struct watch_written written);

#endif
