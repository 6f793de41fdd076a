/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The numbers that sites have in a trace: each chain of callers is a site. Memory: at most 5 MB, as they are needed. */
#ifndef EBB_RECORD_SITES_H
#define EBB_RECORD_SITES_H

#include <stdbool.h>
#include <stdint.h>

#include "callers.h"

enum { SITES_MOST = 65536 };

/* The number of a site, from 1; 0 if there are SITES_MOST others. `*is_new` says whether it never came before. */
uint32_t sites_number(const struct callers *callers, bool *is_new);

/* Begins anew. */
void sites_forget(void);

#endif
