/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Calls all that allocates, and what the C library has on top of it. */
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ebb/tock.h>

static void *volatile kept;

static void keep_and_free(void *block) {
    kept = block;
    free(block);
}

#if __has_include(<picolibc.h>)
static void use_reentrant(void) {
}
#else
static void use_reentrant(void) {
    kept = _malloc_r(_REENT, 10);
    kept = _realloc_r(_REENT, kept, 20);
    _free_r(_REENT, kept);
    kept = _calloc_r(_REENT, 3, 4);
    _free_r(_REENT, kept);
    kept = _memalign_r(_REENT, 32, 4);
    printf("%u\n", (unsigned)_malloc_usable_size_r(_REENT, kept));
    _free_r(_REENT, kept);
}
#endif

int main(void) {
    struct ebb_statistics figures;
    void *block;
    keep_and_free(malloc(10));
    keep_and_free(calloc(10, 4));
    keep_and_free(realloc(malloc(1), 20));
    keep_and_free(reallocarray(NULL, 20, 2));
    keep_and_free(memalign(32, 10));
    keep_and_free(aligned_alloc(32, 32));
    keep_and_free(valloc(10));
    keep_and_free(strdup("text"));
    if (posix_memalign(&block, 32, 10) == 0) {
        printf("%u\n", (unsigned)malloc_usable_size(block));
        free(block);
    }
    use_reentrant();
    ebb_tock_get_statistics(&figures);
    return errno + (int)figures.live_bytes;
}
