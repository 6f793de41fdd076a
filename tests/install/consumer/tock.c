/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A Tock app, as far as it can be linked without libtock-c: malloc is to be ebb's. */
#include <ebb/tock.h>
#include <stdlib.h>

int main(void) {
    char *volatile block = malloc(100);
    free(block);
    return (int)ebb_tock_trim();
}
