/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Numbers of bytes as people write them: 500000, 800K, 64M or 2G. */
#ifndef EBB_BYTE_COUNT_H
#define EBB_BYTE_COUNT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Reads all of `text`: digits, and behind them nothing, or K, M or G, which multiply by 1024 once, twice or three
 * times. Returns false, and leaves `bytes` unchanged, if and only if it is anything else or the product does not fit.
 */
bool byte_count_read(const char *text, size_t *bytes);

#endif
