/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The allocation functions of a C library, and how it is told of an error. Declared here instead of taken from its
 * headers, because compilers for RISC-V come without a C library, and apps bring newlib in versions of their own.
 * picolibc is known by its header; EBB_TOCK_NO_ERRNO serves any other library.
 */
#ifndef EBB_SOURCE_LIBC_H
#define EBB_SOURCE_LIBC_H

#include <stddef.h>

void *malloc(size_t size);
void free(void *block);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void *reallocarray(void *block, size_t count, size_t size);
void *memalign(size_t alignment, size_t size);
void *aligned_alloc(size_t alignment, size_t size);
int posix_memalign(void **block, size_t alignment, size_t size);
size_t malloc_usable_size(void *block);
int malloc_trim(size_t padding);

/*
 * What newlib's own functions call: each is given the thread's record of what is global elsewhere, errno among it. An
 * app has one thread, and so one record, the one that __errno() leads into. So it need not be looked at.
 */
struct _reent;

void *_malloc_r(struct _reent *thread, size_t size);
void _free_r(struct _reent *thread, void *block);
void *_calloc_r(struct _reent *thread, size_t count, size_t size);
void *_realloc_r(struct _reent *thread, void *block, size_t size);
void *_memalign_r(struct _reent *thread, size_t alignment, size_t size);
size_t _malloc_usable_size_r(struct _reent *thread, void *block);
int _malloc_trim_r(struct _reent *thread, size_t padding);

/* ---- errno ---- */

/* As newlib and picolibc number them. */
enum { EBB_TOCK_ENOMEM = 12, EBB_TOCK_EINVAL = 22 };

#if defined(EBB_TOCK_NO_ERRNO)

static inline void ebb_tock_set_errno(int error) {
    (void)error;
}

#elif __has_include(<picolibc.h>)

#include <errno.h>

static inline void ebb_tock_set_errno(int error) {
    errno = error;
}

#else

/*
 * Where newlib keeps errno. A weak declaration would serve every C library, but not on Cortex-M: the start-up code of
 * an app adds the address of its memory to every address of data, also to that of a function that is not there.
 */
int *__errno(void);

static inline void ebb_tock_set_errno(int error) {
    *__errno() = error;
}

#endif

#endif
