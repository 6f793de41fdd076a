/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A Tock app, as far as it can be linked without libtock-c: with no C library but this, malloc has to be ebb's. */
#include <ebb/tock.h>

void *malloc(size_t size);
void free(void *block);
int *__errno(void);

/* Where newlib keeps errno. */
int *__errno(void) {
    static int error;
    return &error;
}

int main(void) {
    char *volatile block = malloc(100);
    free(block);
    return (int)ebb_tock_trim();
}
