/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef EBB_REPLAY_JSON_H
#define EBB_REPLAY_JSON_H

#include <stdio.h>

/* Writes `text` as a JSON string, quotation marks included. Bytes that are no UTF-8 are replaced by U+FFFD. */
void json_write_string(FILE *file, const char *text);

#endif
