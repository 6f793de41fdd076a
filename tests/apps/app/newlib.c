/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What newlib's allocators lack beside a C library that is not newlib. */
#include <stddef.h>

#include "system.h"

struct _reent;

void *_sbrk_r(struct _reent *thread, ptrdiff_t increment);
size_t _malloc_usable_size_r(struct _reent *thread, void *block);
size_t malloc_usable_size(void *block);

void *_sbrk_r(struct _reent *thread, ptrdiff_t increment) {
    (void)thread;
    return sbrk(increment);
}

size_t malloc_usable_size(void *block) {
    return _malloc_usable_size_r(NULL, block);
}
