/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * What an attacker knows who has read the allocator's source, and sees addresses, but no secret: where the bits of a
 * block lie. layout_ebb.c, layout_boundary_tags.c (newlib, glibc) and layout_nano.c (newlib-nano, picolibc) know.
 *
 * A function that forges returns false, and writes nothing, if the subject's blocks have nothing of that kind. Bytes
 * of a block are those from its header to the next block's header.
 */
#ifndef MISUSE_LAYOUT_H
#define MISUSE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of `block`, as its header says. */
size_t layout_block_bytes(const unsigned char *block);

/* The header of `block` now says that it has `bytes`. */
bool layout_forge_size(unsigned char *block, size_t bytes);

/* The header of `block`, its secret part included, starts here. It ends where the payload starts. */
unsigned char *layout_header(unsigned char *block);

/* The same, and its secret part, if it has one, is guessed. */
bool layout_forge_size_and_guess(unsigned char *block, size_t bytes, uint32_t guess);

/* It now says that `block`, which is in use, is free. */
bool layout_forge_free(unsigned char *block);

/* It now says that the block to the left of `block` is free and has `left_bytes`. */
bool layout_forge_left_free(unsigned char *block, size_t left_bytes);

/* A free block's second size, at its end, is `bytes` now. */
bool layout_forge_footer(unsigned char *block, size_t bytes);

/* `place` looks like a block in use of `bytes`, with a left neighbour in use; and so does what follows it. */
bool layout_forge_block(unsigned char *place, size_t bytes);

/* The links of a free block lead to other places. NULL: this one stays. */
bool layout_forge_links(unsigned char *block, unsigned char *prev, unsigned char *next);

/* Where `next` has to lead so that taking the block out of its list writes to `place`. */
unsigned char *layout_link_that_writes(unsigned char *place);

#endif
