/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Lets the app's malloc live beside that of the machine the test runs on. To be included after all other headers. */
#ifndef EBB_TEST_RENAMED_H
#define EBB_TEST_RENAMED_H

#define malloc app_malloc
#define free app_free
#define calloc app_calloc
#define realloc app_realloc
#define reallocarray app_reallocarray
#define memalign app_memalign
#define aligned_alloc app_aligned_alloc
#define posix_memalign app_posix_memalign
#define malloc_usable_size app_malloc_usable_size
#define malloc_trim app_malloc_trim

#endif
