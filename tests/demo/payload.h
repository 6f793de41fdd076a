/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A pattern that fills a block, different for every tag and every place, so that foreign writes and moves show. */
#ifndef EBB_DEMO_PAYLOAD_H
#define EBB_DEMO_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `block` must be aligned to 4 bytes. */
void payload_fill(void *block, size_t size, uint32_t tag);

/* Whether the first `size` bytes of `block` are as payload_fill() left them; it may have filled more. */
bool payload_holds(const void *block, size_t size, uint32_t tag);

bool payload_is_zero(const void *block, size_t size);

#endif
