/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Lets the library's malloc live beside a sanitizer's, which nothing may replace. Goes before each source of a test. */
#ifndef EBB_TEST_RENAMED_H
#define EBB_TEST_RENAMED_H

#define malloc own_malloc
#define free own_free
#define calloc own_calloc
#define realloc own_realloc
#define reallocarray own_reallocarray
#define memalign own_memalign
#define aligned_alloc own_aligned_alloc
#define posix_memalign own_posix_memalign
#define valloc own_valloc
#define pvalloc own_pvalloc
#define malloc_usable_size own_malloc_usable_size
#define malloc_trim own_malloc_trim

#endif
